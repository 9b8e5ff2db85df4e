// Run control: doorbell, end of program, first error, watchdog, soft reset, interrupts.
//
//   IDLE --start--> RUN --all done--> IDLE (DONE interrupt)
//                    |--error--> ERROR (ERROR interrupt)
//   any --soft reset--> RESETTING --bus drained, units reset--> IDLE
//
// halt_o stops the units from starting anything; what is outstanding on the bus still completes.
// unit_rst_n_o resets everything but the settings.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_run #(
    parameter ADDRESS_BITS = 32,
    parameter INDEX_BITS   = 24
) (
    input  wire                    clk,
    input  wire                    rst_n,
    // Registers
    input  wire                    start_i,
    input  wire                    soft_reset_i,
    input  wire [ADDRESS_BITS-1:0] program_address_i,
    input  wire                    no_commands_i,
    input  wire [31:0]             watchdog_cycles_i,
    input  wire [1:0]              irq_enable_i,
    input  wire [1:0]              irq_clear_i,
    output wire [1:0]              irq_status_o,
    output wire [3:0]              status_o,           // resetting, error, done, busy
    output wire [3:0]              error_code_o,
    output wire [63:0]             error_address_o,
    output wire [20:0]             unit_state_o,
    output wire                    irq_o,
    // Units
    output wire                    unit_rst_n_o,
    output wire                    halt_o,
    output wire                    run_o,
    output wire                    begin_o,            // first cycle of a run
    output wire                    clear_o,            // the same, or of a refused program
    input  wire                    units_idle_i,
    input  wire                    drained_i,
    input  wire                    progress_i,
    input  wire [20:0]             unit_state_i,
    // Errors: with a bus address, with a command index, without address
    input  wire [2:0]              bus_error_i,        // store, load, fetch
    input  wire [11:0]             bus_error_code_i,
    input  wire [3*ADDRESS_BITS-1:0] bus_error_address_i,
    input  wire [4:0]              command_error_i,    // store, vector, compute, load, decode
    input  wire [19:0]             command_error_code_i,
    input  wire [5*INDEX_BITS-1:0] command_error_index_i,
    input  wire                    token_overflow_i,
    input  wire                    trap_i
);
    localparam IDLE = 2'd0, RUN = 2'd1, ERROR = 2'd2, RESETTING = 2'd3;
    localparam [3:0] TOKEN_OVERFLOW = 4'd3, WATCHDOG = 4'd11, OVERFLOW = 4'd12, BAD_PROGRAM = 4'd13;

    reg [1:0]  state_q;
    reg        done_q;
    reg [1:0]  irq_q;
    reg [3:0]  code_q;
    reg [63:0] address_q;
    reg [20:0] unit_state_q;
    reg [1:0]  reset_q;
    reg        begin_q, first_q, clear_q, unit_rst_n_q;

    // ---- watchdog ----
    reg [31:0] quiet_q;
    wire watchdog = watchdog_cycles_i != 32'd0 && quiet_q >= watchdog_cycles_i;
    always @(posedge clk) begin
        if (state_q != RUN || progress_i) quiet_q <= 32'd0;
        else if (!watchdog) quiet_q <= quiet_q + 32'd1;
    end

    // ---- first error, registered; a bus address or a command index goes with it ----
    reg                    error_q, by_index_q;
    reg [3:0]              new_code_q;
    reg [ADDRESS_BITS-1:0] new_address_q;
    reg [INDEX_BITS-1:0]   new_index_q;
    integer i;
    always @(posedge clk) begin
        error_q       <= rst_n && unit_rst_n_q && state_q == RUN
                         && (|bus_error_i || |command_error_i || token_overflow_i || trap_i || watchdog);
        by_index_q    <= 1'b0;
        new_code_q    <= token_overflow_i ? TOKEN_OVERFLOW : trap_i ? OVERFLOW : WATCHDOG;
        new_address_q <= {ADDRESS_BITS{1'b0}};
        new_index_q   <= {INDEX_BITS{1'b0}};
        for (i = 4; i >= 0; i = i - 1) begin
            if (command_error_i[i]) begin
                by_index_q  <= 1'b1;
                new_code_q  <= command_error_code_i[i*4 +: 4];
                new_index_q <= command_error_index_i[i*INDEX_BITS +: INDEX_BITS];
            end
        end
        for (i = 2; i >= 0; i = i - 1) begin
            if (bus_error_i[i]) begin
                by_index_q    <= 1'b0;
                new_code_q    <= bus_error_code_i[i*4 +: 4];
                new_address_q <= bus_error_address_i[i*ADDRESS_BITS +: ADDRESS_BITS];
            end
        end
    end
    wire [ADDRESS_BITS-1:0] command_address =
        program_address_i + {{(ADDRESS_BITS-INDEX_BITS-6){1'b0}}, new_index_q, 6'd0};
    wire [63:0] new_address = {{(128-ADDRESS_BITS-64){1'b0}}, by_index_q ? command_address : new_address_q};
    wire        misaligned  = program_address_i[5:0] != 6'd0;
    wire        run_start   = start_i && state_q == IDLE;

    always @(posedge clk) begin
        if (!rst_n) begin
            state_q      <= IDLE;
            done_q       <= 1'b0;
            irq_q        <= 2'b00;
            code_q       <= 4'd0;
            address_q    <= 64'd0;
            unit_state_q <= 21'd0;
            reset_q      <= 2'd0;
            begin_q      <= 1'b0;
            first_q      <= 1'b0;
            clear_q      <= 1'b0;
            unit_rst_n_q <= 1'b0;
        end else begin
            irq_q        <= irq_q & ~irq_clear_i;
            begin_q      <= 1'b0;
            first_q      <= begin_q;
            clear_q      <= run_start;
            unit_rst_n_q <= !(state_q == RESETTING && drained_i);
            if (state_q != ERROR) unit_state_q <= unit_state_i;
            case (state_q)
                IDLE: begin
                    if (run_start) begin
                        state_q   <= misaligned ? ERROR : RUN;
                        done_q    <= 1'b0;
                        begin_q   <= !misaligned;
                        code_q    <= misaligned ? BAD_PROGRAM : 4'd0;
                        address_q <= misaligned ? {{(128-ADDRESS_BITS-64){1'b0}}, program_address_i} : 64'd0;
                        irq_q[1]  <= misaligned || (irq_q[1] && !irq_clear_i[1]);
                    end
                end
                RUN: begin
                    if (error_q) begin
                        state_q   <= ERROR;
                        irq_q[1]  <= 1'b1;
                        code_q    <= new_code_q;
                        address_q <= new_address;
                    end else if (!begin_q && !first_q && (units_idle_i || no_commands_i)) begin
                        state_q  <= IDLE;
                        done_q   <= 1'b1;
                        irq_q[0] <= 1'b1;
                    end
                end
                ERROR: begin
                end
                default: begin
                    // Units are held in reset for two cycles after the bus has drained.
                    reset_q <= drained_i ? reset_q + 2'd1 : 2'd0;
                    if (reset_q == 2'd2) state_q <= IDLE;
                end
            endcase
            if (soft_reset_i && state_q != RESETTING) begin
                state_q   <= RESETTING;
                reset_q   <= 2'd0;
                done_q    <= 1'b0;
                code_q    <= 4'd0;
                address_q <= 64'd0;
            end
        end
    end

    assign status_o        = {state_q == RESETTING, state_q == ERROR, done_q, state_q == RUN};
    assign error_code_o    = code_q;
    assign error_address_o = address_q;
    assign unit_state_o    = unit_state_q;
    assign irq_status_o    = irq_q;
    assign irq_o           = |(irq_q & irq_enable_i);
    assign unit_rst_n_o    = unit_rst_n_q;
    assign halt_o          = state_q == ERROR || state_q == RESETTING || error_q;
    assign run_o           = state_q == RUN;
    assign begin_o         = begin_q;
    assign clear_o         = clear_q;
endmodule

`default_nettype wire
