// Bank arbiter: decides in one cycle which ports may access the banks that they ask for.
//
// A port asks for a set of banks, until it gets all of them at once. Ports with a lower index win,
// but the ports that were refused in one cycle, its turn, go before all others until each of them has
// been served: nobody waits longer than the rest of a turn and one whole turn.
//
//   PORTS  2 to 8
//   BANKS  1 to 64
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_arbiter #(
    parameter PORTS = 4,
    parameter BANKS = 8
) (
    input  wire                   clk,
    input  wire                   rst_n,
    input  wire [PORTS-1:0]       request_i,
    input  wire [PORTS*BANKS-1:0] banks_i,    // banks that each port asks for
    output wire [PORTS-1:0]       grant_o
);
    reg  [PORTS-1:0] turn_q;
    wire [PORTS-1:0] refused = request_i & ~grant_o;
    wire [PORTS-1:0] rest    = turn_q & refused;
    wire [PORTS*PORTS-1:0] beaten;

    genvar i, j;
    generate
        for (i = 0; i < PORTS; i = i + 1) begin : g_port
            for (j = 0; j < PORTS; j = j + 1) begin : g_other
                if (i == j) begin : g_self
                    assign beaten[i*PORTS+j] = 1'b0;
                end else begin : g_pair
                    wire clash = |(banks_i[i*BANKS +: BANKS] & banks_i[j*BANKS +: BANKS]);
                    wire first = (turn_q[j] != turn_q[i]) ? turn_q[j] : (j < i);
                    assign beaten[i*PORTS+j] = request_i[j] && clash && first;
                end
            end
            assign grant_o[i] = request_i[i] && !(|beaten[i*PORTS +: PORTS]);
        end
    endgenerate

    always @(posedge clk) begin
        if (!rst_n) turn_q <= {PORTS{1'b0}};
        else        turn_q <= (|rest) ? rest : refused;
    end
endmodule

`default_nettype wire
