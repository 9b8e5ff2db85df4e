    // ---- properties: one word is followed from its push to its pop, whichever it is ----
    (* anyseq *) wire f_choose;
    reg                  f_tracking;
    reg [COUNT_BITS-1:0] f_ahead;     // words that leave before it
    reg [WIDTH-1:0]      f_word;
    reg [7:0]            f_pushed, f_popped;
    reg                  f_left;      // a followed word has left
    wire [7:0] f_sum  = head_q + f_ahead;
    wire [7:0] f_slot = (f_sum >= DEPTH) ? f_sum - DEPTH : f_sum;
    wire [7:0] f_end  = head_q + count_q;
    always @(posedge clk) begin
        if (!rst_n) begin
            f_tracking <= 1'b0;
            f_pushed   <= 8'd0;
            f_popped   <= 8'd0;
            f_left     <= 1'b0;
        end else begin
            f_pushed <= f_pushed + push;
            f_popped <= f_popped + pop;
            if (f_tracking && pop) begin
                f_tracking <= f_ahead != 0;
                f_ahead    <= f_ahead - 1;
                f_left     <= f_left || f_ahead == 0;
            end else if (!f_tracking && push && f_choose) begin
                f_tracking <= 1'b1;
                f_ahead    <= pop ? count_q - 1 : count_q;
                f_word     <= in_data;
            end
        end
    end
    always @* if (f_started) begin
        assert (count_q <= DEPTH && head_q < DEPTH && tail_q < DEPTH);
        assert (tail_q == ((f_end >= DEPTH) ? f_end - DEPTH : f_end));
        // Nothing is lost or doubled.
        assert (count_q == (f_pushed - f_popped & 8'hff));
        if (f_tracking) begin
            assert (f_ahead < count_q);
            assert (mem_q[f_slot] == f_word);
            // It leaves in its turn, unchanged.
            if (pop && f_ahead == 0) assert (out_data == f_word);
        end
        assert (in_ready == (count_q < DEPTH));
        assert (out_valid == (count_q > 0));
        cover (f_left && count_q == DEPTH);
    end
