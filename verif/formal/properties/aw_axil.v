    // ---- properties: AXI4-Lite, one answer for each access ----
    reg        f_b_waits, f_r_waits;
    reg [1:0]  f_bresp, f_rresp;
    reg [31:0] f_rdata;
    reg [7:0]  f_writes, f_reads, f_write_answers, f_read_answers;
    always @(posedge clk) begin
        f_b_waits <= rst_n && s_axil_bvalid && !s_axil_bready;
        f_r_waits <= rst_n && s_axil_rvalid && !s_axil_rready;
        f_bresp   <= s_axil_bresp;
        f_rresp   <= s_axil_rresp;
        f_rdata   <= s_axil_rdata;
        if (!rst_n) begin
            f_writes        <= 8'd0;
            f_reads         <= 8'd0;
            f_write_answers <= 8'd0;
            f_read_answers  <= 8'd0;
        end else begin
            f_writes        <= f_writes + (s_axil_awvalid && s_axil_awready);
            f_reads         <= f_reads + (s_axil_arvalid && s_axil_arready);
            f_write_answers <= f_write_answers + (s_axil_bvalid && s_axil_bready);
            f_read_answers  <= f_read_answers + (s_axil_rvalid && s_axil_rready);
        end
    end
    always @* if (f_started && rst_n) begin
        if (f_b_waits) assert (s_axil_bvalid && s_axil_bresp == f_bresp);
        if (f_r_waits) assert (s_axil_rvalid && s_axil_rresp == f_rresp && s_axil_rdata == f_rdata);
        assert (s_axil_bvalid == ((f_writes - f_write_answers & 8'hff) == 8'd1));
        assert ((f_writes - f_write_answers & 8'hff) <= 8'd1);
        assert (s_axil_rvalid == ((f_reads - f_read_answers & 8'hff) == 8'd1));
        assert ((f_reads - f_read_answers & 8'hff) <= 8'd1);
        // Address and data of a write are taken together, and only whole words are written.
        assert ((s_axil_awvalid && s_axil_awready) == (s_axil_wvalid && s_axil_wready));
        if (write_o) assert (s_axil_awvalid && s_axil_awready && s_axil_wstrb == 4'hf);
        cover (f_b_waits && f_writes == 8'd3);
        cover (f_r_waits && f_reads == 8'd3);
    end
