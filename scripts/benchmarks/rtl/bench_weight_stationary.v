// Synthesis wrapper of scripts/bench: array, accumulators and overflow detection of a 16 x 16
// weight-stationary design, without its buffers and control. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module bench_weight_stationary (
    input  wire          clk,
    input  wire          rst_n,
    input  wire          load_i,
    input  wire          swap_i,
    input  wire [127:0]  vector_i,
    input  wire [2047:0] weights_i,
    input  wire [2:0]    early_i,        // {valid, first, init}
    input  wire [8:0]    early_addr_i,
    input  wire [2:0]    chunk_i,        // {valid, first, init}
    input  wire [8:0]    addr_i,
    input  wire [4:0]    cols_i,
    input  wire [79:0]   tag_i,
    output wire          read_o,
    output wire [8:0]    read_addr_o,
    input  wire [511:0]  read_data_i,
    output wire          write_o,
    output wire [8:0]    write_addr_o,
    output wire [511:0]  write_data_o,
    output wire [34:0]   overflow_o,     // {event, sticky, first is bias, count}
    output wire [79:0]   first_o
);
    wire [319:0] sums;
    wire [15:0]  overflow;
    wire [79:0]  overflow_tag;

    aw_array_weight_stationary #(
        .ROWS    (16),
        .COLS    (16),
        .SUM_BITS(20)
    ) u_array (
        .clk      (clk),
        .rst_n    (rst_n),
        .load_i   (load_i),
        .weights_i(weights_i),
        .swap_i   (swap_i),
        .vector_i (vector_i),
        .sums_o   (sums)
    );

    aw_accumulate_weight_stationary #(
        .COLS          (16),
        .SUM_BITS      (20),
        .ACC_BITS      (32),
        .SATURATE      (0),
        .ADDR_BITS     (9),
        .COL_COUNT_BITS(5),
        .TAG_BITS      (80)
    ) u_accumulate (
        .clk           (clk),
        .rst_n         (rst_n),
        .early_valid_i (early_i[2]),
        .early_first_i (early_i[1]),
        .early_init_i  (early_i[0]),
        .early_addr_i  (early_addr_i),
        .valid_i       (chunk_i[2]),
        .first_i       (chunk_i[1]),
        .init_i        (chunk_i[0]),
        .addr_i        (addr_i),
        .sums_i        (sums),
        .cols_i        (cols_i),
        .tag_i         (tag_i),
        .read_o        (read_o),
        .read_addr_o   (read_addr_o),
        .read_data_i   (read_data_i),
        .write_o       (write_o),
        .write_addr_o  (write_addr_o),
        .write_data_o  (write_data_o),
        .overflow_o    (overflow),
        .overflow_tag_o(overflow_tag)
    );

    aw_overflow_monitor #(
        .COLS    (16),
        .LANES   (8),
        .TAG_BITS(80)
    ) u_overflow (
        .clk             (clk),
        .rst_n           (rst_n),
        .clear_i         (1'b0),
        .array_overflow_i(overflow),
        .array_tag_i     (overflow_tag),
        .bias_overflow_i (8'd0),
        .bias_tag_i      (80'd0),
        .event_o         (overflow_o[34]),
        .sticky_o        (overflow_o[33]),
        .first_is_bias_o (overflow_o[32]),
        .count_o         (overflow_o[31:0]),
        .first_o         (first_o)
    );
endmodule

`default_nettype wire
