    // ---- properties: one beat is followed from the bus to its place in a command, whichever it is ----
    (* anyseq *) wire f_choose;
    reg       f_tracking, f_left;
    reg [7:0] f_in, f_out;            // beats that have come, that have left with their commands
    reg [7:0] f_number, f_byte;       // of the beat that is followed: which it is, its first byte
    wire       f_pop     = out_valid && out_ready;
    wire [7:0] f_place   = f_number - f_out;
    wire       f_leaving = f_tracking && f_pop && f_place < BEATS;
    always @* if (f_started && in_valid) assume (f_in - f_out < WORDS);     // room was promised
    always @(posedge clk) begin
        if (!rst_n) begin
            f_in       <= 8'd0;
            f_out      <= 8'd0;
            f_tracking <= 1'b0;
            f_left     <= 1'b0;
        end else begin
            f_in  <= f_in + in_valid;
            f_out <= f_out + (f_pop ? BEATS : 8'd0);
            if (f_leaving) begin
                f_tracking <= 1'b0;
                f_left     <= 1'b1;
            end else if (!f_tracking && in_valid && f_choose) begin
                f_tracking <= 1'b1;
                f_number   <= f_in;
                f_byte     <= in_data[7:0];
            end
        end
    end
    always @* if (f_started) begin
        // Nothing is handed out before it has come, and everything in its order.
        if (f_pop) assert (f_in - f_out >= BEATS);
        if (f_leaving) assert (out_data[BUS_BYTES*8*f_place +: 8] == f_byte);
        cover (f_left && f_out == 3 * BEATS);
        cover (f_left && count_q == WORDS - BEATS - 1);
    end
