// The netlist of a placed array beside the RTL module it was made from: the same random weights and
// vectors, sums compared in every cycle. scripts/layout makes placed_array and sets the parameters.
//
// A quarter of all bytes is -128 or 127; reset, load and swap come at any time. Inputs change with
// the falling edge, half a period before and after which every path has settled.
//
// SPDX-License-Identifier: Apache-2.0
`timescale 1ns/10ps
`default_nettype none

module netlist_tb;
    parameter ROWS     = 2;
    parameter COLS     = 2;
    parameter SUM_BITS = 17;
    parameter WIDE     = 2;
    parameter GROUP_N  = 1;
    parameter GROUP_M  = 1;
    parameter COL_BITS = 16;
    parameter BITS     = 8;
    parameter GATED    = 0;
    parameter PRODUCT_REGISTER = 0;
    parameter CYCLES   = 10000;
    parameter SEED     = 1;

    localparam WEIGHTS = COLS * COL_BITS;
    localparam VECTOR  = WIDE * BITS;
    localparam FILL    = 2 * (ROWS + COLS + 2);     // until no register is unknown any more

    reg                      clk = 1'b0;
    reg                      rst_n = 1'b0;
    reg                      load = 1'b0;
    reg                      swap = 1'b0;
    reg  [WEIGHTS-1:0]       weights;
    reg  [VECTOR-1:0]        vector;
    wire [COLS*SUM_BITS-1:0] expected, sums;
    wire [ROWS*COLS-1:0]     live;
    integer cycle, i;
    integer mismatches = 0;
    integer changes = 0;
    integer seed;
    reg  [COLS*SUM_BITS-1:0] before;

    aw_array_weight_stationary #(
        .ROWS(ROWS), .COLS(COLS), .SUM_BITS(SUM_BITS), .WIDE(WIDE), .GROUP_N(GROUP_N), .GROUP_M(GROUP_M),
        .COL_BITS(COL_BITS), .BITS(BITS), .GATED(GATED), .PRODUCT_REGISTER(PRODUCT_REGISTER)
    ) u_rtl (
        .clk(clk), .rst_n(rst_n), .load_i(load), .weights_i(weights), .swap_i(swap),
        .valid_i({COLS{1'b1}}), .vector_i(vector), .sums_o(expected), .live_o(live)
    );
    placed_array u_netlist (
        .clk(clk), .rst_n(rst_n), .load_i(load), .weights_i(weights), .swap_i(swap), .vector_i(vector),
        .sums_o(sums)
    );

    always #50 clk = !clk;

    function [7:0] value(input integer random);
        value = (random[9:8] != 2'd0) ? random[7:0] : random[0] ? 8'h80 : 8'h7f;
    endfunction

    initial begin
        seed = SEED;
        before = 0;
        for (cycle = 0; cycle < FILL + CYCLES; cycle = cycle + 1) begin
            @(negedge clk);
            if (cycle >= FILL) begin
                if (sums !== expected || ^expected === 1'bx) begin
                    mismatches = mismatches + 1;
                    if (mismatches <= 5)
                        $display("cycle %0d: netlist %h, RTL %h", cycle - FILL, sums, expected);
                end
                if (sums !== before) changes = changes + 1;
                before = sums;
            end
            rst_n = cycle > 1 && (cycle < FILL || ($random(seed) & 63) != 0);
            load  = cycle < FILL || ($random(seed) & 3) == 0;
            swap  = cycle < FILL || ($random(seed) & 3) == 0;
            for (i = 0; i < WEIGHTS; i = i + 8) weights[i +: 8] = value($random(seed));
            for (i = 0; i < VECTOR; i = i + 8) vector[i +: 8] = value($random(seed));
        end
        if (mismatches == 0 && changes > CYCLES / 2) $display("passed: %0d cycles, seed %0d", CYCLES, SEED);
        else $display("failed: %0d of %0d cycles differ, sums changed in %0d", mismatches, CYCLES, changes);
        $finish;
    end
endmodule

`default_nettype wire
