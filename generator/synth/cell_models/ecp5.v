// DSP multipliers and block RAMs of ECP5 as Yosys uses them: combinational products; one clock, no output
// registers, no reset. For gate-level simulation: Yosys has no models of them that compute.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module MULT18X18D (
    input  wire A17, A16, A15, A14, A13, A12, A11, A10, A9, A8, A7, A6, A5, A4, A3, A2, A1, A0,
    input  wire B17, B16, B15, B14, B13, B12, B11, B10, B9, B8, B7, B6, B5, B4, B3, B2, B1, B0,
    input  wire C17, C16, C15, C14, C13, C12, C11, C10, C9, C8, C7, C6, C5, C4, C3, C2, C1, C0,
    input  wire SIGNEDA, SIGNEDB, SOURCEA, SOURCEB,
    output wire P35, P34, P33, P32, P31, P30, P29, P28, P27, P26, P25, P24, P23, P22, P21, P20, P19, P18, P17, P16, P15,
                P14, P13, P12, P11, P10, P9, P8, P7, P6, P5, P4, P3, P2, P1, P0
);
        wire [17:0] a = {A17, A16, A15, A14, A13, A12, A11, A10, A9, A8, A7, A6, A5, A4, A3, A2, A1, A0};
        wire [17:0] b = {B17, B16, B15, B14, B13, B12, B11, B10, B9, B8, B7, B6, B5, B4, B3, B2, B1, B0};
    wire signed [18:0] wide_a = {SIGNEDA && a[17], a};
    wire signed [18:0] wide_b = {SIGNEDB && b[17], b};
    wire signed [37:0] product = wide_a * wide_b;
        assign {P35, P34, P33, P32, P31, P30, P29, P28, P27, P26, P25, P24, P23, P22, P21, P20, P19, P18, P17, P16,
        P15, P14, P13, P12, P11, P10, P9, P8, P7, P6, P5, P4, P3, P2, P1, P0} = product[35:0];
endmodule

// Write enables of bytes come on the low address bits; of 36 bits port A has the low half of what is written
// or read and port B the high half.
module DP16KD #(
    parameter DATA_WIDTH_A = 18,
    parameter DATA_WIDTH_B = 18,
    parameter WRITEMODE_A  = "NORMAL",
    parameter WRITEMODE_B  = "NORMAL"
) (
    input  wire DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5, DIA4, DIA3, DIA2,
                DIA1, DIA0,
    input  wire ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0,
    input  wire CEA, OCEA, CLKA, WEA, RSTA, CSA0, CSA1, CSA2,
    input  wire DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5, DIB4, DIB3, DIB2,
                DIB1, DIB0,
    input  wire ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0,
    input  wire CEB, OCEB, CLKB, WEB, RSTB, CSB0, CSB1, CSB2,
    output wire DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5, DOA4, DOA3, DOA2,
                DOA1, DOA0,
    output wire DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5, DOB4, DOB3, DOB2,
                DOB1, DOB0
);
        wire [17:0] di_a = {DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5,
        DIA4, DIA3, DIA2, DIA1, DIA0};
        wire [17:0] di_b = {DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5,
        DIB4, DIB3, DIB2, DIB1, DIB0};
        wire [13:0] addr_a = {ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0};
        wire [13:0] addr_b = {ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0};
    wire [35:0] do_a, do_b;
    wire [3:0]  enables_a = (DATA_WIDTH_A == 36) ? addr_a[3:0] : (DATA_WIDTH_A == 18) ? {2'd0, addr_a[1:0]} : 4'd1;
    wire [3:0]  enables_b = (DATA_WIDTH_B == 18) ? {2'd0, addr_b[1:0]} : 4'd1;
    aw_model_block_ram #(
        .ADDR_BITS(14), .BYTES(4), .READ_WIDTH_A(DATA_WIDTH_A), .READ_WIDTH_B(DATA_WIDTH_B),
        .WRITE_WIDTH_A(DATA_WIDTH_A), .WRITE_WIDTH_B(DATA_WIDTH_B),
        .WRITE_MODE_A((WRITEMODE_A == "WRITETHROUGH") ? "WRITE_FIRST" :
                      (WRITEMODE_A == "READBEFOREWRITE") ? "READ_FIRST" : "NO_CHANGE"),
        .WRITE_MODE_B((WRITEMODE_B == "WRITETHROUGH") ? "WRITE_FIRST" :
                      (WRITEMODE_B == "READBEFOREWRITE") ? "READ_FIRST" : "NO_CHANGE")
    ) ram (
        .clk(CLKA), .en_a(CEA), .en_b(CEB), .we_a(WEA ? enables_a : 4'd0), .we_b(WEB ? enables_b : 4'd0),
        .addr_a(addr_a), .addr_b(addr_b), .di_a({di_b, di_a}), .di_b({18'd0, di_b}),
        .do_a(do_a), .do_b(do_b)
    );
    // A port of 36 bits reads with both halves of the outputs.
        assign {DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5, DOA4, DOA3,
        DOA2, DOA1, DOA0} = (DATA_WIDTH_B == 36) ? do_b[17:0] : do_a[17:0];
        assign {DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5, DOB4, DOB3,
        DOB2, DOB1, DOB0} = (DATA_WIDTH_B == 36) ? do_b[35:18] : do_b[17:0];
endmodule

`default_nettype wire
