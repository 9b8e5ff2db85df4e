// AXI4-Lite slave: turns reads and writes into single-cycle register accesses.
//
// One write and one read at a time. An access that the registers refuse (unmapped, read-only,
// not all four bytes) answers SLVERR. Latency: response one cycle after address and data.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_axil #(
    parameter ADDR_BITS = 12
) (
    input  wire                 clk,
    input  wire                 rst_n,
    input  wire [ADDR_BITS-1:0] s_axil_awaddr,
    input  wire                 s_axil_awvalid,
    output wire                 s_axil_awready,
    input  wire [31:0]          s_axil_wdata,
    input  wire [3:0]           s_axil_wstrb,
    input  wire                 s_axil_wvalid,
    output wire                 s_axil_wready,
    output wire [1:0]           s_axil_bresp,
    output wire                 s_axil_bvalid,
    input  wire                 s_axil_bready,
    input  wire [ADDR_BITS-1:0] s_axil_araddr,
    input  wire                 s_axil_arvalid,
    output wire                 s_axil_arready,
    output wire [31:0]          s_axil_rdata,
    output wire [1:0]           s_axil_rresp,
    output wire                 s_axil_rvalid,
    input  wire                 s_axil_rready,
    // Registers
    output wire                 write_o,
    output wire [ADDR_BITS-1:0] write_addr_o,
    output wire [31:0]          write_data_o,
    input  wire                 write_ok_i,
    output wire [ADDR_BITS-1:0] read_addr_o,
    input  wire [31:0]          read_data_i,
    input  wire                 read_ok_i
);
    reg        bvalid_q, rvalid_q, berror_q, rerror_q;
    reg [31:0] rdata_q;

    // Address and data are taken together, so neither needs a register.
    wire write = s_axil_awvalid && s_axil_wvalid && (!bvalid_q || s_axil_bready);
    wire read  = s_axil_arvalid && (!rvalid_q || s_axil_rready);
    wire whole = s_axil_wstrb == 4'hf;

    assign s_axil_awready = write;
    assign s_axil_wready  = write;
    assign s_axil_bvalid  = bvalid_q;
    assign s_axil_bresp   = {berror_q, 1'b0};
    assign s_axil_arready = read;
    assign s_axil_rvalid  = rvalid_q;
    assign s_axil_rdata   = rdata_q;
    assign s_axil_rresp   = {rerror_q, 1'b0};

    assign write_o      = write && whole;
    assign write_addr_o = s_axil_awaddr;
    assign write_data_o = s_axil_wdata;
    assign read_addr_o  = s_axil_araddr;

    always @(posedge clk) begin
        if (!rst_n) begin
            bvalid_q <= 1'b0;
            rvalid_q <= 1'b0;
        end else begin
            if (write) bvalid_q <= 1'b1;
            else if (s_axil_bready) bvalid_q <= 1'b0;
            if (read) rvalid_q <= 1'b1;
            else if (s_axil_rready) rvalid_q <= 1'b0;
        end
        if (write) berror_q <= !whole || !write_ok_i;
        if (read) begin
            rerror_q <= !read_ok_i;
            rdata_q  <= read_data_i;
        end
    end
endmodule

`default_nettype wire
