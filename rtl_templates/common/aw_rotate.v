// Rotator: unit i of data_o is unit (i + select_i) mod IN of data_i, in stages of four inputs a bit.
//
//   UNIT  bits of a unit
//   IN    units of data_i, >= 1; OUT of data_o
//   BITS  of select_i, >= 1
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_rotate #(
    parameter UNIT = 8,
    parameter IN   = 32,
    parameter OUT  = 16,
    parameter BITS = 5
) (
    input  wire [BITS-1:0]     select_i,
    input  wire [IN*UNIT-1:0]  data_i,
    output wire [OUT*UNIT-1:0] data_o
);
    // Stage s turns by two bits of the select, high ones first, and keeps what the others can reach.
    localparam STAGES = (BITS + 1) / 2;
    genvar s, i;
    generate
        for (s = 0; s <= STAGES; s = s + 1) begin : g_stage
            localparam LOW   = (BITS > 2 * s) ? BITS - 2 * s : 0;        // select bits still to come
            localparam UNITS = OUT + (1 << LOW) - 1;
            wire [UNITS*UNIT-1:0] units;
            if (s == 0) begin : g_in
                for (i = 0; i < UNITS; i = i + 1) begin : g_unit
                    assign units[i*UNIT +: UNIT] = data_i[(i%IN)*UNIT +: UNIT];
                end
            end else if (LOW + 1 == BITS - 2 * (s - 1)) begin : g_two
                assign units = select_i[LOW] ? g_stage[s-1].units[UNIT +: UNITS*UNIT]
                                             : g_stage[s-1].units[0 +: UNITS*UNIT];
            end else begin : g_four
                localparam STEP = UNIT << LOW;
                assign units = select_i[LOW+1]
                    ? (select_i[LOW] ? g_stage[s-1].units[3*STEP +: UNITS*UNIT]
                                     : g_stage[s-1].units[2*STEP +: UNITS*UNIT])
                    : (select_i[LOW] ? g_stage[s-1].units[STEP +: UNITS*UNIT]
                                     : g_stage[s-1].units[0 +: UNITS*UNIT]);
            end
        end
    endgenerate
    assign data_o = g_stage[STAGES].units;
endmodule

`default_nettype wire
