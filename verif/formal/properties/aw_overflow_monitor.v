    // ---- properties ----
    // One column or lane is followed through all events, whichever it is.
    (* anyconst *) reg [7:0] f_column;
    (* anyconst *) reg [7:0] f_lane;
    reg        f_seen;      // some event since the last clear
    reg        f_bias;
    reg [47:0] f_place;     // of the first
    reg [15:0] f_layer, f_channel;
    reg [39:0] f_count;
    integer f_i;
    reg [39:0] f_number;
    always @* begin
        f_number = 40'd0;
        for (f_i = 0; f_i < COLS; f_i = f_i + 1) if (array_overflow_i[f_i]) f_number = f_number + 40'd1;
        for (f_i = 0; f_i < LANES; f_i = f_i + 1) if (bias_overflow_i[f_i]) f_number = f_number + 40'd1;
        assume (f_column < COLS && f_lane < LANES);
        // Enough for the count to saturate in the induction; no run lasts longer.
        assume (f_count < 40'h8000000000);
    end
    // The lowest index; with COLS and LANES up to 8.
    reg [15:0] f_lowest;
    always @* begin
        f_lowest = 16'd0;
        for (f_i = 7; f_i >= 0; f_i = f_i - 1)
            if ((|array_overflow_i) ? f_i < COLS && array_overflow_i[f_i]
                                    : f_i < LANES && bias_overflow_i[f_i]) f_lowest = f_i;
    end
    always @(posedge clk) begin
        if (!rst_n || clear_i) begin
            f_seen  <= 1'b0;
            f_count <= 40'd0;
        end else begin
            f_count <= f_count + f_number;
            f_seen  <= f_seen || f_number != 40'd0;
            if (!f_seen && f_number != 40'd0) begin
                f_bias    <= !(|array_overflow_i);
                f_place   <= (|array_overflow_i) ? array_tag_i[47:0] : bias_tag_i[47:0];
                f_layer   <= (|array_overflow_i) ? array_tag_i[79:64] : bias_tag_i[79:64];
                f_channel <= ((|array_overflow_i) ? array_tag_i[63:48] : bias_tag_i[63:48]) + f_lowest;
            end
        end
    end
    always @* if (f_started) begin
        // No event is missed, none is invented.
        assert (sticky_o == f_seen);
        assert (count_o == (f_count > 40'hffffffff ? 32'hffffffff : f_count[31:0]));
        assert (f_seen == (f_count != 40'd0));
        if (f_seen) begin
            assert (first_is_bias_o == f_bias);
            assert (first_o == {f_layer, f_channel, f_place});
        end
        assert (event_o == (f_number != 40'd0));
        if (array_overflow_i[f_column] || bias_overflow_i[f_lane]) assert (event_o);
        cover (f_seen && f_bias && f_count > 40'd2);
        cover (f_seen && !f_bias && f_channel == 16'd2);
    end
