// Overflow monitor: sticky flag, saturating count and coordinates of the first accumulation that
// left its range. Array and bias addition report independently; in one cycle the array comes
// first, and the lowest column.
//
// Latency: one cycle. Coordinates: {layer 16, channel 16, position 24, step 24} of column 0.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_overflow_monitor #(
    parameter COLS     = 16,
    parameter LANES    = 8,
    parameter TAG_BITS = 80
) (
    input  wire                clk,
    input  wire                rst_n,
    input  wire                clear_i,
    input  wire [COLS-1:0]     array_overflow_i,
    input  wire [TAG_BITS-1:0] array_tag_i,
    input  wire [LANES-1:0]    bias_overflow_i,
    input  wire [TAG_BITS-1:0] bias_tag_i,
    output wire                event_o,
    output wire                sticky_o,
    output wire                first_is_bias_o,
    output wire [31:0]         count_o,
    output wire [TAG_BITS-1:0] first_o
);
    wire array_event = |array_overflow_i;
    wire bias_event  = |bias_overflow_i;
    assign event_o   = array_event || bias_event;

    // ---- number and lowest index of the reporting columns and lanes ----
    reg [7:0]  number;
    reg [15:0] column, lane;
    integer i;
    always @* begin
        number = 8'd0;
        column = 16'd0;
        lane   = 16'd0;
        for (i = 0; i < COLS; i = i + 1) number = number + {7'd0, array_overflow_i[i]};
        for (i = 0; i < LANES; i = i + 1) number = number + {7'd0, bias_overflow_i[i]};
        for (i = COLS - 1; i >= 0; i = i - 1) if (array_overflow_i[i]) column = i[15:0];
        for (i = LANES - 1; i >= 0; i = i - 1) if (bias_overflow_i[i]) lane = i[15:0];
    end

    reg                sticky_q, first_is_bias_q;
    reg [31:0]         count_q;
    reg [TAG_BITS-1:0] first_q;
    wire [32:0]        sum = {1'b0, count_q} + {25'd0, number};
    wire [TAG_BITS-1:0] tag     = array_event ? array_tag_i : bias_tag_i;
    wire [15:0]         channel = tag[48 +: 16] + (array_event ? column : lane);

    always @(posedge clk) begin
        if (!rst_n || clear_i) begin
            sticky_q        <= 1'b0;
            first_is_bias_q <= 1'b0;
            count_q         <= 32'd0;
            first_q         <= {TAG_BITS{1'b0}};
        end else if (event_o) begin
            sticky_q <= 1'b1;
            count_q  <= sum[32] ? 32'hffffffff : sum[31:0];
            if (!sticky_q) begin
                first_is_bias_q <= !array_event;
                first_q         <= {tag[64 +: 16], channel, tag[0 +: 48]};
            end
        end
    end

    assign sticky_o        = sticky_q;
    assign first_is_bias_o = first_is_bias_q;
    assign count_o         = count_q;
    assign first_o         = first_q;
endmodule

`default_nettype wire
