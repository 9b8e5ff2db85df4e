// Depthwise window: gives every column of a broadcast array its own taps of its own channel.
//
//   pixel ---> share ---+--> newest row ----+
//   (vector)            |                   v
//              line buffers: the rows   [ taps of column 0 ] -> array
//              before, per column  ---> [ taps of column 1 ] -> array ...
//
// A pixel shifts the window of every column c on by rows_i taps: channel c / share of this pixel
// and of the rows_i - 1 rows streamed before it, newest row first. So tap
// age * rows_i + row holds the pixel `age` columns and `row` streamed rows back; what lies behind
// meets zero weights. All other vectors go to all columns alike.
//
// Windows of columns_i columns are complete in the rows prime_i, prime_i + stride_y_i, ... of a
// tile and there in the columns columns_i - 1, columns_i - 1 + stride_x_i, ...: emit_o. The last
// pixel of a command always makes a step, so that the command ends.
//
// Line buffers: two single-port RAMs by column parity; a pixel reads its word and writes it back
// one cycle later, with this row added and the oldest dropped. Rows lie from word 16 *
// line_start_i on and stay there from command to command, so that several channel tiles can take
// turns. Column 0 of a row of odd length lies in registers (one place, line_start_i 0), or it would
// meet the last column in one RAM. Commands are at least one cycle apart. Latency: a pixel is in the
// window three cycles after its read.
//
//   ROWS, COLS  1 to 64 taps of a column, columns
//   LINES       rows kept, >= 1; rows_i is 1 to LINES + 1
//   LINE_WORDS  words of a line buffer, a power of two from 32 on
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_window #(
    parameter ROWS       = 16,
    parameter COLS       = 16,
    parameter LINES      = 2,
    parameter LINE_WORDS = 512,
    parameter START_BITS = 5,             // $clog2(LINE_WORDS / 16)
    parameter COUNT_BITS = 2,             // counts 0 to LINES + 1
    parameter BITS       = 8              // of a lane
) (
    input  wire                   clk,
    input  wire                   rst_n,
    // Command and the sequencer's nest
    input  wire                   stream_i,    // the command streams pixels
    input  wire [7:0]             columns_i,
    input  wire [7:0]             rows_i,
    input  wire [3:0]             share_i,     // columns of a channel, 1 to 8
    input  wire [3:0]             prime_i,
    input  wire [2:0]             stride_x_i,
    input  wire [2:0]             stride_y_i,
    input  wire [START_BITS-1:0]  line_start_i,
    input  wire                   odd_i,       // rows of odd length
    input  wire                   start_i,
    input  wire                   advance_i,
    input  wire [2:0]             ends_i,      // {command, tile, row} ends with this read
    output wire [1:0]             emit_o,      // {this row, this read} makes a step
    output wire [START_BITS+COUNT_BITS+6:0] side_o,  // travels with the read:
    // A read, a step (one cycle later), its vector (two), the vectors of the columns (three)
    input  wire                   read_i,
    input  wire [START_BITS+COUNT_BITS+6:0] side_i,  // {line start, odd, share, rows, row end, pixel}
    input  wire                   step_valid_i,
    input  wire [ROWS*BITS-1:0]   vector_i,
    output wire [ROWS*COLS*BITS-1:0] vectors_o // column c: lanes c * ROWS to c * ROWS + ROWS - 1
);
    localparam COLUMN_BITS = START_BITS + 4;
    localparam LINE_BITS   = COLS * BITS;

    // ---- which pixels complete windows ----
    reg [7:0] x_left_q;                          // pixels before the next window of the row
    reg [3:0] y_left_q;                          // rows before the next row with windows
    wire      x_emit = x_left_q == 8'd0;
    wire      y_emit = y_left_q == 4'd0;
    assign emit_o = {!stream_i || y_emit, !stream_i || (x_emit && y_emit) || ends_i[2]};
    assign side_o = {line_start_i, odd_i, share_i, rows_i[COUNT_BITS-1:0], ends_i[0], stream_i};
    always @(posedge clk) begin
        if (start_i || (advance_i && ends_i[0])) x_left_q <= columns_i - 8'd1;
        else if (advance_i) x_left_q <= (x_emit ? {5'd0, stride_x_i} : x_left_q) - 8'd1;
        if (start_i || (advance_i && ends_i[1])) y_left_q <= prime_i;
        else if (advance_i && ends_i[0]) y_left_q <= (y_emit ? {1'b0, stride_y_i} : y_left_q) - 4'd1;
    end

    // ---- pixels on their way ----
    reg                   pixel_q, pixel_qq, row_end_q, load_qq;
    reg [COUNT_BITS-1:0]  rows_q, rows_qq;
    reg [3:0]             share_q, share_qq;
    reg [START_BITS-1:0]  start_q;
    reg                   odd_q, begin_q, is_first_qq;
    reg [COLUMN_BITS-1:0] column_q, column_qq;
    wire                  pixel = read_i && side_i[0];
    wire [COLUMN_BITS-1:0] column = begin_q ? {start_q, 4'd0} : column_q;
    wire                  is_first = begin_q && odd_q;
    always @(posedge clk) begin
        pixel_q   <= rst_n && pixel;
        pixel_qq  <= rst_n && pixel_q;
        row_end_q <= side_i[1];
        rows_q    <= pixel ? side_i[2 +: COUNT_BITS] : {COUNT_BITS{1'b0}};
        rows_qq   <= rows_q;
        share_q   <= side_i[COUNT_BITS+2 +: 4];
        share_qq  <= share_q;
        odd_q     <= side_i[COUNT_BITS+6];
        start_q   <= side_i[COUNT_BITS+7 +: START_BITS];
        load_qq   <= pixel_q || step_valid_i;
        column_qq   <= column;
        is_first_qq <= is_first;
        if (!rst_n) begin_q <= 1'b1;
        else if (pixel_q) begin_q <= row_end_q;
        if (pixel_q) column_q <= column + {{(COLUMN_BITS-1){1'b0}}, 1'b1};
    end

    // ---- rows of this pixel: line 0 is this row, line l the one streamed l rows before ----
    wire [(LINES+1)*LINE_BITS-1:0] lines;
    wire [2*LINES*LINE_BITS-1:0]   half_data;
    reg  [LINES*LINE_BITS-1:0]     first_q;      // column 0 of rows of odd length
    assign lines[LINE_BITS +: LINES*LINE_BITS] =
        is_first_qq  ? first_q :
        column_qq[0] ? half_data[LINES*LINE_BITS +: LINES*LINE_BITS] : half_data[0 +: LINES*LINE_BITS];
    always @(posedge clk) if (pixel_qq && is_first_qq) first_q <= lines[0 +: LINES*LINE_BITS];

    wire read  = pixel_q && !is_first;
    wire write = pixel_qq && !is_first_qq;
    genvar h, c, r, s;
    generate
        for (h = 0; h < 2; h = h + 1) begin : g_half
            wire here  = column[0] == (h == 1);
            wire there = column_qq[0] == (h == 1);
            aw_ram #(
                .LANES    (1),
                .LANE_BITS(LINES * LINE_BITS),
                .DEPTH    (LINE_WORDS / 2),
                .ADDR_BITS(COLUMN_BITS - 1)
            ) u_ram (
                .clk    (clk),
                .en_i   ((read && here) || (write && there)),
                .we_i   (write && there),
                .addr_i ((write && there) ? column_qq[COLUMN_BITS-1:1] : column[COLUMN_BITS-1:1]),
                .wdata_i(lines[0 +: LINES*LINE_BITS]),
                .rdata_o(half_data[h*LINES*LINE_BITS +: LINES*LINE_BITS])
            );
        end
        for (c = 0; c < COLS; c = c + 1) begin : g_column
            wire [9*BITS-1:0] sources;                      // by share; 0 is none
            assign sources[BITS-1:0] = {BITS{1'b0}};
            for (s = 1; s <= 8; s = s + 1) begin : g_share
                if (c / s < ROWS) begin : g_lane
                    assign sources[s*BITS +: BITS] = vector_i[c/s*BITS +: BITS];
                end else begin : g_none
                    assign sources[s*BITS +: BITS] = {BITS{1'b0}};
                end
            end
            aw_mux #(.WIDTH(BITS), .INPUTS(9), .STRIDE(BITS)) u_share (
                .select_i(share_qq),
                .data_i  (sources),
                .data_o  (lines[c*BITS +: BITS])
            );

            wire [(LINES+1)*BITS-1:0] entering;
            for (r = 0; r <= LINES; r = r + 1) begin : g_entering
                assign entering[r*BITS +: BITS] = lines[r*LINE_BITS+c*BITS +: BITS];
            end
            // Shifted by 0 (a plain vector), 1, ... LINES + 1 taps.
            reg  [ROWS*BITS-1:0]           window_q;
            wire [(LINES+2)*ROWS*BITS-1:0] shifts;
            wire [ROWS*BITS-1:0]           next;
            assign shifts[0 +: ROWS*BITS] = vector_i;
            for (r = 1; r <= LINES + 1; r = r + 1) begin : g_shift
                if (r < ROWS) begin : g_on
                    assign shifts[r*ROWS*BITS +: ROWS*BITS] = {window_q[0 +: (ROWS-r)*BITS], entering[0 +: r*BITS]};
                end else begin : g_new
                    assign shifts[r*ROWS*BITS +: ROWS*BITS] = entering[0 +: ROWS*BITS];
                end
            end
            aw_mux #(.WIDTH(ROWS * BITS), .INPUTS(LINES + 2), .STRIDE(ROWS * BITS)) u_shift (
                .select_i(rows_qq),
                .data_i  (shifts),
                .data_o  (next)
            );
            always @(posedge clk) if (load_qq) window_q <= next;
            assign vectors_o[c*ROWS*BITS +: ROWS*BITS] = window_q;
            wire unused_ok = &{1'b0, entering};
        end
    endgenerate
    wire unused_ok = &{1'b0, lines, rows_i};
endmodule

`default_nettype wire
