// Weight decoder: beats of a weight load in any stored form to columns of weight tiles.
//
//   beat -> [ nibbles ] -> header of a tile, columns -> column register, codebook -> weight buffer
//                                                   \-> list entry -> tile list
//
// A stream is read in nibbles, low one first. A tile is its columns, one after the other; a column
//
//   plain        ROWS bytes; of codes: ROWS nibbles (4-bit codes) or bytes (8-bit codes)
//   structured   the same, then the ROWS indices of INDEX_BITS, padded to a nibble
//   bitmap       a bit for each group of four lanes, padded to a nibble; four bits, of its lanes,
//                for each group whose bit is set; the bytes or codes of the lanes whose bit is set
//
// A listed stream has a header before each tile, and only tiles that are not zero:
//   0 to 11  the tile comes so many chunks after the one before it in its run
//   12       twelve chunks more, the header goes on    13  the next run, it goes on
//   14       the next list, it goes on                 15  a tile of zeros, without columns
// then, unless bitmap or structured, a bit for each of its SIDE x SIDE blocks, rows of a column
// first, padded to a nibble: blocks whose bit is 0 are not there. (A single block has no bits.)
//
// The entry of a tile in its list says where run and list end: it is written when the header of
// the next tile is known. A command ends with its last tile, and its lists with it. Data that ends
// early or goes on, and lanes beyond ROWS, are an error; nothing is written beyond the command's
// tiles. Latency: two cycles. A cycle takes WRITE_COLS columns of bytes, CODE_COLS of 4-bit codes,
// one of a bitmap or where blocks are missing, two where half of them are. Columns without a block
// are cleared in the cycle of the columns before them, the first of a tile in that of the columns
// behind them, a tile of zeros in one.
//
//   WRITE_COLS, CODE_COLS  columns; CODE_COLS is a multiple of WRITE_COLS
//   SIDE                   side of a block; ROWS or COLS when these are not larger
//   CODEBOOK               values of the codebook: 16, 256, or 0: none
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_weight_decoder #(
    parameter ROWS        = 16,
    parameter COLS        = 16,
    parameter WRITE_COLS  = 1,
    parameter CODE_COLS   = 2,
    parameter BUS_BYTES   = 16,
    parameter BUFFER_BITS = 18,
    parameter COUNT_BITS  = 5,        // counts 1 to COLS
    parameter GROUP_N     = 2,        // structured: GROUP_N of each group, an index a lane
    parameter INDEX_BITS  = 0,        // 0: no structured weights
    parameter LISTED      = 1,
    parameter SIDE_ROWS   = 16,
    parameter SIDE_COLS   = 16,
    parameter BITMAP      = 1,
    parameter CODEBOOK    = 16
) (
    input  wire                       clk,
    input  wire                       rst_n,
    input  wire                       halt_i,
    // Beat
    input  wire                       in_valid,
    output wire                       in_ready,
    input  wire [BUS_BYTES*8-1:0]     in_data,
    input  wire                       codebook_i,    // of the codebook, not of weights
    input  wire [1:0]                 ends_i,        // {last, first} beat of the command
    input  wire [$clog2(BUS_BYTES):0] bytes_i,       // of the beat, if it starts at 0
    input  wire [BUFFER_BITS-1:0]     tile_i,        // first tile of the command
    input  wire [BUFFER_BITS-1:0]     tiles_i,       // its tiles
    input  wire [COUNT_BITS-1:0]      cols_i,        // columns of a tile
    input  wire [4:0]                 format_i,      // {codes, bitmap, structured, listed}
    output wire                       busy_o,        // something is still to be written
    output wire                       done_o,        // the last word of the command is written
    output wire                       error_o,
    // Weight buffer
    output wire                       request_o,
    input  wire                       grant_i,
    output wire [BUFFER_BITS-1:0]     addr_o,
    output wire [COLS-1:0]            cols_o,
    output wire [COLS*ROWS*(8+INDEX_BITS)-1:0] data_o,
    // Tile list
    output wire                       entry_request_o,
    input  wire                       entry_grant_i,
    output wire [BUFFER_BITS-1:0]     entry_addr_o,
    output wire [15:0]                entry_o        // {list ends, run ends, chunk}
);
    localparam WORD_BITS  = ROWS * (8 + INDEX_BITS);
    localparam PLAIN      = 2 * ROWS;                          // nibbles of a column
    localparam CODES      = ROWS;
    localparam INDICES    = (ROWS * INDEX_BITS + 3) / 4;
    localparam GROUPS     = (ROWS + 3) / 4;                    // of a bitmap
    localparam GROUP_BITS = 4 * ((GROUPS + 3) / 4);
    localparam BLOCK_ROWS = ROWS / SIDE_ROWS;
    localparam BLOCKS     = BLOCK_ROWS * (COLS / SIDE_COLS);
    localparam MASK       = (BLOCKS > 1) ? (BLOCKS + 3) / 4 : 0;
    localparam HEAD       = (LISTED != 0) ? 1 + MASK : 0;
    localparam BYTES_MOST = WRITE_COLS * (PLAIN + INDICES);
    localparam CODES_MOST = CODE_COLS * (CODES + INDICES);
    localparam SPARSE_MOST = (BITMAP != 0) ? GROUP_BITS / 4 + GROUPS + PLAIN : 0;
    localparam FIXED_MOST = (BYTES_MOST > CODES_MOST) ? BYTES_MOST : CODES_MOST;
    localparam MOST       = HEAD + ((FIXED_MOST > SPARSE_MOST) ? FIXED_MOST : SPARSE_MOST);
    localparam BEAT       = 2 * BUS_BYTES;
    localparam CAPACITY   = MOST + BEAT;
    localparam N_BITS     = $clog2(CAPACITY + 1);
    localparam MASK_BITS  = (BLOCKS > 1) ? BLOCKS : 1;

    // ---- command ----
    reg                   active_q, last_seen_q, book_q;
    reg [BUFFER_BITS-1:0] tile_q, left_q;          // next tile, tiles to come
    reg [COUNT_BITS-1:0]  cols_q, col_q;
    reg [4:0]             format_q;
    wire       listed     = (LISTED != 0) && format_q[0];
    wire       structured = (INDEX_BITS != 0) && format_q[1];
    wire       bitmap     = (BITMAP != 0) && format_q[2];
    wire [1:0] codes      = (CODEBOOK != 0) ? format_q[4:3] : 2'd0;   // 0, 1: 4 bits, 2: 8 bits
    wire       short      = codes == 2'd1;
    wire       start      = in_valid && ends_i[0] && !active_q;

    // ---- nibbles ----
    reg  [CAPACITY*4-1:0] data_q;
    reg  [N_BITS-1:0]     count_q, take;
    wire                  consume;
    wire [N_BITS-1:0]     kept    = consume ? count_q - take : count_q;
    wire [CAPACITY*4-1:0] rest    = consume ? data_q >> {take, 2'b00} : data_q;
    wire                  room    = kept <= MOST[N_BITS-1:0];
    wire                  push    = in_valid && in_ready && !codebook_i;
    wire [CAPACITY*4-1:0] in_wide = {{(CAPACITY-BEAT)*4{1'b0}}, in_data};
    assign in_ready = active_q && !last_seen_q && (codebook_i ? book_taken : room);

    always @(posedge clk) begin
        if (!rst_n || start) begin
            data_q  <= {CAPACITY*4{1'b0}};
            count_q <= {N_BITS{1'b0}};
        end else begin
            data_q  <= push ? rest | (in_wide << {kept, 2'b00}) : rest;
            count_q <= push ? kept + {{(N_BITS-$clog2(BUS_BYTES)-2){1'b0}}, bytes_i, 1'b0} : kept;
        end
    end

    // ---- header ----
    reg                  inside_q;                 // columns of a tile are to come
    reg                  zero_q;                   // which are zero
    reg  [MASK_BITS-1:0] mask_q;
    reg  [13:0]          chunk_q;                  // next chunk of the run
    wire [3:0]           code      = data_q[3:0];
    wire                 head      = listed && !inside_q;
    wire                 goes_on   = head && code >= 4'd12 && code != 4'd15;
    wire                 is_zero   = listed && (head ? code == 4'd15 : zero_q);
    wire                 has_mask  = MASK != 0 && head && !is_zero && !bitmap && !structured;
    wire [MASK_BITS-1:0] mask;
    wire [MOST*4-1:0]    body;                     // behind the header
    wire [14:0]          chunk     = {1'b0, chunk_q} + ((code == 4'd15) ? 15'd0 : {11'd0, code});
    generate
        if (LISTED == 0) begin : g_no_head
            assign body = data_q[0 +: MOST*4];
            assign mask = {MASK_BITS{1'b1}};
        end else begin : g_head
            wire [CAPACITY*4-1:0] behind = !head ? data_q : has_mask ? data_q >> (4 * (1 + MASK)) : data_q >> 4;
            assign body = behind[0 +: MOST*4];
            wire unused_behind = &{1'b0, behind};
            assign mask = has_mask ? data_q[4 +: MASK_BITS] : inside_q && listed ? mask_q : {MASK_BITS{1'b1}};
        end
    endgenerate

    // ---- columns of this cycle ----
    // col <= first < behind <= next: columns before `first` and from `behind` on are zero, the next
    // cycle starts at `next`.
    localparam ACROSS = COLS / SIDE_COLS;
    function [COUNT_BITS-1:0] first_there;         // from a column on, in a block that is there
        input [COUNT_BITS-1:0] from;
        input [COUNT_BITS-1:0] cols;
        input [MASK_BITS-1:0]  there;
        integer a;
        reg [COUNT_BITS-1:0] low;                  // first column of block a
        begin
            first_there = cols;
            for (a = ACROSS - 1; a >= 0; a = a - 1) begin
                low = SIDE_COLS[COUNT_BITS-1:0] * a[COUNT_BITS-1:0];
                if (|there[a*BLOCK_ROWS +: BLOCK_ROWS] && low < cols && from < low + SIDE_COLS[COUNT_BITS-1:0])
                    first_there = (from > low) ? from : low;
            end
        end
    endfunction
    wire [BLOCK_ROWS-1:0] present;                 // blocks of the columns from `first` on
    wire [COUNT_BITS-1:0] col        = inside_q ? col_q : {COUNT_BITS{1'b0}};
    wire [31:0]           write_cols = WRITE_COLS;
    wire [31:0]           code_cols  = CODE_COLS;
    wire [COUNT_BITS-1:0] first, behind, next;
    generate
        if (MASK != 0) begin : g_blocks
            localparam SHIFT = $clog2(SIDE_COLS);
            wire [COUNT_BITS-1:0] block = first >> SHIFT;
            wire [MASK_BITS-1:0]  here  = mask >> (block * BLOCK_ROWS[COUNT_BITS-1:0]);
            assign present   = here[BLOCK_ROWS-1:0];
            assign first     = first_there(col, cols_q, mask);
            assign next      = first_there(behind, cols_q, mask);
            wire unused_here = &{1'b0, here};
        end else begin : g_whole
            assign present = {BLOCK_ROWS{1'b1}};
            assign first   = col;
            assign next    = behind;
        end
    endgenerate
    wire [COUNT_BITS-1:0] cols_left = cols_q - first;
    // Two columns of half the blocks, or less, are no longer than one whole column.
    localparam PAIRS = MASK != 0 && BLOCK_ROWS > 1 && CODE_COLS % 2 == 0;
    reg  [3:0]            here_count;              // blocks of these columns
    integer p;
    always @* begin
        here_count = 4'd0;
        for (p = 0; p < BLOCK_ROWS; p = p + 1) here_count = here_count + {3'd0, present[p]};
    end
    wire [31:0]           block_rows = BLOCK_ROWS;
    wire                  pair      = PAIRS && !bitmap && {here_count[2:0], 1'b0} <= block_rows[3:0]
                                      && !here_count[3];
    wire                  none      = is_zero || (MASK != 0 && cols_left == {COUNT_BITS{1'b0}});
    wire                  single    = bitmap || !(&present);
    wire [COUNT_BITS-1:0] most_cols = single  ? {{(COUNT_BITS-1){1'b0}}, 1'b1} << pair :
                                      short   ? code_cols[COUNT_BITS-1:0] : write_cols[COUNT_BITS-1:0];
    wire [COUNT_BITS-1:0] take_cols = none ? {COUNT_BITS{1'b0}} : (cols_left < most_cols) ? cols_left : most_cols;
    assign                behind    = first + take_cols;
    wire                  ends_tile = is_zero || next == cols_q;

    // Bitmap: lanes that are there, and how many come before each.
    wire [ROWS-1:0]       lane_set;
    wire [ROWS*8-1:0]     sparse;
    wire [N_BITS-1:0]     sparse_size;
    wire                  lane_error;
    generate
        if (BITMAP != 0) begin : g_bitmap
            localparam SET_BITS = $clog2(GROUPS + 1);
            reg  [4*GROUPS-1:0] lanes;
            reg  [SET_BITS-1:0] groups;
            reg  [N_BITS-1:0]   values;
            reg  [ROWS*8-1:0]   placed;
            integer g;
            integer l;
            integer k;
            wire [4*PLAIN+4*GROUPS-1:0] masks  = body[GROUP_BITS +: 4*PLAIN+4*GROUPS];
            wire [4*PLAIN+4*GROUPS-1:0] bytes = masks >> {groups, 2'b00};
            always @* begin
                groups = {SET_BITS{1'b0}};
                lanes  = {4*GROUPS{1'b0}};
                for (g = 0; g < GROUPS; g = g + 1) begin
                    for (k = 0; k <= g; k = k + 1) begin
                        if (body[g] && groups == k[SET_BITS-1:0]) lanes[4*g +: 4] = masks[4*k +: 4];
                    end
                    groups = groups + {{(SET_BITS-1){1'b0}}, body[g]};
                end
            end
            always @* begin
                values = {N_BITS{1'b0}};
                placed = {ROWS*8{1'b0}};
                for (l = 0; l < ROWS; l = l + 1) begin
                    for (k = 0; k <= l; k = k + 1) begin
                        if (lanes[l] && values == k[N_BITS-1:0])
                            placed[l*8 +: 8] = short ? {4'd0, bytes[4*k +: 4]} : bytes[8*k +: 8];
                    end
                    values = values + {{(N_BITS-1){1'b0}}, lanes[l]};
                end
            end
            wire unused_bytes = &{1'b0, bytes};
            assign lane_set    = lanes[ROWS-1:0];
            assign sparse      = placed;
            wire [31:0] head_size = GROUP_BITS / 4;
            assign sparse_size = head_size[N_BITS-1:0] + {{(N_BITS-SET_BITS){1'b0}}, groups}
                                 + (short ? values : {values[N_BITS-2:0], 1'b0});
            wire [4*GROUPS-1:0] beyond = lanes >> ROWS;
            wire unused_head = &{1'b0, head_size};
            assign lane_error  = |beyond;
        end else begin : g_no_bitmap
            assign lane_set    = {ROWS{1'b1}};
            assign sparse      = {ROWS*8{1'b0}};
            assign sparse_size = {N_BITS{1'b0}};
            assign lane_error  = 1'b0;
        end
    endgenerate

    // Blocks of a column: the rows of those that are there follow each other.
    reg  [N_BITS-1:0]     block_size;
    integer b;
    always @* begin
        block_size = {N_BITS{1'b0}};
        for (b = 0; b < BLOCK_ROWS; b = b + 1) begin
            if (present[b]) block_size = block_size + (short ? SIDE_ROWS[N_BITS-1:0] : {SIDE_ROWS[N_BITS-2:0], 1'b0});
        end
    end
    wire [31:0]           column_size = (short ? CODES : PLAIN) + (structured ? INDICES : 0);
    wire [N_BITS+COUNT_BITS-1:0] columns_size = column_size[N_BITS-1:0] * take_cols;
    wire [N_BITS-1:0]     unit_size = none   ? {N_BITS{1'b0}} :
                                      bitmap ? sparse_size :
                                      single ? block_size << (take_cols[0] == 1'b0) : columns_size[N_BITS-1:0];
    always @* begin
        take = unit_size;
        if (head) take = unit_size + {{(N_BITS-1){1'b0}}, 1'b1} + (has_mask ? MASK[N_BITS-1:0] : {N_BITS{1'b0}});
        if (goes_on) take = {{(N_BITS-1){1'b0}}, 1'b1};
    end

    // ---- issue ----
    reg  write_q, entry_q, run_ends_q, list_ends_q;
    reg  [13:0] entry_chunk_q;
    reg  [BUFFER_BITS-1:0] entry_tile_q;
    wire enough    = count_q >= take;
    wire slot_free = !write_q || grant_i;
    wire work      = active_q && !book_q && left_q != {BUFFER_BITS{1'b0}} && !halt_i;
    wire begins    = head && !goes_on;             // a tile of a list
    wire can_issue = work && enough && (goes_on || slot_free);
    wire closes    = active_q && left_q == {BUFFER_BITS{1'b0}} && !book_q && !write_q;
    assign entry_request_o = entry_q && !halt_i && (closes || (can_issue && begins));
    assign entry_addr_o    = entry_tile_q;
    assign entry_o         = {list_ends_q || closes, run_ends_q || list_ends_q || closes, entry_chunk_q};
    assign consume         = can_issue && !(begins && entry_q && !entry_grant_i);
    wire   issue           = consume && !goes_on;

    // ---- errors: what is left behind the last tile, or missing ----
    wire starves = work && last_seen_q && !enough;
    wire over    = closes && (count_q > {{(N_BITS-1){1'b0}}, 1'b1} || !last_seen_q);
    assign error_o = !halt_i && (starves || over || (consume && bitmap && !goes_on && !none && lane_error)
                                 || (consume && begins && chunk[14]));

    always @(posedge clk) begin
        if (!rst_n || halt_i) begin
            active_q    <= 1'b0;
            last_seen_q <= 1'b0;
            book_q      <= 1'b0;
            inside_q    <= 1'b0;
            entry_q     <= 1'b0;
            write_q     <= 1'b0;
        end else begin
            if (start) begin
                active_q    <= 1'b1;
                last_seen_q <= 1'b0;
                book_q      <= codebook_i;
                inside_q    <= 1'b0;
                entry_q     <= 1'b0;
            end else begin
                if (in_valid && in_ready && ends_i[1]) last_seen_q <= 1'b1;
                if (done_o) active_q <= 1'b0;
                if (issue) inside_q <= !ends_tile;
                if (issue && begins) entry_q <= 1'b1;
                else if (closes && entry_grant_i) entry_q <= 1'b0;
            end
            if (issue) write_q <= 1'b1;
            else if (grant_i) write_q <= 1'b0;
        end
        if (start) begin
            tile_q   <= tile_i;
            left_q   <= tiles_i;
            cols_q   <= cols_i;
            format_q <= format_i;
            chunk_q  <= 14'd0;
            run_ends_q  <= 1'b0;
            list_ends_q <= 1'b0;
        end else begin
            if (issue) begin
                col_q  <= ends_tile ? {COUNT_BITS{1'b0}} : next;
                mask_q <= mask;
                zero_q <= is_zero;
                if (ends_tile) begin
                    tile_q <= tile_q + {{(BUFFER_BITS-1){1'b0}}, 1'b1};
                    left_q <= left_q - {{(BUFFER_BITS-1){1'b0}}, 1'b1};
                end
            end
            if (consume && head) begin
                if (goes_on) begin
                    chunk_q <= (code == 4'd12) ? chunk_q + 14'd12 : 14'd0;
                    if (code != 4'd12) run_ends_q  <= 1'b1;
                    if (code == 4'd14) list_ends_q <= 1'b1;
                end else begin
                    chunk_q       <= chunk[13:0] + 14'd1;
                    entry_chunk_q <= chunk[13:0];
                    entry_tile_q  <= tile_q;
                    run_ends_q    <= 1'b0;
                    list_ends_q   <= 1'b0;
                end
            end
        end
    end

    // ---- columns to write ----
    reg [COLS-1:0]        write_cols_q, clear_q;   // columns to write, those of them that are zero
    wire                  blank = MASK == 0 && none;   // all columns of a cycle, or none: no clear_q
    reg [BUFFER_BITS-1:0] write_tile_q;
    reg                   coded_q;
    reg [CODE_COLS*ROWS-1:0] set_q;                // lanes that are not zero by the bitmap
    wire [CODE_COLS*WORD_BITS-1:0] values;         // of the codebook where it says so
    genvar c, r;
    generate
        for (c = 0; c < COLS; c = c + 1) begin : g_write
            wire [31:0] column = c;
            always @(posedge clk) begin
                if (issue) begin
                    write_cols_q[c] <= column[COUNT_BITS-1:0] >= col
                                       && column[COUNT_BITS-1:0] < (is_zero ? cols_q : next);
                    clear_q[c]      <= none || column[COUNT_BITS-1:0] < first
                                       || column[COUNT_BITS-1:0] >= behind;
                end
            end
            assign data_o[c*WORD_BITS +: WORD_BITS] =
                (MASK != 0 && clear_q[c]) ? {WORD_BITS{1'b0}} : values[(c % CODE_COLS)*WORD_BITS +: WORD_BITS];
            wire unused_ok = &{1'b0, column};
        end
        for (c = 0; c < CODE_COLS; c = c + 1) begin : g_slice
            localparam PLACE = c % WRITE_COLS;     // of bytes among those of a cycle
            for (r = 0; r < ROWS; r = r + 1) begin : g_lane
                reg  [7:0] byte_q;
                wire [7:0] plain, coded, in_block;
                if (INDEX_BITS != 0) begin : g_structured
                    assign plain = structured ? body[(PLACE*(PLAIN+INDICES)+2*r)*4 +: 8] : body[(PLACE*PLAIN+2*r)*4 +: 8];
                    assign coded = {4'd0, structured ? body[(c*(CODES+INDICES)+r)*4 +: 4] : body[(c*CODES+r)*4 +: 4]};
                    wire [31:0] own = r % GROUP_N;
                    wire unused_own = &{1'b0, own};
                    reg [INDEX_BITS-1:0] index_q;
                    always @(posedge clk) begin
                        if (issue) begin
                            index_q <= (!structured || blank) ? own[INDEX_BITS-1:0] :
                                       short ? body[(c*(CODES+INDICES)+CODES)*4+r*INDEX_BITS +: INDEX_BITS]
                                             : body[(PLACE*(PLAIN+INDICES)+PLAIN)*4+r*INDEX_BITS +: INDEX_BITS];
                        end
                    end
                    assign values[c*WORD_BITS+ROWS*8+r*INDEX_BITS +: INDEX_BITS] = index_q;
                end else begin : g_plain
                    assign plain = body[(PLACE*PLAIN+2*r)*4 +: 8];
                    assign coded = {4'd0, body[(c*CODES+r)*4 +: 4]};
                end
                if (MASK != 0) begin : g_block
                    localparam BLOCK = r / SIDE_ROWS;
                    localparam ROW   = r % SIDE_ROWS;
                    reg [3:0] earlier;                   // blocks before this one that are there
                    reg [7:0] found;
                    integer k;
                    integer q;
                    always @* begin
                        earlier = 4'd0;
                        for (k = 0; k < BLOCK; k = k + 1) earlier = earlier + {3'd0, present[k]};
                        found = 8'd0;
                        for (k = 0; k <= BLOCK; k = k + 1) begin
                            if (present[BLOCK] && earlier == k[3:0])
                                found = short ? {4'd0, body[(k*SIDE_ROWS+ROW)*4 +: 4]}
                                              : body[(k*SIDE_ROWS+ROW)*8 +: 8];
                        end
                        // The second column of a pair lies behind all blocks of the first.
                        for (q = 1; PAIRS && c % 2 == 1 && q <= BLOCK_ROWS / 2; q = q + 1) begin
                            for (k = 0; k < q; k = k + 1) begin
                                if (pair && here_count == q[3:0] && present[BLOCK] && earlier == k[3:0])
                                    found = short ? {4'd0, body[((q+k)*SIDE_ROWS+ROW)*4 +: 4]}
                                                  : body[((q+k)*SIDE_ROWS+ROW)*8 +: 8];
                            end
                        end
                    end
                    assign in_block = found;
                    always @(posedge clk) begin
                        if (issue) set_q[c*ROWS+r] <= bitmap ? lane_set[r] : present[BLOCK];
                    end
                end else begin : g_no_block
                    assign in_block = 8'd0;
                    always @(posedge clk) if (issue) set_q[c*ROWS+r] <= !blank && (!bitmap || lane_set[r]);
                end
                wire [7:0] weight = blank  ? 8'd0 :
                                    bitmap ? sparse[r*8 +: 8] :
                                    single ? in_block :
                                    short  ? coded : plain;
                always @(posedge clk) if (issue) byte_q <= weight;
                if (CODEBOOK != 0) begin : g_codebook
                    localparam BITS = (CODEBOOK > 16) ? 8 : 4;
                    wire [7:0] value;
                    aw_ram #(
                        .LANES    (1),
                        .LANE_BITS(8),
                        .DEPTH    (CODEBOOK),
                        .ADDR_BITS(BITS)
                    ) u_codebook (
                        .clk    (clk),
                        .en_i   (issue || book_write),
                        .we_i   (book_write),
                        .addr_i (book_write ? book_addr_q[BITS-1:0] : weight[BITS-1:0]),
                        .wdata_i(book_data_q[7:0]),
                        .rdata_o(value)
                    );
                    assign values[c*WORD_BITS+r*8 +: 8] = !coded_q ? byte_q : set_q[c*ROWS+r] ? value : 8'd0;
                end else begin : g_bytes
                    assign values[c*WORD_BITS+r*8 +: 8] = byte_q;
                end
            end
        end
    endgenerate
    always @(posedge clk) begin
        if (issue) begin
            write_tile_q <= tile_q;
            coded_q      <= codes != 2'd0;
        end
    end
    assign request_o = write_q && !halt_i;
    assign addr_o    = write_tile_q;
    assign cols_o    = write_cols_q;

    // ---- codebook: a value a cycle ----
    reg  [BUS_BYTES*8-1:0]     book_data_q;
    reg  [$clog2(BUS_BYTES):0] book_left_q;
    reg  [8:0]                 book_addr_q;
    wire book_write = book_left_q != {($clog2(BUS_BYTES)+1){1'b0}};
    wire book_taken = !book_write;
    always @(posedge clk) begin
        if (!rst_n || halt_i || start) book_left_q <= {($clog2(BUS_BYTES)+1){1'b0}};
        else if (in_valid && in_ready && codebook_i) book_left_q <= bytes_i;
        else if (book_write) book_left_q <= book_left_q - {{$clog2(BUS_BYTES){1'b0}}, 1'b1};
        if (in_valid && in_ready && codebook_i) book_data_q <= in_data;
        else book_data_q <= book_data_q >> 8;
        if (start) book_addr_q <= 9'd0;
        else if (book_write) book_addr_q <= book_addr_q + 9'd1;
    end

    assign busy_o = active_q && last_seen_q;
    assign done_o = active_q && last_seen_q && !halt_i
                    && (book_q ? !book_write : closes && (!entry_q || entry_grant_i));

    wire unused_ok = &{1'b0, clear_q, blank, block_rows, pair, write_cols, code_cols, column_size, columns_size, body,
                       rest, chunk, set_q, coded_q, book_addr_q, book_data_q, codebook_i, sparse,
                       lane_set, mask_q, inside_q, zero_q, format_q};
endmodule

`default_nettype wire
