// Command fetch: reads the program in bursts of up to four 64-byte commands into a FIFO.
//
// At most two bursts are outstanding, and one is requested only when the FIFO has room for all of
// it: fetched commands never block the read channel that the load unit shares. At the start of a
// program two bursts come at once, in the shadow of the read latency; what follows waits behind the
// first load commands, which decide when the array can start.
// Latency: first command two cycles after its last beat, two more with BLOCK_RAM.
//
//   BUS_BYTES  4 to 64
//   DEPTH      commands in the FIFO, >= 4
//   BLOCK_RAM  1: the FIFO is a block RAM of beats
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_fetch #(
    parameter ADDRESS_BITS = 32,
    parameter BUS_BYTES    = 16,
    parameter DEPTH        = 8,
    parameter BLOCK_RAM    = 0,
    parameter INDEX_BITS   = 24
) (
    input  wire                    clk,
    input  wire                    rst_n,
    input  wire                    halt_i,
    input  wire                    start_i,
    input  wire [ADDRESS_BITS-1:0] address_i,      // 64-byte aligned
    input  wire [INDEX_BITS-1:0]   commands_i,
    input  wire                    load_valid_i,   // the load unit has a command,
    input  wire                    load_burst_i,   // ... requests a burst,
    input  wire                    load_taken_i,   // ... has requested all bursts of it
    output wire                    done_o,         // every command has left the FIFO
    output wire                    drained_o,      // nothing outstanding on the bus
    output wire                    ar_valid,
    input  wire                    ar_ready,
    output wire [ADDRESS_BITS-1:0] ar_address,
    output wire [7:0]              ar_len,
    input  wire                    r_valid,
    output wire                    r_ready,
    input  wire [BUS_BYTES*8-1:0]  r_data,
    input  wire [1:0]              r_resp,
    output wire                    command_valid,
    input  wire                    command_ready,
    output wire [511:0]            command_data,
    output wire [INDEX_BITS-1:0]   command_index,
    output wire                    error_valid_o,
    output wire [3:0]              error_code_o,
    output wire [ADDRESS_BITS-1:0] error_address_o
);
    localparam BEATS     = 64 / BUS_BYTES;
    localparam BEAT_BITS = (BEATS > 1) ? $clog2(BEATS) : 1;
    localparam ROOM_BITS = $clog2(DEPTH + 1);

    // ---- request bursts up to the next 256-byte boundary ----
    reg                    valid_q;
    reg [ADDRESS_BITS-1:0] address_q, burst_address_q;
    reg [INDEX_BITS-1:0]   left_q;          // commands not yet requested
    reg [2:0]              burst_q;         // commands of the offered burst
    reg [ROOM_BITS-1:0]    room_q;          // FIFO slots not promised to a burst
    // The first burst is offered in the cycle of the start.
    wire [ADDRESS_BITS-1:0] address = start_i ? address_i : address_q;
    wire [INDEX_BITS-1:0]   left    = start_i ? commands_i : left_q;
    wire [2:0] to_boundary = 3'd4 - {1'b0, address[7:6]};
    wire [2:0] burst       = (left < {{(INDEX_BITS-3){1'b0}}, to_boundary}) ? left[2:0] : to_boundary;
    wire       any_left    = left != {INDEX_BITS{1'b0}};
    wire       has_room    = room_q >= {{(ROOM_BITS-3){1'b0}}, burst};
    wire       may_follow  = has_room && !valid_q && !two_in_flight && !held;
    wire       offer       = any_left && (start_i || may_follow) && !halt_i;
    wire       pop         = command_valid && command_ready;

    wire [7:0] burst_beats = {5'd0, burst_q} << $clog2(BEATS);
    assign ar_valid   = valid_q;
    assign ar_address = burst_address_q;
    assign ar_len     = burst_beats - 8'd1;

    always @(posedge clk) begin
        if (!rst_n) begin
            valid_q <= 1'b0;
            left_q  <= {INDEX_BITS{1'b0}};
            room_q  <= DEPTH[ROOM_BITS-1:0];
        end else begin
            if (offer) left_q <= left - {{(INDEX_BITS-3){1'b0}}, burst};
            if (offer) valid_q <= 1'b1;
            else if (ar_ready) valid_q <= 1'b0;
            room_q <= room_q - (offer ? {{(ROOM_BITS-3){1'b0}}, burst} : {ROOM_BITS{1'b0}})
                      + {{(ROOM_BITS-1){1'b0}}, pop};
        end
        if (offer) begin
            address_q       <= address + {{(ADDRESS_BITS-9){1'b0}}, burst, 6'd0};
            burst_address_q <= address;
            burst_q         <= burst;
        end
    end

    // ---- collect the beats of a command ----
    reg  [BEAT_BITS-1:0]   beat_q;
    reg  [INDEX_BITS-1:0]  received_q, index_q;   // commands that have come, that were taken
    wire [31:0]            last_beat  = BEATS - 1;
    wire                   whole_beat = beat_q == last_beat[BEAT_BITS-1:0];
    wire                   take       = r_valid && r_ready;
    assign r_ready = 1'b1;                  // room was promised
    always @(posedge clk) begin
        if (!rst_n || start_i) begin
            beat_q     <= {BEAT_BITS{1'b0}};
            received_q <= {INDEX_BITS{1'b0}};
        end else if (take) begin
            beat_q <= whole_beat ? {BEAT_BITS{1'b0}} : beat_q + 1'b1;
            if (whole_beat) received_q <= received_q + {{(INDEX_BITS-1){1'b0}}, 1'b1};
        end
    end

    wire waiting;                           // a command has come and was not taken
    generate
        if (BLOCK_RAM != 0) begin : g_beats
            aw_command_beats #(.BUS_BYTES(BUS_BYTES), .DEPTH(DEPTH)) u_beats (
                .clk(clk), .rst_n(rst_n && !start_i), .in_valid(take), .in_data(r_data),
                .out_valid(command_valid), .out_ready(command_ready), .out_data(command_data)
            );
            assign waiting = index_q != received_q;
        end else begin : g_commands
            wire         fifo_ready;
            wire [511:0] command;
            if (BEATS > 1) begin : g_assemble
                reg [511-BUS_BYTES*8:0] beats_q;
                assign command = {r_data, beats_q};
                always @(posedge clk) if (take) beats_q <= command[511:BUS_BYTES*8];
            end else begin : g_direct
                assign command = r_data;
            end
            aw_fifo #(.WIDTH(512), .DEPTH(DEPTH)) u_commands (
                .clk(clk), .rst_n(rst_n), .in_valid(take && whole_beat), .in_ready(fifo_ready),
                .in_data(command), .out_valid(command_valid), .out_ready(command_ready), .out_data(command_data)
            );
            assign waiting = command_valid;
            wire unused_ok = &{1'b0, fifo_ready};
        end
    endgenerate

    always @(posedge clk) begin
        if (!rst_n || start_i) index_q <= {INDEX_BITS{1'b0}};
        else if (pop) index_q <= index_q + {{(INDEX_BITS-1){1'b0}}, 1'b1};
    end
    assign command_index = index_q;

    // ---- state ----
    reg  [INDEX_BITS-1:0] requested_q;
    wire taken_ar = ar_valid && ar_ready;
    always @(posedge clk) begin
        if (!rst_n || start_i) requested_q <= {INDEX_BITS{1'b0}};
        else if (taken_ar) requested_q <= requested_q + {{(INDEX_BITS-3){1'b0}}, burst_q};
    end
    assign drained_o = !valid_q && requested_q == received_q;

    // Bursts end at 256-byte boundaries: the last command of one has index 3 within it, or is the last.
    reg  [1:0] flight_q;
    wire       burst_end = take && whole_beat && (&received_low || received_q + {{(INDEX_BITS-1){1'b0}}, 1'b1} == requested_q);
    wire [1:0] received_low = address_i[7:6] + received_q[1:0];
    wire       two_in_flight = flight_q == 2'd2;
    always @(posedge clk) begin
        if (!rst_n || start_i) flight_q <= 2'd0;
        else if (taken_ar && !burst_end) flight_q <= flight_q + 2'd1;
        else if (!taken_ar && burst_end) flight_q <= flight_q - 2'd1;
    end
    assign done_o    = !any_left && drained_o && !waiting;

    // ---- start of a program: leave the read channel to the first loads ----
    // Until enough load commands have requested their bursts, or the load unit has nothing to do,
    // or so many bursts are on their way that commands between them cost little. On a narrow bus
    // already the second burst of commands is longer than the read latency hides.
    localparam [4:0] SECOND_LOADS = (BEATS > 4) ? 5'd2 : 5'd0;
    localparam [4:0] THIRD_LOADS  = 5'd4;
    localparam [4:0] LATER_LOADS  = 5'd6;
    localparam [4:0] LOAD_BURSTS  = 5'd16;
    reg  [4:0] loads_q, load_bursts_q;
    reg  [1:0] bursts_q;
    wire [4:0] wanted  = (bursts_q == 2'd0) ? 5'd0 :
                         (bursts_q == 2'd1) ? SECOND_LOADS :
                         (bursts_q == 2'd2) ? THIRD_LOADS : LATER_LOADS;
    wire       no_load = !load_valid_i && flight_q == 2'd0;
    wire       held    = loads_q < wanted && load_bursts_q != LOAD_BURSTS && !no_load;
    always @(posedge clk) begin
        if (!rst_n || start_i) begin
            loads_q       <= 5'd0;
            load_bursts_q <= 5'd0;
            bursts_q      <= {1'b0, start_i};
        end else begin
            if (load_taken_i && loads_q != LATER_LOADS) loads_q <= loads_q + 5'd1;
            if (load_burst_i && load_bursts_q != LOAD_BURSTS) load_bursts_q <= load_bursts_q + 5'd1;
            if (offer && bursts_q != 2'd3) bursts_q <= bursts_q + 2'd1;
        end
    end

    assign error_valid_o   = take && r_resp[1];
    assign error_code_o    = r_resp[0] ? 4'd6 : 4'd5;      // FETCH_DECERR, FETCH_SLVERR
    assign error_address_o = address_i + {{(ADDRESS_BITS-INDEX_BITS-6){1'b0}}, received_q, 6'd0};

    wire unused_ok = &{1'b0, last_beat, r_resp};
endmodule

`default_nettype wire
