// Turns of the units where commands have no queues: a unit may take a command once the other three
// have been idle for two cycles. Then their last sums and results can be read, and no tokens are
// needed: commands of different units never overlap. A unit keeps its turn while it works.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_turns (
    input  wire       clk,
    input  wire       rst_n,
    input  wire [3:0] idle_i,        // load, compute, vector, store
    output wire [3:0] turn_o
);
    // Of registers: what is idle now depends on who has a turn.
    reg  [3:0] idle_q, idle_qq;
    wire [3:0] quiet = idle_q & idle_qq;
    always @(posedge clk) {idle_qq, idle_q} <= rst_n ? {idle_q, idle_i} : 8'd0;

    assign turn_o = {&quiet[2:0], quiet[3] && (&quiet[1:0]), (&quiet[3:2]) && quiet[0], &quiet[3:1]};
endmodule

`default_nettype wire
