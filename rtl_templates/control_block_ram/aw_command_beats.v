// Fetched commands in a block RAM, for targets without small RAMs: beats go in as they come from the
// bus and are joined behind the RAM, one a cycle.
//
// Latency: a command is there three cycles after its last beat. Throughput: one command in as many
// cycles as it has beats. The owner lets in no more beats than DEPTH commands have.
//
//   BUS_BYTES  4 to 64
//   DEPTH      commands in the RAM
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_command_beats #(
    parameter BUS_BYTES = 4,
    parameter DEPTH     = 16
) (
    input  wire                   clk,
    input  wire                   rst_n,
    input  wire                   in_valid,
    input  wire [BUS_BYTES*8-1:0] in_data,
    output wire                   out_valid,
    input  wire                   out_ready,
    output wire [511:0]           out_data
);
    localparam BEATS     = 64 / BUS_BYTES;
    localparam BEAT_BITS = (BEATS > 1) ? $clog2(BEATS) : 1;
    localparam WORDS     = DEPTH * BEATS;
    localparam WORD_BITS = $clog2(WORDS);

    reg  [WORD_BITS-1:0]   head_q, tail_q;
    reg  [WORD_BITS:0]     count_q;              // words in the RAM
    reg  [BEAT_BITS-1:0]   joined_q;             // beats of the command so far
    reg                    word_q, command_q;    // a word has been read; all beats are joined
    reg  [511:0]           data_q;
    wire [BUS_BYTES*8-1:0] word;
    wire [31:0]            last_word = WORDS - 1, last_beat = BEATS - 1;
    wire                   join_word = word_q && (!command_q || out_ready);
    wire                   whole     = joined_q == last_beat[BEAT_BITS-1:0];
    wire                   read      = count_q != {(WORD_BITS+1){1'b0}} && (!word_q || join_word);

    aw_ram_two_port #(.BITS(BUS_BYTES * 8), .DEPTH(WORDS), .ADDR_BITS(WORD_BITS)) u_words (
        .clk(clk), .re_i(read), .raddr_i(head_q), .rdata_o(word), .we_i(in_valid), .waddr_i(tail_q),
        .wdata_i(in_data)
    );

    always @(posedge clk) begin
        if (!rst_n) begin
            head_q    <= {WORD_BITS{1'b0}};
            tail_q    <= {WORD_BITS{1'b0}};
            count_q   <= {(WORD_BITS+1){1'b0}};
            joined_q  <= {BEAT_BITS{1'b0}};
            word_q    <= 1'b0;
            command_q <= 1'b0;
        end else begin
            if (in_valid) tail_q <= (tail_q == last_word[WORD_BITS-1:0]) ? {WORD_BITS{1'b0}} : tail_q + 1'b1;
            if (read)     head_q <= (head_q == last_word[WORD_BITS-1:0]) ? {WORD_BITS{1'b0}} : head_q + 1'b1;
            if (in_valid && !read) count_q <= count_q + 1'b1;
            if (read && !in_valid) count_q <= count_q - 1'b1;
            word_q    <= read || (word_q && !join_word);
            command_q <= (join_word && whole) || (command_q && !out_ready);
            if (join_word) joined_q <= whole ? {BEAT_BITS{1'b0}} : joined_q + 1'b1;
        end
    end
    generate
        if (BEATS > 1) begin : g_join
            always @(posedge clk) if (join_word) data_q <= {word, data_q[511:BUS_BYTES*8]};
        end else begin : g_whole
            always @(posedge clk) if (join_word) data_q <= word;
        end
    endgenerate
    assign out_valid = command_q;
    assign out_data  = data_q;

    wire unused_ok = &{1'b0, last_word, last_beat};
endmodule

`default_nettype wire
