    // ---- properties: AXI4 addresses; fetched commands always find room ----
    reg                    f_waits;
    reg [ADDRESS_BITS-1:0] f_address;
    reg [7:0]              f_len;
    reg [15:0]             f_owed;             // beats that memory still has to bring
    reg                    f_ran;
    always @(posedge clk) begin
        f_waits   <= rst_n && ar_valid && !ar_ready;
        f_address <= ar_address;
        f_len     <= ar_len;
        f_ran     <= rst_n && (f_ran || start_i);
        f_owed    <= !rst_n ? 16'd0 : f_owed + ((ar_valid && ar_ready) ? ar_len + 16'd1 : 16'd0)
                                      - ((r_valid && r_ready) ? 16'd1 : 16'd0);
    end
    (* anyconst *) reg [ADDRESS_BITS-1:0] f_program;
    always @* begin
        assume (address_i == f_program && f_program[5:0] == 6'd0);
        if (f_owed == 16'd0) assume (!r_valid);
        // A program starts when the one before has ended.
        if (start_i) assume (!f_ran || done_o);
        if (start_i) assume (!ar_valid && f_owed == 16'd0 && !halt_i);
    end
    always @* if (f_started && rst_n) begin
        if (f_waits) assert (ar_valid && ar_address == f_address && ar_len == f_len);
        if (ar_valid) begin
            assert (ar_address[5:0] == 6'd0);
            // Within 256 bytes, so never across 4 KiB.
            assert (ar_address[7:0] + ({1'b0, ar_len} + 9'd1) * BUS_BYTES <= 9'd256);
        end
        if (take && whole_beat) assert (g_commands.fifo_ready);
        assert (r_ready);
        if (drained_o) assert (f_owed == 16'd0);
        cover (done_o && f_ran && index_q == 3);
        cover (two_in_flight);
    end
