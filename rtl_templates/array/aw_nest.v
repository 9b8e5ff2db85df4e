// What the sequencer's loop nest does to one quantity: each level that moves it adds its own step, and
// goes back to where the levels around it stand when it begins again. A register for each level that
// moves it, none for the others; a step over any number of levels takes one cycle.
//
//   MOVES  bit l: level l, counted from the innermost, moves the quantity
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_nest #(
    parameter       BITS  = 16,
    parameter [5:0] MOVES = 6'b000011
) (
    input  wire              clk,
    input  wire              start_i,
    input  wire              step_i,
    input  wire [BITS-1:0]   start_value_i, // stays until the nest ends
    input  wire [6*BITS-1:0] delta_i,       // of the levels, innermost lowest
    input  wire [5:0]        carry_i,       // all levels inside this one are at their last
    input  wire [5:0]        last_i,        // so is this one
    output wire [BITS-1:0]   value_o        // in this iteration
);
    genvar l;
    generate
        for (l = 0; l < 6; l = l + 1) begin : g_level
            if (MOVES[l]) begin : g_moves
                // The next level outwards that moves it, 6: none.
                localparam [6:0] AROUND = {1'b1, MOVES} >> (l + 1);
                localparam OUTER = l + 1 + (AROUND[0] ? 0 : AROUND[1] ? 1 : AROUND[2] ? 2 : AROUND[3] ? 3 :
                                            AROUND[4] ? 4 : 5);
                reg  [BITS-1:0] value_q;
                wire [BITS-1:0] restart;
                wire [BITS-1:0] next = last_i[l] ? restart : value_q + delta_i[l*BITS +: BITS];
                if (OUTER == 6) begin : g_outermost
                    assign restart = start_value_i;
                end else begin : g_inner
                    assign restart = carry_i[OUTER] ? g_level[OUTER].g_moves.next : g_level[OUTER].g_moves.value_q;
                end
                always @(posedge clk) begin
                    if (start_i) value_q <= start_value_i;
                    else if (step_i && carry_i[l]) value_q <= next;
                end
            end
        end
    endgenerate
    localparam INNERMOST = MOVES[0] ? 0 : MOVES[1] ? 1 : MOVES[2] ? 2 : 3;
    assign value_o = g_level[INNERMOST].g_moves.value_q;

    wire unused_ok = &{1'b0, delta_i, carry_i, last_i};
endmodule

`default_nettype wire
