// Adder tree: exact sum of N signed products, with a register after every second level.
//
// Latency: ceil(ceil(log2 N) / 2) cycles. Bits of the sum: BITS + ceil(log2 N): it cannot overflow.
//
//   N  1 to 4096
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_adder_tree #(
    parameter N      = 16,
    parameter LEVELS = 4,             // ceil(log2 N)
    parameter BITS   = 16             // of a product
) (
    input  wire                        clk,
    input  wire        [N*BITS-1:0]    products_i,
    output wire signed [BITS+LEVELS-1:0] sum_o
);
    // Level l has ceil(N / 2^l) nodes of BITS + l bits.
    genvar l, i;
    generate
        for (l = 0; l <= LEVELS; l = l + 1) begin : g_level
            localparam NODES = (N + (1 << l) - 1) >> l;
            localparam WIDTH = BITS + l;
            wire [NODES*WIDTH-1:0] nodes;
            if (l == 0) begin : g_products
                assign nodes = products_i;
            end else begin : g_sums
                localparam BELOW      = (N + (1 << (l - 1)) - 1) >> (l - 1);
                localparam BELOW_BITS = BITS + l - 1;
                wire [NODES*WIDTH-1:0] sums;
                for (i = 0; i < NODES; i = i + 1) begin : g_node
                    wire signed [BELOW_BITS-1:0] left =
                        g_level[l-1].nodes[2*i*BELOW_BITS +: BELOW_BITS];
                    if (2 * i + 1 < BELOW) begin : g_pair
                        wire signed [BELOW_BITS-1:0] right =
                            g_level[l-1].nodes[(2*i+1)*BELOW_BITS +: BELOW_BITS];
                        assign sums[i*WIDTH +: WIDTH] =
                            {left[BELOW_BITS-1], left} + {right[BELOW_BITS-1], right};
                    end else begin : g_single
                        assign sums[i*WIDTH +: WIDTH] = {left[BELOW_BITS-1], left};
                    end
                end
                if (l % 2 == 0 || l == LEVELS) begin : g_register
                    reg [NODES*WIDTH-1:0] nodes_q;
                    always @(posedge clk) nodes_q <= sums;
                    assign nodes = nodes_q;
                end else begin : g_wire
                    assign nodes = sums;
                end
            end
        end
    endgenerate

    assign sum_o = g_level[LEVELS].nodes;

    generate
        if (LEVELS == 0) begin : g_no_clock
            wire unused_ok = &{1'b0, clk};
        end
    endgenerate
endmodule

`default_nettype wire
