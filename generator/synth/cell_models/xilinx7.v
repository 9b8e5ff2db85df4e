// Block RAMs of Xilinx 7 series as Yosys uses them: one clock, no output registers, no reset. For
// gate-level simulation; the models that come with Yosys hold no data.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module RAMB36E1 #(
    parameter RAM_MODE      = "TDP",
    parameter READ_WIDTH_A  = 0,
    parameter READ_WIDTH_B  = 0,
    parameter WRITE_WIDTH_A = 0,
    parameter WRITE_WIDTH_B = 0,
    parameter WRITE_MODE_A  = "WRITE_FIRST",
    parameter WRITE_MODE_B  = "WRITE_FIRST"
) (
    input  wire        CLKARDCLK, CLKBWRCLK, ENARDEN, ENBWREN, REGCEAREGCE, REGCEB,
    input  wire        RSTRAMARSTRAM, RSTRAMB, RSTREGARSTREG, RSTREGB,
    input  wire [15:0] ADDRARDADDR, ADDRBWRADDR,
    input  wire [31:0] DIADI, DIBDI,
    input  wire [3:0]  DIPADIP, DIPBDIP,
    input  wire [3:0]  WEA,
    input  wire [7:0]  WEBWE,
    output wire [31:0] DOADO, DOBDO,
    output wire [3:0]  DOPADOP, DOPBDOP
);
    localparam SDP = RAM_MODE == "SDP";
    wire [71:0] di_a, di_b, do_a, do_b;
    wire [71:0] di_wide;
    genvar i;
    generate
        for (i = 0; i < 4; i = i + 1) begin : g_byte
            assign di_a[9*i +: 9]            = {DIPADIP[i], DIADI[8*i +: 8]};
            assign di_b[9*i +: 9]            = {DIPBDIP[i], DIBDI[8*i +: 8]};
            assign di_a[9*(4+i) +: 9]        = 9'd0;
            assign di_b[9*(4+i) +: 9]        = 9'd0;
            assign {DOPADOP[i], DOADO[8*i +: 8]} = do_a[9*i +: 9];
            assign {DOPBDOP[i], DOBDO[8*i +: 8]} = SDP ? do_a[9*(4+i) +: 9] : do_b[9*i +: 9];
        end
    endgenerate
    assign di_wide = {di_b[35:0], di_a[35:0]};
    aw_model_block_ram #(
        .ADDR_BITS(15), .BYTES(8), .READ_WIDTH_A(READ_WIDTH_A), .READ_WIDTH_B(READ_WIDTH_B),
        .WRITE_WIDTH_A(WRITE_WIDTH_A), .WRITE_WIDTH_B(WRITE_WIDTH_B),
        .WRITE_MODE_A(WRITE_MODE_A), .WRITE_MODE_B(WRITE_MODE_B)
    ) ram (
        .clk(CLKARDCLK), .en_a(ENARDEN), .en_b(ENBWREN),
        .we_a(SDP ? 8'd0 : {4'd0, WEA}), .we_b(WEBWE),
        .addr_a(ADDRARDADDR[14:0]), .addr_b(ADDRBWRADDR[14:0]),
        .di_a(di_a), .di_b(SDP && WRITE_WIDTH_B == 72 ? di_wide : di_b), .do_a(do_a), .do_b(do_b)
    );
endmodule

module RAMB18E1 #(
    parameter RAM_MODE      = "TDP",
    parameter READ_WIDTH_A  = 0,
    parameter READ_WIDTH_B  = 0,
    parameter WRITE_WIDTH_A = 0,
    parameter WRITE_WIDTH_B = 0,
    parameter WRITE_MODE_A  = "WRITE_FIRST",
    parameter WRITE_MODE_B  = "WRITE_FIRST"
) (
    input  wire        CLKARDCLK, CLKBWRCLK, ENARDEN, ENBWREN, REGCEAREGCE, REGCEB,
    input  wire        RSTRAMARSTRAM, RSTRAMB, RSTREGARSTREG, RSTREGB,
    input  wire [13:0] ADDRARDADDR, ADDRBWRADDR,
    input  wire [15:0] DIADI, DIBDI,
    input  wire [1:0]  DIPADIP, DIPBDIP,
    input  wire [1:0]  WEA,
    input  wire [3:0]  WEBWE,
    output wire [15:0] DOADO, DOBDO,
    output wire [1:0]  DOPADOP, DOPBDOP
);
    localparam SDP = RAM_MODE == "SDP";
    wire [35:0] di_a, di_b, do_a, do_b;
    wire [35:0] di_wide;
    genvar i;
    generate
        for (i = 0; i < 2; i = i + 1) begin : g_byte
            assign di_a[9*i +: 9]            = {DIPADIP[i], DIADI[8*i +: 8]};
            assign di_b[9*i +: 9]            = {DIPBDIP[i], DIBDI[8*i +: 8]};
            assign di_a[9*(2+i) +: 9]        = 9'd0;
            assign di_b[9*(2+i) +: 9]        = 9'd0;
            assign {DOPADOP[i], DOADO[8*i +: 8]} = do_a[9*i +: 9];
            assign {DOPBDOP[i], DOBDO[8*i +: 8]} = SDP ? do_a[9*(2+i) +: 9] : do_b[9*i +: 9];
        end
    endgenerate
    assign di_wide = {di_b[17:0], di_a[17:0]};
    aw_model_block_ram #(
        .ADDR_BITS(14), .BYTES(4), .READ_WIDTH_A(READ_WIDTH_A), .READ_WIDTH_B(READ_WIDTH_B),
        .WRITE_WIDTH_A(WRITE_WIDTH_A), .WRITE_WIDTH_B(WRITE_WIDTH_B),
        .WRITE_MODE_A(WRITE_MODE_A), .WRITE_MODE_B(WRITE_MODE_B)
    ) ram (
        .clk(CLKARDCLK), .en_a(ENARDEN), .en_b(ENBWREN),
        .we_a(SDP ? 4'd0 : {2'd0, WEA}), .we_b(WEBWE),
        .addr_a(ADDRARDADDR[13:0]), .addr_b(ADDRBWRADDR[13:0]),
        .di_a(di_a), .di_b(SDP && WRITE_WIDTH_B == 36 ? di_wide : di_b), .do_a(do_a), .do_b(do_b)
    );
endmodule

`default_nettype wire
