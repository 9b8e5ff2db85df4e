    // ---- properties: AXI4 write channels ----
    reg                    f_aw_waits, f_w_waits, f_w_last;
    reg [ADDRESS_BITS-1:0] f_aw_address;
    reg [7:0]              f_aw_len;
    reg [BUS_BYTES*9-1:0]  f_w_word;
    // One burst is followed, whichever it is: its beats come after those of the bursts before it.
    (* anyseq *) wire f_choose;
    reg        f_tracking, f_ended;
    reg [5:0] f_before;      // bursts announced before it that have not ended
    reg [5:0] f_open;        // bursts announced whose last beat has not gone
    reg [5:0] f_answers;     // bursts whose last beat has gone and that have no answer
    reg [5:0] f_beats, f_length;
    wire f_aw   = aw_valid && aw_ready;
    wire f_w    = w_valid && w_ready;
    wire f_w_end = f_w && w_last;
    wire f_b    = b_valid && b_ready;
    always @(posedge clk) begin
        f_aw_waits   <= rst_n && aw_valid && !aw_ready;
        f_aw_address <= aw_address;
        f_aw_len     <= aw_len;
        f_w_waits    <= rst_n && w_valid && !w_ready;
        f_w_word     <= {w_data, w_strb};
        f_w_last     <= w_last;
        if (!rst_n) begin
            f_tracking <= 1'b0;
            f_ended    <= 1'b0;
            f_open     <= 6'd0;
            f_answers  <= 6'd0;
        end else begin
            f_open    <= f_open + f_aw - f_w_end;
            f_answers <= f_answers + f_w_end - f_b;
            if (!f_tracking && f_aw && f_choose) begin
                f_tracking <= 1'b1;
                f_before   <= f_open - f_w_end;
                f_beats    <= 6'd0;
                f_length   <= aw_len + 6'd1;
            end else if (f_tracking && f_w) begin
                if (f_before != 0) f_before <= f_before - f_w_end;
                else begin
                    f_beats <= f_beats + 6'd1;
                    if (w_last) f_tracking <= 1'b0;
                    if (w_last) f_ended <= 1'b1;
                end
            end
        end
    end
    // Any bursts of up to four beats, as the proof of aw_segments has them: an offered one stays.
    localparam F_BURST_BITS = ADDRESS_BITS + BUFFER_BITS + $clog2(BUS_BYTES) + 9;
    wire [F_BURST_BITS-1:0] f_burst_now = {burst_address, burst_buffer, burst_end, burst_len, burst_last};
    reg                     f_burst_waits = 1'b0;
    reg [F_BURST_BITS-1:0]  f_burst;
    always @(posedge clk) begin
        f_burst_waits <= rst_n && burst_valid && !burst_ready;
        f_burst       <= f_burst_now;
    end
    always @* begin
        if (f_burst_waits) assume (burst_valid && f_burst_now == f_burst);
        if (!rst_n) assume (!burst_valid);
        assume (burst_len < 8'd4);
    end
    // Memory answers a burst after its last beat.
    always @* if (f_answers == 6'd0) assume (!b_valid);
    always @* if (f_started && rst_n) begin
        if (f_aw_waits) assert (aw_valid && aw_address == f_aw_address && aw_len == f_aw_len);
        if (f_w_waits) assert (w_valid && {w_data, w_strb} == f_w_word && w_last == f_w_last);
        // As many beats as were announced, the last of them marked.
        if (f_w) assert (f_open != 6'd0);
        if (f_tracking && f_w && f_before == 0) assert (w_last == (f_beats + 6'd1 == f_length));
        if (read_q) assert (beat_fifo_ready);
        // No answer is expected that no burst will bring.
        if (f_answers != 6'd0) assert (b_ready);
        cover (f_ended && f_answers == 6'd2);
    end
