    // ---- properties: one byte is followed from word in to word out, whichever it is ----
    generate
        if (!(IN_BYTES == UNIT_BYTES && OUT_UNITS == 1)) begin : f_repack
            (* anyseq *) wire f_choose;
            (* anyseq *) wire [7:0] f_which;
            reg       f_tracking, f_partial, f_left;
            reg [7:0] f_place, f_byte;
            wire [7:0] f_count = g_repack.count_q;
            wire [7:0] f_take  = g_repack.take;
            wire       f_push  = g_repack.push && !flush_i;
            wire       f_pop   = g_repack.pop;
            wire [7:0] f_kept  = f_count - (f_pop ? f_take : 8'd0);
            // As the header says: units of the next word, a partly used word only before a flush.
            always @* begin
                assume (take_units_i >= 1 && take_units_i <= OUT_UNITS);
                assume (in_bytes_i <= IN_BYTES);
                if (f_started && f_partial) assume (!in_valid);
            end
            always @(posedge clk) begin
                if (!rst_n || flush_i) begin
                    f_tracking <= 1'b0;
                    f_partial  <= 1'b0;
                end else begin
                    if (f_push && in_bytes_i != IN_BYTES) f_partial <= 1'b1;
                    if (f_tracking && f_pop) begin
                        f_tracking <= f_place >= f_take;
                        f_place    <= f_place - f_take;
                    end else if (!f_tracking && f_push && f_choose && f_which < in_bytes_i) begin
                        f_tracking <= 1'b1;
                        f_place    <= f_kept + f_which;
                        f_byte     <= in_data[8*f_which +: 8];
                    end
                end
                f_left <= rst_n && (f_left || (f_tracking && f_pop && f_place < f_take));
            end
            always @* if (f_started) begin
                assert (f_count <= IN_BYTES + OUT_UNITS * UNIT_BYTES);
                if (!f_partial) assert (g_repack.data_q >> (8 * f_count) == 0);
                if (f_tracking) begin
                    assert (f_place < f_count);
                    assert (g_repack.data_q[8*f_place +: 8] == f_byte);
                    // It leaves at its place of the word.
                    if (f_pop && f_place < f_take) assert (out_data[8*f_place +: 8] == f_byte);
                end
                cover (f_left);
            end
        end
    endgenerate
