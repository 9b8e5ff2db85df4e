// Block RAM with two ports of one clock, for the models of the FPGAs' own block RAMs: no output
// registers, no reset.
//
// A width of 9 bits and more is bytes of {parity, eight bits}; below, there are no parity bits.
// WRITE_MODE: what a port reads that writes: WRITE_FIRST new data, READ_FIRST old data, NO_CHANGE nothing.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Ports: data as bytes of 9 bits, byte 0 lowest; widths below 9 use the low bits of byte 0.
module aw_model_block_ram #(
    parameter ADDR_BITS     = 15,           // of a bit address: 15 of 36 kbit, 14 of 18 kbit
    parameter BYTES         = 4,            // of the widest port
    parameter READ_WIDTH_A  = 0,
    parameter READ_WIDTH_B  = 0,
    parameter WRITE_WIDTH_A = 0,
    parameter WRITE_WIDTH_B = 0,
    parameter WRITE_MODE_A  = "WRITE_FIRST",
    parameter WRITE_MODE_B  = "WRITE_FIRST"
) (
    input  wire                 clk,
    input  wire                 en_a, en_b,
    input  wire [BYTES-1:0]     we_a, we_b,
    input  wire [ADDR_BITS-1:0] addr_a, addr_b,
    input  wire [9*BYTES-1:0]   di_a, di_b,
    output reg  [9*BYTES-1:0]   do_a, do_b
);
    reg [8:0] mem [0:(1<<(ADDR_BITS-3))-1];

    // First byte of a word of WIDTH bits at a bit address
    function [ADDR_BITS-4:0] first_byte(input integer width, input [ADDR_BITS-1:0] addr);
        first_byte = (width <= 9) ? addr[ADDR_BITS-1:3] :
                     addr[ADDR_BITS-1:3] & ~(width / 9 - 1);
    endfunction

    integer i;
    reg [8:0] byte_a, byte_b;
    task read_a; begin
        for (i = 0; i < (READ_WIDTH_A + 8) / 9; i = i + 1)
            do_a[9*i +: 9] <= (READ_WIDTH_A < 9) ? {1'b0, mem[first_byte(READ_WIDTH_A, addr_a)][7:0]} >> addr_a[2:0]
                                                 : mem[first_byte(READ_WIDTH_A, addr_a) + i];
    end endtask
    task read_b; begin
        for (i = 0; i < (READ_WIDTH_B + 8) / 9; i = i + 1)
            do_b[9*i +: 9] <= (READ_WIDTH_B < 9) ? {1'b0, mem[first_byte(READ_WIDTH_B, addr_b)][7:0]} >> addr_b[2:0]
                                                 : mem[first_byte(READ_WIDTH_B, addr_b) + i];
    end endtask
    wire write_a = WRITE_WIDTH_A != 0 && (|we_a);
    wire write_b = WRITE_WIDTH_B != 0 && (|we_b);
    always @(posedge clk) begin
        // Old data first: a read of a word that is written in this cycle sees it, as READ_FIRST does.
        if (en_a && READ_WIDTH_A != 0 && (!write_a || WRITE_MODE_A == "READ_FIRST")) read_a;
        if (en_b && READ_WIDTH_B != 0 && (!write_b || WRITE_MODE_B == "READ_FIRST")) read_b;
        if (en_a && write_a) begin
            if (WRITE_WIDTH_A < 9) begin
                byte_a = mem[first_byte(WRITE_WIDTH_A, addr_a)];
                for (i = 0; i < WRITE_WIDTH_A; i = i + 1) byte_a[{29'd0, addr_a[2:0]} + i] = di_a[i];
                mem[first_byte(WRITE_WIDTH_A, addr_a)] = byte_a;
            end else for (i = 0; i < WRITE_WIDTH_A / 9; i = i + 1)
                if (we_a[i]) mem[first_byte(WRITE_WIDTH_A, addr_a) + i] = di_a[9*i +: 9];
            if (READ_WIDTH_A != 0 && WRITE_MODE_A == "WRITE_FIRST") read_a;
        end
        if (en_b && write_b) begin
            if (WRITE_WIDTH_B < 9) begin
                byte_b = mem[first_byte(WRITE_WIDTH_B, addr_b)];
                for (i = 0; i < WRITE_WIDTH_B; i = i + 1) byte_b[{29'd0, addr_b[2:0]} + i] = di_b[i];
                mem[first_byte(WRITE_WIDTH_B, addr_b)] = byte_b;
            end else for (i = 0; i < WRITE_WIDTH_B / 9; i = i + 1)
                if (we_b[i]) mem[first_byte(WRITE_WIDTH_B, addr_b) + i] = di_b[9*i +: 9];
            if (READ_WIDTH_B != 0 && WRITE_MODE_B == "WRITE_FIRST") read_b;
        end
    end
endmodule

`default_nettype wire
