    // ---- properties: each counter is what was given less what was taken ----
    reg f_counts;      // no overflow_o so far: then the run ends with an error
    always @(posedge clk) f_counts <= !rst_n || (f_counts && !overflow_o);
    genvar f_to, f_from;
    generate
        for (f_to = 0; f_to < 4; f_to = f_to + 1) begin : f_unit
            // Units start a command only with all its tokens.
            always @* assume (!start_i[f_to] || ok_o[f_to]);
            for (f_from = 0; f_from < 4; f_from = f_from + 1) begin : f_giver
                if (f_from != f_to) begin : f_pair
                    reg [7:0] f_given, f_taken;
                    wire      f_take = start_i[f_to] && wait_i[4*f_to+f_from];
                    always @(posedge clk) begin
                        if (!rst_n) begin
                            f_given <= 8'd0;
                            f_taken <= 8'd0;
                        end else begin
                            f_given <= f_given + signal_i[4*f_from+f_to];
                            f_taken <= f_taken + f_take;
                        end
                    end
                    wire [7:0] f_count = f_given - f_taken;
                    always @* if (f_started) begin
                        if (f_counts) begin
                            assert (g_to[f_to].g_from[f_from].g_counter.count_q == f_count);
                            // Nobody starts on a token that is not there.
                            if (f_take) assert (f_count != 8'd0);
                        end
                    end
                    always @* if (f_started && f_counts) cover (f_taken == 8'd2 && f_count == 8'd1);
                end
            end
        end
    endgenerate
