    // ---- properties: AXI4 A3.2.1, and no address or beat goes to two ----
    reg                    f_waits, f_fetch_waits, f_load_waits;
    reg [ADDRESS_BITS-1:0] f_address, f_fetch_address, f_load_address;
    reg [7:0]              f_len, f_fetch_len, f_load_len;
    reg [1:0]              f_id;
    always @(posedge clk) begin
        f_waits         <= rst_n && m_axi_arvalid && !m_axi_arready;
        f_address       <= m_axi_araddr;
        f_len           <= m_axi_arlen;
        f_id            <= m_axi_arid;
        f_fetch_waits   <= rst_n && fetch_ar_valid && !fetch_ar_ready;
        f_fetch_address <= fetch_ar_address;
        f_fetch_len     <= fetch_ar_len;
        f_load_waits    <= rst_n && load_ar_valid && !load_ar_ready;
        f_load_address  <= load_ar_address;
        f_load_len      <= load_ar_len;
    end
    always @* if (f_started) begin
        if (f_fetch_waits)
            assume (fetch_ar_valid && fetch_ar_address == f_fetch_address && fetch_ar_len == f_fetch_len);
        if (f_load_waits)
            assume (load_ar_valid && load_ar_address == f_load_address && load_ar_len == f_load_len);
    end
    always @* if (f_started && rst_n) begin
        // What is offered stays as it is until it is taken.
        if (f_waits)
            assert (m_axi_arvalid && m_axi_araddr == f_address && m_axi_arlen == f_len && m_axi_arid == f_id);
        if (f_waits) assert (locked_q && load_q == f_id[0]);
        if (!f_waits) assert (!locked_q);
        // One address on the bus is one of exactly one requester.
        assert ((m_axi_arvalid && m_axi_arready)
                == ((fetch_ar_valid && fetch_ar_ready) != (load_ar_valid && load_ar_ready)));
        assert (!(fetch_ar_valid && fetch_ar_ready && load_ar_valid && load_ar_ready));
        if (fetch_ar_valid && fetch_ar_ready)
            assert (m_axi_araddr == fetch_ar_address && m_axi_arid == 2'd0);
        if (load_ar_valid && load_ar_ready)
            assert (m_axi_araddr == load_ar_address && m_axi_arid == 2'd1);
        // A beat goes to the one who asked for it.
        assert ((m_axi_rvalid && m_axi_rready)
                == ((fetch_r_valid && fetch_r_ready) || (load_r_valid && load_r_ready)));
        assert (!(fetch_r_valid && load_r_valid));
        cover (f_waits && f_id == 2'd1 && fetch_ar_valid);
    end
