// Dot product of ROWS lanes for targets whose multipliers add: chains of CHAIN multiply-accumulate
// cells, each a DSP block that adds to the sum of the one before, and a tree for the chains' sums.
//
//   a0 w0 -> [x] -> [+] <- [x] <- a1 w1, one cycle later  -> ...  -> tree
//
// Latency: CHAIN + ceil(TREE / 2) cycles, TREE = ceil(log2 of the chains). The operands' delays lie in
// the input registers of the DSP blocks. Sums are exact.
//
//   ROWS  1 to 64; CHAIN the least power of two >= ROWS, at most 4
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_dot_product #(
    parameter ROWS     = 16,
    parameter LEVELS   = 4,           // ceil(log2 ROWS)
    parameter BITS     = 8,           // of an activation
    parameter SUM_BITS = 20           // 16 + LEVELS
) (
    input  wire                       clk,
    input  wire                       valid_i,           // multipliers always work
    input  wire      [ROWS*BITS-1:0] activations_i,
    input  wire        [ROWS*8-1:0]   weights_i,
    output wire signed [SUM_BITS-1:0] sum_o,
    output wire        [ROWS-1:0]     live_o
);
    localparam CHAIN      = (LEVELS > 2) ? 4 : 1 << LEVELS;
    localparam CHAINS     = (ROWS + CHAIN - 1) / CHAIN;
    localparam TREE       = (LEVELS > 2) ? LEVELS - 2 : 0;
    localparam CHAIN_BITS = SUM_BITS - TREE;             // of a chain's sum
    wire [CHAINS*CHAIN_BITS-1:0] sums;

    genvar c, i;
    generate
        for (c = 0; c < CHAINS; c = c + 1) begin : g_chain
            // The last chain may have fewer lanes: its sum waits for the others.
            localparam LANES = (ROWS - c * CHAIN < CHAIN) ? ROWS - c * CHAIN : CHAIN;
            for (i = 0; i < LANES; i = i + 1) begin : g_cell
                wire signed [BITS-1:0] a;
                wire signed [7:0]  w;
                wire signed [15:0] product = a * w;
                reg  signed [CHAIN_BITS-1:0] sum_q;
                aw_delay #(.WIDTH(BITS), .CYCLES(i)) u_a (
                    .clk(clk), .in_data(activations_i[(c*CHAIN+i)*BITS +: BITS]), .out_data(a)
                );
                aw_delay #(.WIDTH(8), .CYCLES(i)) u_w (
                    .clk(clk), .in_data(weights_i[(c*CHAIN+i)*8 +: 8]), .out_data(w)
                );
                if (i == 0) begin : g_first
                    always @(posedge clk) sum_q <= {{(CHAIN_BITS-15){product[15]}}, product[14:0]};
                end else begin : g_next
                    always @(posedge clk)
                        sum_q <= g_cell[i-1].sum_q + {{(CHAIN_BITS-15){product[15]}}, product[14:0]};
                end
            end
            aw_delay #(.WIDTH(CHAIN_BITS), .CYCLES(CHAIN - LANES)) u_wait (
                .clk(clk), .in_data(g_cell[LANES-1].sum_q), .out_data(sums[c*CHAIN_BITS +: CHAIN_BITS])
            );
        end
    endgenerate

    aw_adder_tree #(.N(CHAINS), .LEVELS(TREE), .BITS(CHAIN_BITS)) u_tree (
        .clk       (clk),
        .products_i(sums),
        .sum_o     (sum_o)
    );
    assign live_o = {ROWS{1'b0}};
    wire unused_ok = &{1'b0, valid_i};
endmodule

`default_nettype wire
