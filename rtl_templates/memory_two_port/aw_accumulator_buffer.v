// Accumulator buffer of targets with two-port RAMs: partial sums of one output position per word, one
// sum per column.
//
// Storage: GROUPS RAMs by the high address bits. The array writes whenever it wants; its reads go
// before those of the vector unit, which repeats its request when both want the same RAM. Accesses
// beyond the last word are dropped.
//
// Latency: read data one cycle after the request or grant.
//
//   WORD_BITS    COLS * accumulator bits
//   GROUP_WORDS  words of a RAM, power of two; the last group holds LAST_WORDS
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_accumulator_buffer #(
    parameter WORD_BITS   = 512,
    parameter ADDR_BITS   = 9,
    parameter GROUPS      = 1,
    parameter GROUP_WORDS = 256,
    parameter LAST_WORDS  = 256
) (
    input  wire                 clk,
    input  wire                 array_read_i,
    input  wire [ADDR_BITS-1:0] array_read_addr_i,
    output wire [WORD_BITS-1:0] array_data_o,
    input  wire                 array_write_i,
    input  wire [ADDR_BITS-1:0] array_write_addr_i,
    input  wire [WORD_BITS-1:0] array_write_data_i,
    input  wire                 vector_request_i,
    output wire                 vector_grant_o,
    input  wire [ADDR_BITS-1:0] vector_addr_i,
    output wire [WORD_BITS-1:0] vector_data_o,
    output wire                 vector_range_error_o
);
    localparam INDEX_BITS = $clog2(GROUP_WORDS);
    localparam GROUP_BITS = (GROUPS > 1) ? $clog2(GROUPS) : 1;
    localparam WORDS      = (GROUPS - 1) * GROUP_WORDS + LAST_WORDS;
    wire [31:0] words = WORDS;

    wire vector_beyond = vector_addr_i >= words[ADDR_BITS-1:0];
    assign vector_range_error_o = vector_request_i && vector_beyond;

    wire [GROUP_BITS-1:0] read_group, write_group, vector_group;
    generate
        if (GROUPS > 1) begin : g_select
            assign read_group   = array_read_addr_i[INDEX_BITS +: GROUP_BITS];
            assign write_group  = array_write_addr_i[INDEX_BITS +: GROUP_BITS];
            assign vector_group = vector_addr_i[INDEX_BITS +: GROUP_BITS];
        end else begin : g_single
            assign {read_group, write_group, vector_group} = 3'd0;
        end
    endgenerate

    wire read  = array_read_i && array_read_addr_i < words[ADDR_BITS-1:0];
    wire write = array_write_i && array_write_addr_i < words[ADDR_BITS-1:0];
    assign vector_grant_o = vector_request_i && !(read && read_group == vector_group);

    wire [GROUPS*WORD_BITS-1:0] group_data;
    genvar g;
    generate
        for (g = 0; g < GROUPS; g = g + 1) begin : g_ram
            wire [31:0] group     = g;
            wire        by_read   = read && read_group == group[GROUP_BITS-1:0];
            wire        by_vector = vector_grant_o && !vector_beyond && vector_group == group[GROUP_BITS-1:0];
            aw_ram_two_port #(
                .BITS     (WORD_BITS),
                .DEPTH    ((g == GROUPS - 1) ? LAST_WORDS : GROUP_WORDS),
                .ADDR_BITS(INDEX_BITS)
            ) u_ram (
                .clk    (clk),
                .re_i   (by_read || by_vector),
                .raddr_i(by_read ? array_read_addr_i[INDEX_BITS-1:0] : vector_addr_i[INDEX_BITS-1:0]),
                .rdata_o(group_data[g*WORD_BITS +: WORD_BITS]),
                .we_i   (write && write_group == group[GROUP_BITS-1:0]),
                .waddr_i(array_write_addr_i[INDEX_BITS-1:0]),
                .wdata_i(array_write_data_i)
            );
            wire unused_ok = &{1'b0, group};
        end
        if (GROUPS > 1) begin : g_mux
            reg [GROUP_BITS-1:0] read_group_q, vector_group_q;
            always @(posedge clk) begin
                if (read)           read_group_q   <= read_group;
                if (vector_grant_o) vector_group_q <= vector_group;
            end
            aw_mux #(.WIDTH(WORD_BITS), .INPUTS(GROUPS), .STRIDE(WORD_BITS)) u_array (
                .select_i(read_group_q),
                .data_i  (group_data),
                .data_o  (array_data_o)
            );
            aw_mux #(.WIDTH(WORD_BITS), .INPUTS(GROUPS), .STRIDE(WORD_BITS)) u_vector (
                .select_i(vector_group_q),
                .data_i  (group_data),
                .data_o  (vector_data_o)
            );
        end else begin : g_direct
            assign array_data_o  = group_data;
            assign vector_data_o = group_data;
        end
    endgenerate

    wire unused_ok = &{1'b0, words};
endmodule

`default_nettype wire
