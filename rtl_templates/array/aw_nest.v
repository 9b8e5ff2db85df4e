// One level of the sequencer's loop nest: its counter and the values at the start of the current
// iteration. Levels are chained innermost first; `carry` ripples outwards, the next values
// ripple inwards, so a step over any number of levels takes one cycle.
//
// VALUE_BITS is the concatenation of all tracked quantities; step_i adds to each of its fields,
// which the parent concatenates with guard-free fields of fixed width (see aw_sequencer.v).
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_nest #(
    parameter COUNT_BITS = 16,
    parameter ADDR_BITS  = 18,
    parameter COL_BITS   = 20,
    parameter ROW_BITS   = 16,
    parameter POS_BITS   = 24
) (
    input  wire                                            clk,
    input  wire                                            start_i,
    input  wire                                            step_i,
    input  wire [COUNT_BITS-1:0]                           count_i,
    input  wire [POS_BITS+ROW_BITS+COL_BITS+ADDR_BITS-1:0] start_value_i,
    input  wire [POS_BITS+ROW_BITS+COL_BITS+ADDR_BITS-1:0] delta_i,
    input  wire                                            carry_i,   // all inner levels are at their last
    input  wire                                            last_i,    // so is this one, whatever its count
    output wire                                            carry_o,
    input  wire [POS_BITS+ROW_BITS+COL_BITS+ADDR_BITS-1:0] outer_next_i,
    output wire [POS_BITS+ROW_BITS+COL_BITS+ADDR_BITS-1:0] next_o,    // value after the coming step
    output wire [POS_BITS+ROW_BITS+COL_BITS+ADDR_BITS-1:0] value_o,
    output wire                                            last_o
);
    localparam VALUE_BITS = POS_BITS + ROW_BITS + COL_BITS + ADDR_BITS;

    reg [COUNT_BITS-1:0] left_q;         // iterations left after this one
    reg [VALUE_BITS-1:0] value_q;

    wire last = left_q == {COUNT_BITS{1'b0}} || last_i;
    wire [VALUE_BITS-1:0] advanced = {
        value_q[ADDR_BITS+COL_BITS+ROW_BITS +: POS_BITS] + delta_i[ADDR_BITS+COL_BITS+ROW_BITS +: POS_BITS],
        value_q[ADDR_BITS+COL_BITS +: ROW_BITS] + delta_i[ADDR_BITS+COL_BITS +: ROW_BITS],
        value_q[ADDR_BITS +: COL_BITS] + delta_i[ADDR_BITS +: COL_BITS],
        value_q[0 +: ADDR_BITS] + delta_i[0 +: ADDR_BITS]};

    assign last_o  = last;
    assign carry_o = carry_i && last;
    // When this level is exhausted too, it restarts from where the outer level goes.
    assign next_o  = last ? outer_next_i : advanced;
    assign value_o = value_q;

    wire [COUNT_BITS-1:0] restart = count_i - {{(COUNT_BITS-1){1'b0}}, 1'b1};

    always @(posedge clk) begin
        if (start_i) begin
            left_q  <= restart;
            value_q <= start_value_i;
        end else if (step_i && carry_i) begin
            left_q  <= last ? restart : left_q - {{(COUNT_BITS-1){1'b0}}, 1'b1};
            value_q <= next_o;
        end
    end
endmodule

`default_nettype wire
