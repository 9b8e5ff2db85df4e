// Tap walk: activation addresses of the operands of every result of a COMBINE command.
//
// The owner walks results (channel group, column, row, tile) and says which step comes next; this
// module walks the taps of one result, count_kx x count_ky of them, kx innermost.
// One tap a cycle; the address of the first tap is ready in the cycle after start_i or next_*_i.
//
//   ADDR_BITS  activation byte address, modular
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_taps #(
    parameter ADDR_BITS = 18
) (
    input  wire                 clk,
    input  wire                 start_i,
    input  wire [ADDR_BITS-1:0] in_addr_i, group_pitch_i, x_pitch_i, y_pitch_i, n_pitch_i,
    input  wire [ADDR_BITS-1:0] kx_pitch_i, ky_pitch_i,
    input  wire [7:0]           count_kx_i, count_ky_i,
    input  wire                 tap_i,          // the tap at addr_o is being read
    input  wire                 next_group_i,   // with the last tap: which result is next
    input  wire                 next_x_i,
    input  wire                 next_y_i,       // none of the three: next tile
    output wire [ADDR_BITS-1:0] addr_o,
    output wire                 first_o,
    output wire                 odd_o,          // odd column of taps
    output wire                 last_o
);
    reg [ADDR_BITS-1:0] addr_q, tap_row_q, base_q, base_x_q, base_y_q, base_n_q;
    reg [7:0]           kx_q, ky_q;

    wire last_kx = kx_q == count_kx_i - 8'd1;
    wire last_ky = ky_q == count_ky_i - 8'd1;
    assign addr_o  = addr_q;
    assign first_o = kx_q == 8'd0 && ky_q == 8'd0;
    assign odd_o   = kx_q[0];
    assign last_o  = last_kx && last_ky;

    wire [ADDR_BITS-1:0] next_base = next_group_i ? base_q + group_pitch_i :
                                     next_x_i     ? base_x_q + x_pitch_i :
                                     next_y_i     ? base_y_q + y_pitch_i : base_n_q + n_pitch_i;
    wire [ADDR_BITS-1:0] next_row  = tap_row_q + ky_pitch_i;

    always @(posedge clk) begin
        if (start_i) begin
            addr_q    <= in_addr_i;
            tap_row_q <= in_addr_i;
            base_q    <= in_addr_i;
            base_x_q  <= in_addr_i;
            base_y_q  <= in_addr_i;
            base_n_q  <= in_addr_i;
            kx_q      <= 8'd0;
            ky_q      <= 8'd0;
        end else if (tap_i) begin
            kx_q <= last_kx ? 8'd0 : kx_q + 8'd1;
            if (!last_kx) begin
                addr_q <= addr_q + kx_pitch_i;
            end else if (!last_ky) begin
                ky_q      <= ky_q + 8'd1;
                addr_q    <= next_row;
                tap_row_q <= next_row;
            end else begin
                ky_q      <= 8'd0;
                addr_q    <= next_base;
                tap_row_q <= next_base;
                base_q    <= next_base;
                if (!next_group_i) base_x_q <= next_base;
                if (!next_group_i && !next_x_i) base_y_q <= next_base;
                if (!next_group_i && !next_x_i && !next_y_i) base_n_q <= next_base;
            end
        end
    end
endmodule

`default_nettype wire
