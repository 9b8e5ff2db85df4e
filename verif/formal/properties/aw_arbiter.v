    // ---- properties ----
    (* anyconst *) reg [7:0] f_a, f_b;     // any two ports
    (* anyconst *) reg [7:0] f_bank;       // any bank
    wire f_asks_a = request_i[f_a] && banks_i[f_a*BANKS+f_bank];
    wire f_asks_b = request_i[f_b] && banks_i[f_b*BANKS+f_bank];
    always @* assume (f_a < PORTS && f_b < PORTS && f_a != f_b && f_bank < BANKS);
    // A port that is refused asks for the same again.
    reg [PORTS-1:0]       f_refused;
    reg [PORTS*BANKS-1:0] f_banks;
    integer f_i;
    always @(posedge clk) begin
        f_refused <= rst_n ? request_i & ~grant_o : {PORTS{1'b0}};
        f_banks   <= banks_i;
    end
    always @* begin
        for (f_i = 0; f_i < PORTS; f_i = f_i + 1) begin
            if (f_started && f_refused[f_i]) begin
                assume (request_i[f_i]);
                assume (banks_i[f_i*BANKS +: BANKS] == f_banks[f_i*BANKS +: BANKS]);
            end
        end
    end
    reg [7:0] f_waited;                    // cycles in which port a was refused in a row
    always @(posedge clk) f_waited <= (rst_n && request_i[f_a] && !grant_o[f_a]) ? f_waited + 8'd1 : 8'd0;
    // A turn is served in the order of the ports: each cycle takes one off it.
    reg [7:0] f_before, f_turn;
    always @* begin
        f_before = 8'd0;
        f_turn   = 8'd0;
        for (f_i = 0; f_i < PORTS; f_i = f_i + 1) begin
            if (turn_q[f_i] && f_i < f_a) f_before = f_before + 8'd1;
            if (turn_q[f_i]) f_turn = f_turn + 8'd1;
        end
    end
    always @* if (f_started && rst_n) begin
        assert ((grant_o & ~request_i) == {PORTS{1'b0}});
        assert (!(grant_o[f_a] && grant_o[f_b] && f_asks_a && f_asks_b));
        if (|request_i) assert (|grant_o);
        assert ((turn_q & ~f_refused) == {PORTS{1'b0}});
        if (f_waited != 8'd0) assert (f_refused[f_a]);
        // Nobody starves: at most the rest of a turn, then a whole one.
        if (f_waited != 8'd0 && turn_q[f_a]) assert (f_waited + f_before < 2 * PORTS);
        if (f_waited != 8'd0 && !turn_q[f_a]) assert (f_waited + f_turn <= PORTS && f_turn != 8'd0);
        assert (f_waited < 2 * PORTS);
        cover (f_waited == PORTS - 1);
    end
