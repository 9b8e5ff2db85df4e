// Counts the multiplications of a gated array: over a run, those of which no operand was zero.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_live_count #(
    parameter MULTIPLIERS  = 256,     // 1 to 4096
    parameter LEVELS       = 8,       // ceil(log2 MULTIPLIERS)
    parameter COUNTER_BITS = 48
) (
    input  wire                    clk,
    input  wire                    rst_n,
    input  wire                    clear_i,
    input  wire [MULTIPLIERS-1:0]  live_i,
    output wire [COUNTER_BITS-1:0] count_o
);
    wire [MULTIPLIERS*2-1:0] ones;    // 0 and 1 as signed numbers
    wire [LEVELS+1:0]        sum;
    reg  [COUNTER_BITS-1:0]  count_q;

    genvar i;
    generate
        for (i = 0; i < MULTIPLIERS; i = i + 1) begin : g_bit
            assign ones[2*i +: 2] = {1'b0, live_i[i]};
        end
    endgenerate

    aw_adder_tree #(.N(MULTIPLIERS), .LEVELS(LEVELS), .BITS(2)) u_tree (
        .clk       (clk),
        .products_i(ones),
        .sum_o     (sum)
    );

    // The array is empty when a run starts: nothing is lost.
    always @(posedge clk) begin
        if (!rst_n || clear_i) count_q <= {COUNTER_BITS{1'b0}};
        else count_q <= count_q + {{(COUNTER_BITS-LEVELS-2){1'b0}}, sum};
    end

    assign count_o = count_q;
endmodule

`default_nettype wire
