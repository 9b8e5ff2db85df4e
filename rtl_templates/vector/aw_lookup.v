// Lookup table of one lane: a function of one byte, 256 bytes, written four at a time.
//
// Latency: one cycle, also when use_i is low (then the byte passes unchanged). A write takes the
// memory: no result may be looked up in that cycle (the compiler's tokens see to it).
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_lookup (
    input  wire        clk,
    input  wire        use_i,
    input  wire [7:0]  byte_i,         // two's complement: entry byte_i + 128
    output wire [7:0]  byte_o,
    input  wire        write_i,
    input  wire [5:0]  write_addr_i,   // four entries
    input  wire [31:0] write_data_i
);
    wire [7:0]  entry = {~byte_i[7], byte_i[6:0]};
    wire [31:0] row;
    aw_ram #(.LANES(1), .LANE_BITS(32), .DEPTH(64), .ADDR_BITS(6)) u_table (
        .clk    (clk),
        .en_i   (write_i || use_i),
        .we_i   (write_i),
        .addr_i (write_i ? write_addr_i : entry[7:2]),
        .wdata_i(write_data_i),
        .rdata_o(row)
    );

    reg       use_q;
    reg [7:0] byte_q;
    reg [1:0] place_q;
    always @(posedge clk) begin
        use_q   <= use_i;
        byte_q  <= byte_i;
        place_q <= entry[1:0];
    end
    wire [7:0] found;
    aw_mux #(.WIDTH(8), .INPUTS(4), .STRIDE(8)) u_found (.select_i(place_q), .data_i(row), .data_o(found));
    assign byte_o = use_q ? found : byte_q;
endmodule

`default_nettype wire
