// Arithmetic right shift that tells what it loses, in stages of four inputs a bit. Combinational.
//
// value_o is the low OUT bits of value_i >> shift_i. rest_o: a one was shifted out; beyond_o: the
// shifted value needs more than OUT bits.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_round_shift #(
    parameter IN   = 64,
    parameter OUT  = 11,
    parameter BITS = 6                // of shift_i
) (
    input  wire [IN-1:0]   value_i,
    input  wire [BITS-1:0] shift_i,
    output wire [OUT-1:0]  value_o,
    output wire            rest_o,
    output wire            beyond_o
);
    // Stage s shifts by two bits of shift_i, high ones first, and keeps what the others can reach.
    localparam STAGES = (BITS + 1) / 2;
    localparam ALL    = OUT + (1 << BITS) - 1;
    wire              sign = value_i[IN-1];
    genvar s;
    generate
        for (s = 0; s <= STAGES; s = s + 1) begin : g_stage
            localparam LOW  = (BITS > 2 * s) ? BITS - 2 * s : 0;        // bits of shift_i still to come
            localparam KEPT = OUT + (1 << LOW) - 1;
            wire [KEPT-1:0] kept;
            wire            rest, beyond;
            if (s == 0) begin : g_in
                assign {rest, beyond} = 2'b00;
                assign kept = {{(ALL-IN){sign}}, value_i};
            end else begin : g_shift
                localparam UNIT   = 1 << LOW;
                localparam TWO    = (LOW + 1 < BITS - 2 * (s - 1)) ? 1 : 0;
                localparam BEFORE = KEPT + (TWO ? 3 : 1) * UNIT;
                wire [BEFORE-1:0] from   = g_stage[s-1].kept;
                wire [BEFORE-1:0] differ = from ^ {BEFORE{sign}};
                wire [1:0]        steps  = {TWO != 0 && shift_i[LOW+TWO], shift_i[LOW]};
                reg  [KEPT-1:0]   to;
                reg               lost, over;
                integer i;
                always @* begin
                    {to, lost, over} = {from[0 +: KEPT], 1'b0, |differ[BEFORE-1:KEPT]};
                    for (i = 1; i <= (TWO ? 3 : 1); i = i + 1) begin
                        if (steps == i[1:0])
                            {to, lost, over} = {from[i*UNIT +: KEPT], |(from << (BEFORE - i*UNIT)),
                                                |(differ >> (KEPT + i*UNIT))};
                    end
                end
                assign kept      = to;
                assign rest      = g_stage[s-1].rest || lost;
                assign beyond    = g_stage[s-1].beyond || over;
            end
        end
    endgenerate
    assign value_o  = g_stage[STAGES].kept;
    assign rest_o   = g_stage[STAGES].rest;
    assign beyond_o = g_stage[STAGES].beyond || value_o[OUT-1] != sign;
endmodule

`default_nettype wire
