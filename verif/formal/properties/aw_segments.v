    // ---- properties: AXI4 A3.4.1, and every byte of a segment once ----
    always @* begin
        assume (run_bytes != 0 && count_x != 0 && count_y != 0);
    end
    reg                    f_waits, f_runs;
    reg [ADDRESS_BITS-1:0] f_address;
    reg [7:0]              f_len;
    reg                    f_last;
    reg [RUN_BITS-1:0]     f_run, f_sent;      // of the segment
    reg [TRANSFER_BITS-1:0] f_transfer;
    always @(posedge clk) begin
        f_waits    <= rst_n && burst_valid && !burst_ready;
        f_address  <= burst_address;
        f_len      <= burst_len;
        f_last     <= burst_last;
        f_runs     <= rst_n && (start_o || (running_q && !idle));
        f_transfer <= transfer_i;
        if (start_o) f_sent <= 0;
        else if (take) f_sent <= fits ? 0 : f_sent + bytes;
    end
    // A command stays at the head until it is taken off.
    always @* if (f_started && f_runs) assume (command_valid && transfer_i == f_transfer);
    wire [ADDRESS_BITS:0] f_begin = {1'b0, burst_address[ADDRESS_BITS-1:BEAT_BITS], {BEAT_BITS{1'b0}}};
    wire [ADDRESS_BITS:0] f_end   = f_begin + ({1'b0, burst_len} + 1) * BUS_BYTES;
    always @* if (f_started && rst_n) begin
        if (f_waits)
            assert (burst_valid && burst_address == f_address && burst_len == f_len && burst_last == f_last);
        // A burst never leaves its block of BURST_BYTES, so never crosses 4 KiB.
        if (burst_valid) assert ((f_end - 1) / BURST_BYTES == f_begin / BURST_BYTES);
        if (active_q) begin
            assert (running_q);
            assert (left_q != 0);
            assert (f_sent + left_q == run_bytes);
            assert (f_sent < run_bytes);
        end
        if (active_q && take && fits) assert (f_sent + bytes == run_bytes);
        assert (!(active_q && !running_q));
        if (valid_q) assert (running_q);
        cover (command_ready && f_last);
        cover (burst_valid && burst_len != 8'd0 && !burst_last);
    end
