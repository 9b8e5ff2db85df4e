// Lookup table of one lane: a function of one byte, 256 bytes, written a bus word at a time.
//
// Latency: one cycle, also when use_i is low (then the byte passes unchanged). A write takes the
// memory: no result may be looked up in that cycle (the compiler's tokens see to it).
//
//   BUS_BYTES  4 to 64
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_lookup #(
    parameter BUS_BYTES = 16
) (
    input  wire                    clk,
    input  wire                    use_i,
    input  wire [7:0]              byte_i,         // two's complement: entry byte_i + 128
    output wire [7:0]              byte_o,
    input  wire                    write_i,
    input  wire [7:0]              write_addr_i,   // row of BUS_BYTES entries
    input  wire [BUS_BYTES*8-1:0]  write_data_i
);
    localparam OFFSET_BITS = $clog2(BUS_BYTES);
    localparam ROWS        = 256 / BUS_BYTES;
    localparam ROW_BITS    = $clog2(ROWS);

    wire [7:0]             entry = {~byte_i[7], byte_i[6:0]};
    wire [BUS_BYTES*8-1:0] row;
    aw_ram #(
        .LANES    (1),
        .LANE_BITS(BUS_BYTES * 8),
        .DEPTH    (ROWS),
        .ADDR_BITS(ROW_BITS)
    ) u_table (
        .clk    (clk),
        .en_i   (write_i || use_i),
        .we_i   (write_i),
        .addr_i (write_i ? write_addr_i[ROW_BITS-1:0] : entry[7:OFFSET_BITS]),
        .wdata_i(write_data_i),
        .rdata_o(row)
    );

    reg                   use_q;
    reg [7:0]             byte_q;
    reg [OFFSET_BITS-1:0] offset_q;
    always @(posedge clk) begin
        use_q    <= use_i;
        byte_q   <= byte_i;
        offset_q <= entry[OFFSET_BITS-1:0];
    end
    wire [BUS_BYTES*8-1:0] shifted = row >> {offset_q, 3'b000};
    assign byte_o = use_q ? shifted[7:0] : byte_q;

    wire unused_ok = &{1'b0, write_addr_i, shifted};
endmodule

`default_nettype wire
