// Load unit: executes LOAD commands, DRAM to activation buffer, weight buffer or parameter tables.
//
// The front end turns the command at the queue head into bursts; the back end writes arriving
// beats, so several bursts, also of different commands, are in flight. A command signals its
// tokens when its last byte is written. Beats are never shifted: bus and activation address of a
// segment must agree modulo BUS_BYTES (the compiler places tensors so), else BAD_FIELD.
//
//   queue -> segments -> AR        R -> beat register -> activation buffer
//                    \-> bursts in flight ->/         -> gearbox -> weight buffer
//                                                     -> parameter tables
//
//   OUTSTANDING  bursts in flight, 1 to 16
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_load #(
    parameter ADDRESS_BITS = 32,
    parameter BUS_BYTES    = 16,
    parameter BURST_BYTES  = 4096,
    parameter OUTSTANDING  = 4,
    parameter BUFFER_BITS  = 18,     // widest buffer address
    parameter RUN_BITS     = 24,
    parameter INDEX_BITS   = 24,     // command index
    parameter ROWS         = 16,
    parameter COLS         = 16,
    parameter WRITE_COLS   = 1,
    parameter COL_BITS     = 5,      // counts 1 to COLS
    parameter BIAS_BYTES   = 32,     // bytes of a row of the bias table
    parameter SCALE_BYTES  = 40,     // bytes of a row of the scale table
    parameter BEAT_BITS    = 2       // bus word within a parameter row
) (
    input  wire                    clk,
    input  wire                    rst_n,
    input  wire                    halt_i,
    // Command at the queue head
    input  wire                    command_valid,
    output wire                    command_ready,
    input  wire                    tokens_ok_i,
    output wire                    start_o,          // takes the tokens of the command
    input  wire [3:0]              signal_i,
    input  wire [INDEX_BITS-1:0]   index_i,
    input  wire [2:0]              target_i,         // 0 activation, 1 weight, 2 bias, 3 scale, 4 table
    input  wire [COL_BITS-1:0]     cols_i,           // columns of a weight tile in the image
    input  wire [ADDRESS_BITS+3*BUFFER_BITS+RUN_BITS+95:0] transfer_i,   // address and all behind it
    // Completion
    output wire [3:0]              signal_o,
    output wire                    idle_o,
    output wire                    drained_o,        // nothing outstanding on the bus
    output wire                    weights_o,        // what comes next is weights
    // AXI read
    output wire                    ar_valid,
    input  wire                    ar_ready,
    output wire [ADDRESS_BITS-1:0] ar_address,
    output wire [7:0]              ar_len,
    input  wire                    r_valid,
    output wire                    r_ready,
    input  wire [BUS_BYTES*8-1:0]  r_data,
    input  wire [1:0]              r_resp,
    input  wire                    r_last,
    // Activation buffer
    output wire                    activation_request_o,
    input  wire                    activation_grant_i,
    output wire [BUFFER_BITS-1:0]  write_addr_o,     // shared by the activation and bias/scale ports
    output wire [BUS_BYTES-1:0]    activation_mask_o,
    output wire [BUS_BYTES*8-1:0]  write_data_o,
    // Weight buffer
    output wire                    weight_request_o,
    input  wire                    weight_grant_i,
    output wire [BUFFER_BITS-1:0]  weight_addr_o,
    output wire [COLS-1:0]         weight_cols_o,
    output wire [WRITE_COLS*ROWS*8-1:0] weight_data_o,
    // Parameter tables: {scale, bias}
    output wire [2:0]              parameter_request_o,   // lookup, scale, bias table
    input  wire [2:0]              parameter_grant_i,
    output wire [BEAT_BITS-1:0]    parameter_beat_o,
    // Errors
    output wire                    error_valid_o,
    output wire [3:0]              error_code_o,
    output wire [ADDRESS_BITS-1:0] error_address_o,
    output wire                    field_error_o,
    output wire [INDEX_BITS-1:0]   write_index_o     // command whose data is being written
);
    localparam OFFSET_BITS = $clog2(BUS_BYTES);

    // ---- front end ----
    wire                    running, burst_valid, burst_ready, burst_last;
    wire [ADDRESS_BITS-1:0] burst_address;
    wire [BUFFER_BITS-1:0]  burst_buffer;
    wire [OFFSET_BITS-1:0]  burst_end;

    aw_segments #(
        .BUS_BYTES   (BUS_BYTES),
        .BURST_BYTES (BURST_BYTES),
        .ADDRESS_BITS(ADDRESS_BITS),
        .BUFFER_BITS (BUFFER_BITS),
        .RUN_BITS    (RUN_BITS)
    ) u_segments (
        .clk          (clk),
        .rst_n        (rst_n),
        .halt_i       (halt_i),
        .command_valid(command_valid),
        .command_ready(command_ready),
        .tokens_ok_i  (tokens_ok_i),
        .start_o      (start_o),
        .running_o    (running),
        .transfer_i   (transfer_i),
        .burst_valid  (burst_valid),
        .burst_ready  (burst_ready),
        .burst_address(burst_address),
        .burst_buffer (burst_buffer),
        .burst_end    (burst_end),
        .burst_len    (ar_len),
        .burst_last   (burst_last)
    );

    // ---- bursts in flight ----
    localparam FLIGHT_BITS = ADDRESS_BITS + BUFFER_BITS + OFFSET_BITS + 3 + COL_BITS + 4 + INDEX_BITS + 2;
    reg                   first_burst_q;                 // next burst is the first of its command
    wire                  flight_in_ready, flight_valid;
    wire                  flight_ready;
    wire [FLIGHT_BITS-1:0] flight_data;
    wire [ADDRESS_BITS-1:0] flight_address;
    wire [BUFFER_BITS-1:0]  flight_buffer;
    wire [OFFSET_BITS-1:0]  flight_end;
    wire [2:0]              flight_target;
    wire [COL_BITS-1:0]     flight_cols;
    wire [3:0]              flight_signal;
    wire [INDEX_BITS-1:0]   flight_index;
    wire                    flight_first, flight_last;
    assign {flight_address, flight_buffer, flight_end, flight_target, flight_cols, flight_signal, flight_index,
            flight_first, flight_last} = flight_data;

    assign ar_valid    = burst_valid && flight_in_ready;
    assign ar_address  = {burst_address[ADDRESS_BITS-1:OFFSET_BITS], {OFFSET_BITS{1'b0}}};
    assign burst_ready = ar_ready && flight_in_ready;

    always @(posedge clk) begin
        if (!rst_n || start_o) first_burst_q <= 1'b1;
        else if (ar_valid && ar_ready) first_burst_q <= 1'b0;
    end

    aw_fifo #(
        .WIDTH(FLIGHT_BITS),
        .DEPTH(OUTSTANDING)
    ) u_flight (
        .clk      (clk),
        .rst_n    (rst_n),
        .in_valid (burst_valid && ar_ready),
        .in_ready (flight_in_ready),
        .in_data  ({burst_address, burst_buffer, burst_end, target_i, cols_i, signal_i, index_i,
                    first_burst_q, burst_last}),
        .out_valid(flight_valid),
        .out_ready(flight_ready),
        .out_data (flight_data)
    );

    // ---- back end: beat register ----
    reg                    beat_valid_q, first_beat_q;
    reg [BUS_BYTES*8-1:0]  data_q;
    reg [BUS_BYTES-1:0]    mask_q;
    reg [BUFFER_BITS-1:0]  addr_q;
    reg [2:0]              target_q;
    reg [3:0]              signal_q;
    reg [INDEX_BITS-1:0]   index_q;
    reg [OFFSET_BITS:0]    bytes_q;                        // bytes of the beat, if it starts at 0
    reg                    command_first_q, command_last_q;   // first, last beat of a command
    wire                   beat_done;
    wire [BUS_BYTES-1:0]   mask;

    assign r_ready      = flight_valid && (!beat_valid_q || beat_done);
    wire   take_beat    = r_valid && r_ready;
    assign flight_ready = take_beat && r_last;

    aw_beat_mask #(.BUS_BYTES(BUS_BYTES)) u_mask (
        .first_i (first_beat_q),
        .last_i  (r_last),
        .offset_i(flight_address[OFFSET_BITS-1:0]),
        .end_i   (flight_end),
        .mask_o  (mask)
    );

    always @(posedge clk) begin
        if (!rst_n) begin
            beat_valid_q <= 1'b0;
            first_beat_q <= 1'b1;
        end else begin
            if (take_beat) begin
                beat_valid_q <= 1'b1;
                first_beat_q <= r_last;
            end else if (beat_done) begin
                beat_valid_q <= 1'b0;
            end
        end
    end

    always @(posedge clk) begin
        if (take_beat) begin
            data_q          <= r_data;
            bytes_q         <= r_last ? {1'b0, flight_end} + {{OFFSET_BITS{1'b0}}, 1'b1}
                                      : BUS_BYTES[OFFSET_BITS:0];
            mask_q          <= mask;
            addr_q          <= first_beat_q
                               ? {flight_buffer[BUFFER_BITS-1:OFFSET_BITS], {OFFSET_BITS{1'b0}}}
                               : addr_q + BUS_BYTES[BUFFER_BITS-1:0];
            target_q        <= flight_target;
            signal_q        <= flight_signal;
            index_q         <= flight_index;
            command_first_q <= flight_first && first_beat_q;
            command_last_q  <= flight_last && r_last;
        end
    end

    assign write_addr_o         = (target_q[1] || target_q[2]) ? row_q : addr_q;
    assign write_data_o         = data_q;
    assign write_index_o        = index_q;
    assign activation_request_o = beat_valid_q && target_q == 3'd0 && !unpacking_q && !halt_i;
    assign activation_mask_o    = mask_q;

    // ---- weights: gearbox, then column by column, row by row ----
    localparam TAKE_BITS = $clog2(WRITE_COLS + 1);
    reg  [COL_BITS-1:0]    cols_q;           // columns of a tile
    reg  [COL_BITS-1:0]    col_q;            // first column of the next word
    reg  [BUFFER_BITS-1:0] tile_q;
    reg                    unpacking_q;      // last beat is in the gearbox, words are still to come
    wire [COL_BITS-1:0]    cols_left     = cols_q - col_q;
    wire                   at_last_group;
    wire [TAKE_BITS-1:0]   take_cols     = at_last_group ? cols_left[TAKE_BITS-1:0]
                                                         : WRITE_COLS[TAKE_BITS-1:0];
    generate
        if (COLS == WRITE_COLS) begin : g_whole_tile
            assign at_last_group = 1'b1;
        end else begin : g_part_tile
            assign at_last_group = cols_left <= WRITE_COLS[COL_BITS-1:0];
        end
    endgenerate
    wire                   gear_in_ready, gear_out_valid;
    wire                   weight_beat   = beat_valid_q && target_q == 3'd1;
    wire                   weight_done   = weight_request_o && weight_grant_i;
    // The first beat of a command waits until the tile counter is loaded.
    reg                    tile_loaded_q;
    wire                   load_tile     = weight_beat && command_first_q && !tile_loaded_q && !unpacking_q;
    wire                   gear_push     = weight_beat && (!command_first_q || tile_loaded_q)
                                           && !unpacking_q && !halt_i;

    aw_gearbox #(
        .IN_BYTES  (BUS_BYTES),
        .UNIT_BYTES(ROWS),
        .OUT_UNITS (WRITE_COLS),
        .TAKE_BITS (TAKE_BITS)
    ) u_gearbox (
        .clk         (clk),
        .rst_n       (rst_n),
        .flush_i     (load_tile),
        .take_units_i(take_cols),
        .in_valid    (gear_push),
        .in_ready    (gear_in_ready),
        .in_data     (data_q),
        .in_bytes_i  (bytes_q),
        .out_valid   (gear_out_valid),
        .out_ready   (weight_grant_i || halt_i),
        .out_data    (weight_data_o)
    );

    assign weight_request_o = gear_out_valid && !halt_i;
    assign weight_addr_o    = tile_q;
    genvar c;
    generate
        for (c = 0; c < COLS; c = c + 1) begin : g_column
            // A word holds the columns col_q .. col_q + WRITE_COLS - 1, col_q a multiple of it.
            wire [31:0] first = c - c % WRITE_COLS;
            wire [31:0] column = c;
            assign weight_cols_o[c] = col_q == first[COL_BITS-1:0] && column[COL_BITS-1:0] < cols_q;
            wire unused_ok = &{1'b0, first, column};
        end
    endgenerate

    // A wire gearbox empties with the beat itself; a repacking one afterwards.
    localparam REPACKS = (BUS_BYTES != ROWS) || (WRITE_COLS != 1);
    wire gear_pushed    = gear_push && gear_in_ready;
    wire unpacking_ends = unpacking_q && !gear_out_valid;

    always @(posedge clk) begin
        if (!rst_n) begin
            tile_loaded_q <= 1'b0;
            unpacking_q   <= 1'b0;
        end else begin
            if (load_tile) tile_loaded_q <= 1'b1;
            else if (gear_pushed) tile_loaded_q <= 1'b0;
            if (REPACKS && gear_pushed && command_last_q) unpacking_q <= 1'b1;
            else if (unpacking_ends || halt_i) unpacking_q <= 1'b0;
        end
        if (load_tile) begin
            tile_q <= addr_tile_q;
            col_q  <= {COL_BITS{1'b0}};
            cols_q <= new_cols_q;
        end else if (weight_done) begin
            col_q <= at_last_group ? {COL_BITS{1'b0}} : col_q + WRITE_COLS[COL_BITS-1:0];
            if (at_last_group) tile_q <= tile_q + {{(BUFFER_BITS-1){1'b0}}, 1'b1};
        end
    end

    // ---- parameters: bus word within the row, row after row ----
    localparam BIAS_BEATS  = (BIAS_BYTES + BUS_BYTES - 1) / BUS_BYTES;
    localparam SCALE_BEATS = (SCALE_BYTES + BUS_BYTES - 1) / BUS_BYTES;
    wire [31:0] last_bias  = BIAS_BEATS - 1;
    wire [31:0] last_scale = SCALE_BEATS - 1;
    reg  [BUFFER_BITS-1:0] row_q, addr_tile_q;     // buffer address of the command, not aligned
    reg  [COL_BITS-1:0]    new_cols_q;
    reg  [BEAT_BITS-1:0]   beat_q;
    // A row of the lookup table is one bus word.
    wire row_end = target_q[2] || beat_q == (target_q[0] ? last_scale[BEAT_BITS-1:0] : last_bias[BEAT_BITS-1:0]);
    wire parameter_beat = beat_valid_q && (target_q[1] || target_q[2]) && !unpacking_q && !halt_i;
    wire parameter_done = |(parameter_request_o & parameter_grant_i);

    assign parameter_request_o = {parameter_beat && target_q[2],
                                  parameter_beat && !target_q[2] && target_q[0],
                                  parameter_beat && !target_q[2] && !target_q[0]};
    assign parameter_beat_o    = beat_q;

    always @(posedge clk) begin
        if (take_beat && flight_first && first_beat_q) begin
            row_q       <= flight_buffer;
            addr_tile_q <= flight_buffer;
            new_cols_q  <= flight_cols;
            beat_q      <= {BEAT_BITS{1'b0}};
        end else if (parameter_done) begin
            beat_q <= row_end ? {BEAT_BITS{1'b0}} : beat_q + 1'b1;
            if (row_end) row_q <= row_q + {{(BUFFER_BITS-1){1'b0}}, 1'b1};
        end
    end

    // ---- completion and errors ----
    assign beat_done = halt_i || (activation_request_o && activation_grant_i) || gear_pushed
                       || parameter_done;
    reg  [3:0] unpacked_signal_q;
    always @(posedge clk) if (gear_pushed) unpacked_signal_q <= signal_q;
    wire command_done = beat_done && beat_valid_q && command_last_q && !(REPACKS && target_q == 3'd1);
    assign signal_o = halt_i         ? 4'd0 :
                      command_done   ? signal_q :
                      unpacking_ends ? unpacked_signal_q : 4'd0;

    assign idle_o    = !running && !command_valid && !flight_valid && !beat_valid_q && !unpacking_q;
    assign drained_o = !burst_valid && !flight_valid;
    assign weights_o = flight_valid ? flight_target == 3'd1 : command_valid && target_i == 3'd1;

    assign error_valid_o   = take_beat && r_resp[1];
    assign error_code_o    = r_resp[0] ? 4'd8 : 4'd7;      // LOAD_DECERR, LOAD_SLVERR
    assign error_address_o = flight_address;

    // Parameters and weights start on a bus word; activations agree with the bus modulo its width.
    wire misplaced = (target_i == 3'd0)
        ? burst_address[OFFSET_BITS-1:0] != burst_buffer[OFFSET_BITS-1:0]
        : burst_address[OFFSET_BITS-1:0] != {OFFSET_BITS{1'b0}};
    assign field_error_o = ar_valid && ar_ready && misplaced;

    wire unused_ok = &{1'b0, cols_left, last_bias, last_scale, r_resp};
endmodule

`default_nettype wire
