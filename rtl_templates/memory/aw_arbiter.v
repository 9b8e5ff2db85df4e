// Bank arbiter: decides in one cycle which ports may access the banks that they ask for.
//
// A port asks for a set of banks and gets all of them or none. Ports with a lower index win, but
// a port that was refused in the previous cycle goes before all that were not, so nobody starves.
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
    reg  [PORTS-1:0] refused_q;
    wire [PORTS*PORTS-1:0] beaten;

    genvar i, j;
    generate
        for (i = 0; i < PORTS; i = i + 1) begin : g_port
            for (j = 0; j < PORTS; j = j + 1) begin : g_other
                if (i == j) begin : g_self
                    assign beaten[i*PORTS+j] = 1'b0;
                end else begin : g_pair
                    wire clash = |(banks_i[i*BANKS +: BANKS] & banks_i[j*BANKS +: BANKS]);
                    wire first = (refused_q[j] != refused_q[i]) ? refused_q[j] : (j < i);
                    assign beaten[i*PORTS+j] = request_i[j] && clash && first;
                end
            end
            assign grant_o[i] = request_i[i] && !(|beaten[i*PORTS +: PORTS]);
        end
    endgenerate

    always @(posedge clk) begin
        if (!rst_n) refused_q <= {PORTS{1'b0}};
        else        refused_q <= request_i & ~grant_o;
    end
endmodule

`default_nettype wire
