// Front end of load and store: starts the command at the queue head when its tokens are there and
// turns its 3-D transfer into AXI bursts, one per two cycles at most.
//
// A transfer is count_y x count_x segments of run_bytes consecutive bytes. Bursts never cross a
// multiple of BURST_BYTES (which divides 4 KiB), start at any byte and end at any byte.
// Latency: the first burst is valid two cycles after start_o. halt_i ends the transfer after the
// burst that is already offered.
//
//   BUS_BYTES    4 to 64
//   BURST_BYTES  min(4096, 256 * BUS_BYTES)
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_segments #(
    parameter BUS_BYTES     = 16,
    parameter BURST_BYTES   = 4096,
    parameter ADDRESS_BITS  = 32,
    parameter BUFFER_BITS   = 18,
    parameter RUN_BITS      = 24,
    parameter TRANSFER_BITS = ADDRESS_BITS + 3 * BUFFER_BITS + RUN_BITS + 96
) (
    input  wire                         clk,
    input  wire                         rst_n,
    input  wire                         halt_i,
    input  wire                         command_valid,
    output wire                         command_ready,
    input  wire                         tokens_ok_i,
    output wire                         start_o,         // takes the tokens of the command
    output wire                         running_o,
    input  wire [TRANSFER_BITS-1:0]     transfer_i,
    output wire                         burst_valid,
    input  wire                         burst_ready,
    output wire [ADDRESS_BITS-1:0]      burst_address,
    output wire [BUFFER_BITS-1:0]       burst_buffer,
    output wire [$clog2(BUS_BYTES)-1:0] burst_end,       // lane of its last byte
    output wire [7:0]                   burst_len,       // AXI: beats - 1
    output wire                         burst_last       // last burst of the transfer
);
    localparam BURST_BITS = $clog2(BURST_BYTES);
    localparam BEAT_BITS  = $clog2(BUS_BYTES);

    // ---- the transfer, by the names of the command's fields ----
    wire [ADDRESS_BITS-1:0] address;
    wire [BUFFER_BITS-1:0]  buffer, buffer_stride_x, buffer_stride_y;
    wire [RUN_BITS-1:0]     run_bytes;
    wire [15:0]             count_x, count_y;
    wire [31:0]             stride_x, stride_y;
    assign {buffer_stride_y, buffer_stride_x, stride_y, stride_x, count_y, count_x, run_bytes, buffer,
            address} = transfer_i;

    reg                    running_q, active_q;
    reg [15:0]             x_q, y_q;
    reg [RUN_BITS-1:0]     left_q;                       // bytes left in this segment
    reg [ADDRESS_BITS-1:0] address_q, row_address_q, segment_address_q;
    reg [BUFFER_BITS-1:0]  buffer_q, row_buffer_q, segment_buffer_q;

    // ---- next burst: up to the next multiple of BURST_BYTES ----
    wire [BURST_BITS:0]   room     = BURST_BYTES[BURST_BITS:0] - {1'b0, address_q[BURST_BITS-1:0]};
    wire                  fits     = left_q <= {{(RUN_BITS-BURST_BITS-1){1'b0}}, room};
    wire [BURST_BITS:0]   bytes    = fits ? left_q[BURST_BITS:0] : room;
    wire [BURST_BITS:0]   span     = {{(BURST_BITS+1-BEAT_BITS){1'b0}}, address_q[BEAT_BITS-1:0]} + bytes
                                     - {{BURST_BITS{1'b0}}, 1'b1};
    wire                  last_x   = x_q == count_x - 16'd1;
    wire                  last_y   = y_q == count_y - 16'd1;
    wire                  last     = fits && last_x && last_y;

    reg                    valid_q, last_q;
    reg [ADDRESS_BITS-1:0] burst_address_q;
    reg [BUFFER_BITS-1:0]  burst_buffer_q;
    reg [BEAT_BITS-1:0]    burst_end_q;
    reg [7:0]              burst_len_q;
    wire                   take = active_q && !halt_i && (!valid_q || burst_ready);

    wire [ADDRESS_BITS+31:0] wide_stride_x = {{ADDRESS_BITS{1'b0}}, stride_x};
    wire [ADDRESS_BITS+31:0] wide_stride_y = {{ADDRESS_BITS{1'b0}}, stride_y};
    wire [ADDRESS_BITS-1:0] next_x_address = segment_address_q + wide_stride_x[ADDRESS_BITS-1:0];
    wire [ADDRESS_BITS-1:0] next_y_address = row_address_q + wide_stride_y[ADDRESS_BITS-1:0];
    wire [BUFFER_BITS-1:0]  next_x_buffer  = segment_buffer_q + buffer_stride_x;
    wire [BUFFER_BITS-1:0]  next_y_buffer  = row_buffer_q + buffer_stride_y;

    wire   idle          = !active_q && !valid_q;
    assign start_o       = command_valid && tokens_ok_i && !running_q && !halt_i;
    assign command_ready = running_q && idle;
    assign running_o     = running_q;
    assign burst_valid   = valid_q;
    assign burst_address = burst_address_q;
    assign burst_buffer  = burst_buffer_q;
    assign burst_end     = burst_end_q;
    assign burst_len     = burst_len_q;
    assign burst_last    = last_q;

    wire [31:0] beats_minus_one = {{(31-BURST_BITS){1'b0}}, span} >> BEAT_BITS;

    always @(posedge clk) begin
        if (!rst_n) begin
            running_q <= 1'b0;
            active_q  <= 1'b0;
            valid_q   <= 1'b0;
        end else begin
            if (start_o) running_q <= 1'b1;
            else if (idle) running_q <= 1'b0;
            if (start_o) active_q <= 1'b1;
            else if (active_q && (halt_i || (take && last))) active_q <= 1'b0;
            if (take) valid_q <= 1'b1;
            else if (burst_ready) valid_q <= 1'b0;
        end
    end

    always @(posedge clk) begin
        if (start_o) begin
            x_q               <= 16'd0;
            y_q               <= 16'd0;
            left_q            <= run_bytes;
            address_q         <= address;
            row_address_q     <= address;
            segment_address_q <= address;
            buffer_q          <= buffer;
            row_buffer_q      <= buffer;
            segment_buffer_q  <= buffer;
        end else if (take) begin
            if (!fits) begin
                left_q    <= left_q - {{(RUN_BITS-BURST_BITS-1){1'b0}}, bytes};
                address_q <= address_q + {{(ADDRESS_BITS-BURST_BITS-1){1'b0}}, bytes};
                buffer_q  <= buffer_q + bytes_in_buffer;
            end else if (!last_x) begin
                x_q               <= x_q + 16'd1;
                left_q            <= run_bytes;
                address_q         <= next_x_address;
                segment_address_q <= next_x_address;
                buffer_q          <= next_x_buffer;
                segment_buffer_q  <= next_x_buffer;
            end else begin
                x_q               <= 16'd0;
                y_q               <= y_q + 16'd1;
                left_q            <= run_bytes;
                address_q         <= next_y_address;
                segment_address_q <= next_y_address;
                row_address_q     <= next_y_address;
                buffer_q          <= next_y_buffer;
                segment_buffer_q  <= next_y_buffer;
                row_buffer_q      <= next_y_buffer;
            end
        end
        if (take) begin
            burst_address_q <= address_q;
            burst_buffer_q  <= buffer_q;
            burst_end_q     <= span[BEAT_BITS-1:0];
            burst_len_q     <= beats_minus_one[7:0];
            last_q          <= last;
        end
    end

    // A buffer may be smaller than a burst: its address wraps, and the range check catches it.
    wire [BUFFER_BITS+BURST_BITS:0] wide_bytes = {{BUFFER_BITS{1'b0}}, bytes};
    wire [BUFFER_BITS-1:0] bytes_in_buffer = wide_bytes[BUFFER_BITS-1:0];

    wire unused_ok = &{1'b0, beats_minus_one, wide_bytes, wide_stride_x, wide_stride_y};
endmodule

`default_nettype wire
