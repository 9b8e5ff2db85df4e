// Gearbox: repacks a stream of IN_BYTES words into words of up to OUT_UNITS units without losing
// a byte. take_units_i says how many units the next word has.
//
// Only the last word in may be partly used: what follows it comes after a flush. Bytes that are
// left when flush_i is high are dropped. When a word in is always one unit, it is
// a wire. Latency: one cycle (none as a wire).
//
//   IN_BYTES 4 to 64; UNIT_BYTES 1 to 64; OUT_UNITS >= 1
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_gearbox #(
    parameter IN_BYTES   = 16,
    parameter UNIT_BYTES = 5,
    parameter OUT_UNITS  = 3,
    parameter TAKE_BITS  = 2          // counts 1 to OUT_UNITS
) (
    input  wire                              clk,
    input  wire                              rst_n,
    input  wire                              flush_i,
    input  wire [TAKE_BITS-1:0]              take_units_i,
    input  wire                              in_valid,
    output wire                              in_ready,
    input  wire [IN_BYTES*8-1:0]             in_data,
    input  wire [$clog2(IN_BYTES+1)-1:0]     in_bytes_i,    // bytes of in_data in use
    output wire                              out_valid,
    input  wire                              out_ready,
    output wire [OUT_UNITS*UNIT_BYTES*8-1:0] out_data
);
    generate
        if (IN_BYTES == UNIT_BYTES && OUT_UNITS == 1) begin : g_wire
            assign in_ready  = out_ready;
            assign out_valid = in_valid;
            assign out_data  = in_data;
            wire unused_ok = &{1'b0, clk, rst_n, flush_i, take_units_i, in_bytes_i};
        end else begin : g_repack
            localparam OUT_BYTES  = OUT_UNITS * UNIT_BYTES;
            localparam CAPACITY   = IN_BYTES + OUT_BYTES;
            localparam COUNT_BITS = $clog2(CAPACITY + 1);

            reg  [CAPACITY*8-1:0] data_q;
            reg  [COUNT_BITS-1:0] count_q;
            reg  [COUNT_BITS-1:0] take;          // bytes of the next word
            reg  [CAPACITY*8-1:0] rest;          // what is left behind it
            wire pop  = out_valid && out_ready;
            wire push = in_valid && in_ready;
            wire [COUNT_BITS-1:0] kept      = pop ? count_q - take : count_q;
            wire [CAPACITY*8-1:0] kept_data = pop ? rest : data_q;
            localparam IN_BITS = $clog2(IN_BYTES + 1);
            wire [COUNT_BITS-1:0] in_count  = {{(COUNT_BITS-IN_BITS){1'b0}}, in_bytes_i};
            wire [CAPACITY*8-1:0] in_wide   = {{(CAPACITY-IN_BYTES)*8{1'b0}}, in_data};

            integer u;
            always @* begin
                take = OUT_BYTES[COUNT_BITS-1:0];
                rest = data_q >> (8 * OUT_BYTES);
                for (u = 1; u < OUT_UNITS; u = u + 1) begin
                    if (take_units_i == u[TAKE_BITS-1:0]) begin
                        take = u[COUNT_BITS-1:0] * UNIT_BYTES[COUNT_BITS-1:0];
                        rest = data_q >> (8 * UNIT_BYTES * u);
                    end
                end
            end

            assign out_valid = count_q >= take;
            assign in_ready  = kept <= OUT_BYTES[COUNT_BITS-1:0];
            assign out_data  = data_q[OUT_BYTES*8-1:0];

            always @(posedge clk) begin
                if (!rst_n || flush_i) begin
                    data_q  <= {CAPACITY*8{1'b0}};
                    count_q <= {COUNT_BITS{1'b0}};
                end else begin
                    data_q  <= push ? kept_data | (in_wide << {kept, 3'b000}) : kept_data;
                    count_q <= push ? kept + in_count : kept;
                end
            end
            wire unused_ok = &{1'b0, take_units_i};
        end
    endgenerate
endmodule

`default_nettype wire
