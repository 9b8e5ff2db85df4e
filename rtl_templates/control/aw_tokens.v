// Dependency tokens: a counter for every ordered pair of units (load, compute, vector, store).
//
// A command waits until each unit in its wait mask has a token for it, takes one of each when it
// starts, and gives one to each unit in its signal mask when it ends. Index 4 * from + to.
//
//   COUNT_BITS  width of a counter; the compiler proves that no program fills one
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_tokens #(
    parameter COUNT_BITS = 6
) (
    input  wire        clk,
    input  wire        rst_n,
    input  wire [15:0] wait_i,       // four bits a unit: from whom the command at its head waits
    input  wire [3:0]  start_i,      // the unit starts that command
    input  wire [15:0] signal_i,     // four bits a unit: to whom it gives a token in this cycle
    output wire [15:0] lacking_o,    // four bits a unit: from whom a token is lacking
    output wire [3:0]  ok_o,
    output wire        overflow_o
);
    wire [15:0] full;
    genvar from, to;
    generate
        for (to = 0; to < 4; to = to + 1) begin : g_to
            for (from = 0; from < 4; from = from + 1) begin : g_from
                if (from == to) begin : g_self
                    assign lacking_o[4*to+from] = 1'b0;
                    assign full[4*to+from]      = 1'b0;
                end else begin : g_counter
                    reg  [COUNT_BITS-1:0] count_q;
                    wire give = signal_i[4*from+to];
                    wire take = start_i[to] && wait_i[4*to+from];
                    assign lacking_o[4*to+from] = wait_i[4*to+from] && count_q == {COUNT_BITS{1'b0}};
                    assign full[4*to+from]      = give && !take && count_q == {COUNT_BITS{1'b1}};
                    always @(posedge clk) begin
                        if (!rst_n) count_q <= {COUNT_BITS{1'b0}};
                        else if (give && !take) count_q <= count_q + {{(COUNT_BITS-1){1'b0}}, 1'b1};
                        else if (take && !give) count_q <= count_q - {{(COUNT_BITS-1){1'b0}}, 1'b1};
                    end
                end
            end
            assign ok_o[to] = !(|lacking_o[4*to +: 4]);
        end
    endgenerate
    assign overflow_o = |full;

    // A unit has no counter for itself.
    wire unused_ok = &{1'b0, wait_i[0], wait_i[5], wait_i[10], wait_i[15],
                       signal_i[0], signal_i[5], signal_i[10], signal_i[15]};
endmodule

`default_nettype wire
