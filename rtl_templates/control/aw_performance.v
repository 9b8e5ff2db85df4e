// Performance counters: every cycle of a run is counted in exactly one of five classes, so they
// sum to the total; plus bus beats and results.
//
//   compute     the array takes a step
//   wait_load   compute lacks a token of the load unit
//   wait_store  compute lacks a token of vector or store unit, or only these two still work
//   command     compute has no command while the program is still being fetched
//   other       bank conflicts, pipeline fill and drain
//
// Three more say what is behind: of wait_load the cycles in which weights come first (the others
// wait for inputs), of wait_store those that wait for results of the vector unit (read after
// write), of other those in which the array keeps two weight tiles or two sums apart.
// Latency: counters one cycle behind what they count, which comes late in its cycle; cycles_o none.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_performance #(
    parameter COUNTER_BITS = 48
) (
    input  wire                    clk,
    input  wire                    rst_n,
    input  wire                    clear_i,
    input  wire                    run_i,
    input  wire                    stepping_i,
    input  wire                    compute_waits_load_i,
    input  wire                    compute_waits_store_i,
    input  wire                    loads_weights_i,
    input  wire                    compute_waits_results_i,
    input  wire                    array_held_i,
    input  wire                    compute_has_command_i,
    input  wire                    fetching_i,
    input  wire                    read_beat_i,
    input  wire                    write_beat_i,
    input  wire [7:0]              results_i,
    output wire [11*COUNTER_BITS-1:0] counters_o, // held, results waits, weight waits, results,
                                                  // writes, reads, other, command, wait_store,
                                                  // wait_load, compute
    output wire [COUNTER_BITS-1:0] cycles_o
);
    wire compute    = stepping_i;
    wire wait_load  = !compute && compute_waits_load_i;
    wire wait_store = !compute && !wait_load
                      && (compute_waits_store_i || (!compute_has_command_i && !fetching_i));
    wire command    = !compute && !compute_has_command_i && fetching_i;
    wire other      = !compute && !wait_load && !wait_store && !command;

    wire [2:0] behind = {other && array_held_i, wait_store && compute_waits_results_i,
                         wait_load && loads_weights_i};
    wire       runs   = run_i || clear_i;
    wire [10:0] event_bits = {{3{runs}} & behind, 1'b0, write_beat_i, read_beat_i,
                              {5{runs}} & {other, command, wait_store, wait_load, compute}};
    reg  [COUNTER_BITS-1:0] cycles_q;
    always @(posedge clk) begin
        if (!rst_n || clear_i) cycles_q <= {{(COUNTER_BITS-1){1'b0}}, clear_i};
        else if (run_i) cycles_q <= cycles_q + {{(COUNTER_BITS-1){1'b0}}, 1'b1};
    end
    assign cycles_o = cycles_q;

    reg        clear_q;
    reg [10:0] events_q;
    reg [7:0]  results_q;
    always @(posedge clk) {clear_q, events_q, results_q} <= {20{rst_n}} & {clear_i, event_bits, results_i};

    genvar i;
    generate
        for (i = 0; i < 11; i = i + 1) begin : g_counter
            reg  [COUNTER_BITS-1:0] count_q;
            wire [7:0] step = (i == 7) ? results_q : {7'd0, events_q[i]};
            always @(posedge clk) begin
                if (!rst_n) count_q <= {COUNTER_BITS{1'b0}};
                else if (clear_q) count_q <= {{(COUNTER_BITS-8){1'b0}}, step};
                else count_q <= count_q + {{(COUNTER_BITS-8){1'b0}}, step};
            end
            assign counters_o[i*COUNTER_BITS +: COUNTER_BITS] = count_q;
        end
    endgenerate

    wire unused_ok = &{1'b0, events_q[7]};
endmodule

`default_nettype wire
