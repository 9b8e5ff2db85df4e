// Accumulator buffer: partial sums of one output position per word, one 32-bit sum per column.
//
// Storage: even and odd positions in separate single-port RAMs, so that the array reads one
// position while it writes another; GROUPS such pairs by the high address bits, so that the vector
// unit empties one group while the array fills another. The array always wins; the vector unit
// repeats its request. The array never reads and writes the same RAM in one cycle (see
// aw_accumulate_*.v). Accesses beyond the last word are dropped.
//
// Latency: read data one cycle after the request or grant.
//
//   WORD_BITS   COLS * accumulator bits
//   GROUP_ROWS  rows of a RAM, power of two; the last group holds LAST_ROWS
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_accumulator_buffer #(
    parameter WORD_BITS  = 512,
    parameter ADDR_BITS  = 9,
    parameter GROUPS     = 2,
    parameter GROUP_ROWS = 64,
    parameter LAST_ROWS  = 64
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
    localparam INDEX_BITS = (GROUP_ROWS > 1) ? $clog2(GROUP_ROWS) : 1;
    localparam GROUP_BITS = (GROUPS > 1) ? $clog2(GROUPS) : 1;
    localparam BANKS      = 2 * GROUPS;
    localparam WORDS      = 2 * ((GROUPS - 1) * GROUP_ROWS + LAST_ROWS);
    localparam BANK_BITS  = $clog2(BANKS);
    wire [31:0] words = WORDS;

    wire read_beyond   = array_read_addr_i >= words[ADDR_BITS-1:0];
    wire write_beyond  = array_write_addr_i >= words[ADDR_BITS-1:0];
    wire vector_beyond = vector_addr_i >= words[ADDR_BITS-1:0];
    assign vector_range_error_o = vector_request_i && vector_beyond;

    // Bank number: {group, parity}
    wire [BANK_BITS-1:0] read_bank, write_bank, vector_bank;
    generate
        if (GROUPS > 1) begin : g_select
            assign read_bank   = {array_read_addr_i[INDEX_BITS+1 +: GROUP_BITS], array_read_addr_i[0]};
            assign write_bank  = {array_write_addr_i[INDEX_BITS+1 +: GROUP_BITS], array_write_addr_i[0]};
            assign vector_bank = {vector_addr_i[INDEX_BITS+1 +: GROUP_BITS], vector_addr_i[0]};
        end else begin : g_single
            assign read_bank   = array_read_addr_i[0];
            assign write_bank  = array_write_addr_i[0];
            assign vector_bank = vector_addr_i[0];
        end
    endgenerate

    wire read  = array_read_i && !read_beyond;
    wire write = array_write_i && !write_beyond;
    assign vector_grant_o = vector_request_i && !(read && read_bank == vector_bank)
                            && !(write && write_bank == vector_bank);

    wire [BANKS*WORD_BITS-1:0] bank_data;
    genvar b;
    generate
        for (b = 0; b < BANKS; b = b + 1) begin : g_ram
            localparam DEPTH = (b / 2 == GROUPS - 1) ? LAST_ROWS : GROUP_ROWS;
            wire [31:0] bank = b;
            wire by_write  = write && write_bank == bank[BANK_BITS-1:0];
            wire by_read   = read && read_bank == bank[BANK_BITS-1:0];
            wire by_vector = vector_grant_o && !vector_beyond && vector_bank == bank[BANK_BITS-1:0];
            aw_ram #(
                .LANES    (1),
                .LANE_BITS(WORD_BITS),
                .DEPTH    (DEPTH),
                .ADDR_BITS(INDEX_BITS)
            ) u_ram (
                .clk    (clk),
                .en_i   (by_write || by_read || by_vector),
                .we_i   (by_write),
                .addr_i (by_write ? array_write_addr_i[INDEX_BITS:1] :
                         by_read  ? array_read_addr_i[INDEX_BITS:1] : vector_addr_i[INDEX_BITS:1]),
                .wdata_i(array_write_data_i),
                .rdata_o(bank_data[b*WORD_BITS +: WORD_BITS])
            );
            wire unused_ok = &{1'b0, bank};
        end
    endgenerate

    reg [BANK_BITS-1:0] read_bank_q, vector_bank_q;
    always @(posedge clk) begin
        if (read)           read_bank_q   <= read_bank;
        if (vector_grant_o) vector_bank_q <= vector_bank;
    end
    aw_mux #(.WIDTH(WORD_BITS), .INPUTS(BANKS), .STRIDE(WORD_BITS)) u_array (
        .select_i(read_bank_q),
        .data_i  (bank_data),
        .data_o  (array_data_o)
    );
    aw_mux #(.WIDTH(WORD_BITS), .INPUTS(BANKS), .STRIDE(WORD_BITS)) u_vector (
        .select_i(vector_bank_q),
        .data_i  (bank_data),
        .data_o  (vector_data_o)
    );

    wire unused_ok = &{1'b0, words};
endmodule

`default_nettype wire
