// Activation buffer: byte-addressed memory shared by array, load, vector and store unit.
//
// Storage: words of WORD_BYTES, even and odd words in separate single-port RAMs, so that an
// unaligned access (two neighbouring words) takes one cycle; GROUPS such pairs selected by the
// high address bits, so that units working in different groups never meet. A refused port
// repeats its request; see aw_arbiter.v.
//
//                 even words      odd words
//   group 0      [ RAM 0 ]       [ RAM 1 ]
//   group 1      [ RAM 2 ]       [ RAM 3 ]   ...
//
// Latency: read data one cycle after the grant.
// Ports: array reads two neighbouring words (lo at addr, hi the next one, each on request), which
// arrive as {odd word, even word};
// load writes and store reads one bus word inside a word; vector writes up to VECTOR_BYTES at
// any byte address, and reads operands like the array (without COMBINE the request is tied low).
// An access beyond SIZE_BYTES is dropped and flagged in range_error_o.
//
//   WORD_BYTES    power of two, >= BUS_BYTES and VECTOR_BYTES
//   GROUP_ROWS    rows of a RAM, power of two; the last group may be smaller (LAST_ROWS)
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_activation_buffer #(
    parameter WORD_BYTES   = 16,
    parameter BUS_BYTES    = 16,
    parameter VECTOR_BYTES = 8,
    parameter ADDR_BITS    = 18,
    parameter GROUPS       = 4,
    parameter GROUP_ROWS   = 1024,
    parameter LAST_ROWS    = 1024
) (
    input  wire                      clk,
    input  wire                      rst_n,
    // Array: read
    input  wire                      array_request_i,
    output wire                      array_grant_o,
    input  wire [ADDR_BITS-1:0]      array_addr_i,
    input  wire                      array_need_lo_i,
    input  wire                      array_need_hi_i,
    output wire [2*WORD_BYTES*8-1:0] array_data_o,
    // Load: write
    input  wire                      load_request_i,
    output wire                      load_grant_o,
    input  wire [ADDR_BITS-1:0]      load_addr_i,
    input  wire [BUS_BYTES-1:0]      load_mask_i,
    input  wire [BUS_BYTES*8-1:0]    load_data_i,
    // Vector: write
    input  wire                      vector_request_i,
    output wire                      vector_grant_o,
    input  wire [ADDR_BITS-1:0]      vector_addr_i,
    input  wire [VECTOR_BYTES-1:0]   vector_mask_i,
    input  wire [VECTOR_BYTES*8-1:0] vector_data_i,
    // Store: read
    input  wire                      store_request_i,
    output wire                      store_grant_o,
    input  wire [ADDR_BITS-1:0]      store_addr_i,
    output wire [BUS_BYTES*8-1:0]    store_data_o,
    // Vector: operands
    input  wire                      operand_request_i,
    output wire                      operand_grant_o,
    input  wire [ADDR_BITS-1:0]      operand_addr_i,
    input  wire                      operand_need_hi_i,
    output wire [2*WORD_BYTES*8-1:0] operand_data_o,
    // One flag a port: {operand, store, vector, load, array}
    output wire [4:0]                range_error_o
);
    localparam OFFSET_BITS = $clog2(WORD_BYTES);
    localparam WORD_BITS   = WORD_BYTES * 8;
    localparam ROW_BITS    = ADDR_BITS - OFFSET_BITS - 1;  // row of an even/odd pair
    localparam INDEX_BITS  = (GROUP_ROWS > 1) ? $clog2(GROUP_ROWS) : 1;
    localparam BANKS       = 2 * GROUPS;
    localparam TOTAL_ROWS  = (GROUPS - 1) * GROUP_ROWS + LAST_ROWS;
    localparam GROUP_BITS  = (GROUPS > 1) ? $clog2(GROUPS) : 1;

    // ---- requests: rows of the even and of the odd RAM, ports {operand, store, vector, load, array} ----
    wire [5*ADDR_BITS-1:0] addr = {operand_addr_i, store_addr_i, vector_addr_i, load_addr_i, array_addr_i};
    wire [4:0] need_lo, need_hi;
    wire [4:0] request = {operand_request_i, store_request_i, vector_request_i, load_request_i, array_request_i};
    wire [4:0] grant;
    assign {operand_grant_o, store_grant_o, vector_grant_o, load_grant_o, array_grant_o} = grant;

    // The vector unit needs the next word when a written byte lies beyond this one.
    wire [OFFSET_BITS-1:0]  vector_offset = vector_addr_i[OFFSET_BITS-1:0];
    wire [2*WORD_BYTES-1:0] vector_mask   =
        {{(2*WORD_BYTES-VECTOR_BYTES){1'b0}}, vector_mask_i} << vector_offset;
    assign need_lo = {2'b11, |vector_mask[WORD_BYTES-1:0], 1'b1, array_need_lo_i};
    assign need_hi = {operand_need_hi_i, 1'b0, |vector_mask[2*WORD_BYTES-1:WORD_BYTES], 1'b0, array_need_hi_i};

    wire [5*ROW_BITS-1:0] even_row, odd_row;
    wire [4:0]            odd_first, need_even, need_odd;
    wire [5*BANKS-1:0]    banks;
    wire [31:0]           total_rows = TOTAL_ROWS;

    genvar p, g;
    generate
        for (p = 0; p < 5; p = p + 1) begin : g_request
            // Rows wrap: a window that starts left of address 0 goes on at address 0.
            wire [ROW_BITS:0]   word = addr[p*ADDR_BITS+OFFSET_BITS +: ROW_BITS+1];
            wire [ROW_BITS-1:0] row  = word[ROW_BITS:1];
            assign odd_first[p] = word[0];
            assign odd_row[p*ROW_BITS +: ROW_BITS]  = row;
            assign even_row[p*ROW_BITS +: ROW_BITS] = row + {{(ROW_BITS-1){1'b0}}, word[0]};
            assign need_even[p] = word[0] ? need_hi[p] : need_lo[p];
            assign need_odd[p]  = word[0] ? need_lo[p] : need_hi[p];
            wire even_beyond = even_row[p*ROW_BITS +: ROW_BITS] >= total_rows[ROW_BITS-1:0];
            wire odd_beyond  = row >= total_rows[ROW_BITS-1:0];
            assign range_error_o[p] = request[p] && grant[p]
                && ((need_even[p] && even_beyond) || (need_odd[p] && odd_beyond));
            for (g = 0; g < GROUPS; g = g + 1) begin : g_bank
                wire [31:0] group = g;
                wire even_here, odd_here;
                if (GROUPS > 1) begin : g_select
                    assign even_here = even_row[p*ROW_BITS+INDEX_BITS +: GROUP_BITS] == group[GROUP_BITS-1:0];
                    assign odd_here  = odd_row[p*ROW_BITS+INDEX_BITS +: GROUP_BITS] == group[GROUP_BITS-1:0];
                end else begin : g_single
                    assign even_here = 1'b1;
                    assign odd_here  = 1'b1;
                end
                assign banks[p*BANKS+2*g]   = need_even[p] && even_here && !even_beyond;
                assign banks[p*BANKS+2*g+1] = need_odd[p] && odd_here && !odd_beyond;
                wire unused_ok = &{1'b0, group};
            end
        end
    endgenerate

    // The vector unit goes first and the array last: its many reads would lock the others out.
    aw_arbiter #(
        .PORTS(5),
        .BANKS(BANKS)
    ) u_arbiter (
        .clk      (clk),
        .rst_n    (rst_n),
        .request_i({request[0], request[4], request[3], request[1], request[2]}),
        .banks_i  ({banks[0*BANKS +: BANKS], banks[4*BANKS +: BANKS], banks[3*BANKS +: BANKS],
                    banks[1*BANKS +: BANKS], banks[2*BANKS +: BANKS]}),
        .grant_o  ({grant[0], grant[4], grant[3], grant[1], grant[2]})
    );

    // ---- write data: load repeats its bus word over the word, vector turns its bytes, for both words ----
    localparam BUS_SLOTS = WORD_BYTES / BUS_BYTES;
    localparam BUS_OFFSET_BITS = $clog2(BUS_BYTES);
    localparam SLOT_BITS = (BUS_SLOTS > 1) ? OFFSET_BITS - BUS_OFFSET_BITS : 1;
    wire [WORD_BYTES-1:0]  load_mask;
    wire [WORD_BITS-1:0]   load_data = {BUS_SLOTS{load_data_i}};
    wire [2*WORD_BITS-1:0] vector_wide = {{(2*WORD_BITS-VECTOR_BYTES*8){1'b0}}, vector_data_i};
    wire [WORD_BITS-1:0]   vector_data;
    aw_rotate #(.IN(WORD_BYTES), .OUT(WORD_BYTES), .BITS(OFFSET_BITS)) u_vector_data (
        .select_i(-vector_offset), .data_i(vector_wide[WORD_BITS-1:0]), .data_o(vector_data)
    );
    generate
        if (BUS_SLOTS > 1) begin : g_slots
            wire [SLOT_BITS-1:0] load_slot = load_addr_i[BUS_OFFSET_BITS +: SLOT_BITS];
            for (g = 0; g < BUS_SLOTS; g = g + 1) begin : g_slot
                wire [31:0] slot = g;
                assign load_mask[g*BUS_BYTES +: BUS_BYTES] =
                    (load_slot == slot[SLOT_BITS-1:0]) ? load_mask_i : {BUS_BYTES{1'b0}};
                wire unused_ok = &{1'b0, slot};
            end
        end else begin : g_whole
            assign load_mask = load_mask_i;
        end
    endgenerate

    // ---- banks ----
    wire [BANKS*WORD_BITS-1:0] bank_data;
    genvar b;
    generate
        for (b = 0; b < BANKS; b = b + 1) begin : g_ram
            localparam ODD  = b % 2;
            localparam ROWS = (b / 2 == GROUPS - 1) ? LAST_ROWS : GROUP_ROWS;
            wire by_array  = grant[0] && banks[0*BANKS+b];
            wire by_load   = grant[1] && banks[1*BANKS+b];
            wire by_vector = grant[2] && banks[2*BANKS+b];
            wire by_store  = grant[3] && banks[3*BANKS+b];
            wire by_operand = grant[4] && banks[4*BANKS+b];
            wire [INDEX_BITS-1:0] row0, row1, row2, row3, row4;
            if (ODD == 1) begin : g_odd
                assign row0 = odd_row[0*ROW_BITS +: INDEX_BITS];
                assign row1 = odd_row[1*ROW_BITS +: INDEX_BITS];
                assign row2 = odd_row[2*ROW_BITS +: INDEX_BITS];
                assign row3 = odd_row[3*ROW_BITS +: INDEX_BITS];
                assign row4 = odd_row[4*ROW_BITS +: INDEX_BITS];
            end else begin : g_even
                assign row0 = even_row[0*ROW_BITS +: INDEX_BITS];
                assign row1 = even_row[1*ROW_BITS +: INDEX_BITS];
                assign row2 = even_row[2*ROW_BITS +: INDEX_BITS];
                assign row3 = even_row[3*ROW_BITS +: INDEX_BITS];
                assign row4 = even_row[4*ROW_BITS +: INDEX_BITS];
            end
            // The vector unit's low word is here when the parity of its first word is this RAM's.
            wire vector_low = odd_first[2] == (ODD == 1);
            wire [WORD_BYTES-1:0] vector_we = vector_low ? vector_mask[WORD_BYTES-1:0]
                                                         : vector_mask[2*WORD_BYTES-1:WORD_BYTES];
            aw_ram #(
                .LANES    (WORD_BYTES),
                .LANE_BITS(8),
                .DEPTH    (ROWS),
                .ADDR_BITS(INDEX_BITS)
            ) u_ram (
                .clk    (clk),
                .en_i   (by_array || by_load || by_vector || by_store || by_operand),
                .we_i   (by_vector ? vector_we : by_load ? load_mask : {WORD_BYTES{1'b0}}),
                .addr_i (by_vector ? row2 : by_load ? row1 : by_store ? row3 : by_operand ? row4 : row0),
                .wdata_i(by_vector ? vector_data : load_data),
                .rdata_o(bank_data[b*WORD_BITS +: WORD_BITS])
            );
        end
    endgenerate

    // ---- read data: select the groups that were read ----
    wire [2:0] reader = {grant[4], grant[3], grant[0]};
    wire [6*WORD_BITS-1:0] pair_data;      // {operand: odd, even, store: .., array: ..}
    genvar r;
    generate
        for (r = 0; r < 3; r = r + 1) begin : g_reader
            localparam PORT = (r == 0) ? 0 : r + 2;
            if (GROUPS > 1) begin : g_groups
                reg [GROUP_BITS-1:0] even_group_q, odd_group_q;
                always @(posedge clk) begin
                    if (reader[r]) begin
                        even_group_q <= even_row[PORT*ROW_BITS+INDEX_BITS +: GROUP_BITS];
                        odd_group_q  <= odd_row[PORT*ROW_BITS+INDEX_BITS +: GROUP_BITS];
                    end
                end
                aw_mux #(.WIDTH(WORD_BITS), .INPUTS(GROUPS), .STRIDE(2 * WORD_BITS)) u_even (
                    .select_i(even_group_q), .data_i(bank_data[0 +: (BANKS-1)*WORD_BITS]),
                    .data_o(pair_data[2*r*WORD_BITS +: WORD_BITS])
                );
                aw_mux #(.WIDTH(WORD_BITS), .INPUTS(GROUPS), .STRIDE(2 * WORD_BITS)) u_odd (
                    .select_i(odd_group_q), .data_i(bank_data[WORD_BITS +: (BANKS-1)*WORD_BITS]),
                    .data_o(pair_data[(2*r+1)*WORD_BITS +: WORD_BITS])
                );
            end else begin : g_direct
                assign pair_data[2*r*WORD_BITS +: 2*WORD_BITS] = bank_data;
            end
        end
    endgenerate

    assign array_data_o   = pair_data[0 +: 2*WORD_BITS];
    assign operand_data_o = pair_data[4*WORD_BITS +: 2*WORD_BITS];

    reg store_odd_q;
    always @(posedge clk) if (grant[3]) store_odd_q <= odd_first[3];
    wire [WORD_BITS-1:0] store_word = store_odd_q ? pair_data[3*WORD_BITS +: WORD_BITS]
                                                  : pair_data[2*WORD_BITS +: WORD_BITS];
    generate
        if (BUS_SLOTS > 1) begin : g_store_slot
            reg [SLOT_BITS-1:0] slot_q;
            always @(posedge clk) if (grant[3]) slot_q <= store_addr_i[BUS_OFFSET_BITS +: SLOT_BITS];
            aw_mux #(.WIDTH(BUS_BYTES * 8), .INPUTS(BUS_SLOTS), .STRIDE(BUS_BYTES * 8)) u_slot (
                .select_i(slot_q), .data_i(store_word), .data_o(store_data_o)
            );
        end else begin : g_store_word
            assign store_data_o = store_word;
        end
    endgenerate

    wire unused_ok = &{1'b0, addr, odd_row, even_row, odd_first, total_rows, vector_wide, reader};
endmodule

`default_nettype wire
