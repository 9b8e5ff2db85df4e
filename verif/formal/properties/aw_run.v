    // ---- properties: every run ends, every error is kept, a soft reset always leads to IDLE ----
    reg [1:0]  f_state;
    reg        f_reset_before, f_error, f_clear0, f_clear1;
    reg [3:0]  f_code;
    reg [7:0]  f_drained;     // cycles in a row in RESETTING with the bus drained
    reg [31:0] f_quiet;       // cycles in a row in RUN without progress
    reg        f_misaligned_start, f_idle_units, f_trap, f_past;
    always @(posedge clk) begin
        f_past             <= rst_n;
        f_state            <= state_q;
        f_code             <= code_q;
        f_error            <= error_q;
        f_reset_before     <= soft_reset_i;
        f_misaligned_start <= run_start && misaligned;
        f_idle_units       <= units_idle_i && !begin_q && !first_q;
        f_trap             <= trap_i && rst_n && unit_rst_n_q && state_q == RUN && !token_overflow_i
                              && !(|bus_error_i) && !(|command_error_i);
        f_drained <= (rst_n && state_q == RESETTING && drained_i) ? f_drained + 8'd1 : 8'd0;
        f_quiet   <= (rst_n && state_q == RUN && !progress_i) ? f_quiet + 32'd1 : 32'd0;
    end
    reg [31:0] f_limit;
    always @(posedge clk) f_limit <= watchdog_cycles_i;
    always @* if (f_started) begin
        assume (watchdog_cycles_i == f_limit && watchdog_cycles_i < 32'd1000);
    end
    always @* if (f_started && rst_n && f_past) begin
        // RESETTING ends three cycles after the bus has drained.
        assert (f_drained <= 8'd3);
        if (state_q == RESETTING) assert (reset_q == f_drained && reset_q <= 2'd2);
        // RUN without progress ends when the watchdog is on.
        assert (f_quiet == 0 || f_state == RUN);
        if (state_q == RUN) begin
            assert (unit_rst_n_q);
            assert (quiet_q == ((watchdog_cycles_i != 0 && f_quiet > watchdog_cycles_i)
                                ? watchdog_cycles_i : f_quiet));
        end
        if (watchdog_cycles_i != 0) begin
            if (state_q == RUN && f_quiet > watchdog_cycles_i) assert (error_q);
            assert (f_quiet <= watchdog_cycles_i + 32'd2);
        end
        // RUN ends when the units are idle, with the interrupt.
        if (f_state == RUN && f_idle_units && !f_error && !f_reset_before)
            assert (state_q == IDLE && done_q && irq_q[0]);
        // An error stops the run, is kept until a soft reset, and raises its interrupt.
        if (f_state == RUN && f_error && !f_reset_before) assert (state_q == ERROR && irq_q[1]);
        if (f_state == ERROR && !f_reset_before) assert (state_q == ERROR && code_q == f_code);
        if (state_q == ERROR) assert (code_q != 4'd0 && halt_o);
        if (f_reset_before) assert (state_q == RESETTING || f_state == RESETTING);
        // Nothing else leaves IDLE but a start.
        if (f_state == IDLE && state_q == ERROR) assert (f_misaligned_start && code_q == BAD_PROGRAM);
        if (error_q) assert (new_code_q != 4'd0);
        if (f_trap) assert (error_q && new_code_q == OVERFLOW);
        assert (!(begin_q && first_q));
        cover (f_state == RUN && state_q == IDLE);
        cover (f_state == RESETTING && state_q == IDLE);
        cover (state_q == ERROR && code_q == WATCHDOG);
        cover (state_q == ERROR && code_q == OVERFLOW);
    end
    // Units report errors by a code that is not 0.
    integer f_i;
    always @* begin
        for (f_i = 0; f_i < 5; f_i = f_i + 1) if (command_error_i[f_i]) assume (command_error_code_i[f_i*4 +: 4] != 0);
        for (f_i = 0; f_i < 3; f_i = f_i + 1) if (bus_error_i[f_i]) assume (bus_error_code_i[f_i*4 +: 4] != 0);
    end
