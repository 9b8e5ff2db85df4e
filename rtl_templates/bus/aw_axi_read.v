// AXI read arbiter: command fetch (ID 0) and load unit (ID 1) share one read channel.
//
// Fetch goes first; an address that has been offered stays until it is taken. Data returns by ID,
// in any interleaving of the two. Combinational.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_axi_read #(
    parameter ADDRESS_BITS = 32
) (
    input  wire                    clk,
    input  wire                    rst_n,
    input  wire                    fetch_ar_valid,
    output wire                    fetch_ar_ready,
    input  wire [ADDRESS_BITS-1:0] fetch_ar_address,
    input  wire [7:0]              fetch_ar_len,
    output wire                    fetch_r_valid,
    input  wire                    fetch_r_ready,
    input  wire                    load_ar_valid,
    output wire                    load_ar_ready,
    input  wire [ADDRESS_BITS-1:0] load_ar_address,
    input  wire [7:0]              load_ar_len,
    output wire                    load_r_valid,
    input  wire                    load_r_ready,
    output wire [1:0]              m_axi_arid,
    output wire [ADDRESS_BITS-1:0] m_axi_araddr,
    output wire [7:0]              m_axi_arlen,
    output wire                    m_axi_arvalid,
    input  wire                    m_axi_arready,
    input  wire [1:0]              m_axi_rid,
    input  wire                    m_axi_rvalid,
    output wire                    m_axi_rready
);
    reg  locked_q, load_q;
    wire load = locked_q ? load_q : !fetch_ar_valid;

    assign m_axi_arid     = {1'b0, load};
    assign m_axi_araddr   = load ? load_ar_address : fetch_ar_address;
    assign m_axi_arlen    = load ? load_ar_len : fetch_ar_len;
    assign m_axi_arvalid  = load ? load_ar_valid : fetch_ar_valid;
    assign fetch_ar_ready = !load && m_axi_arready;
    assign load_ar_ready  = load && m_axi_arready;

    always @(posedge clk) begin
        if (!rst_n) locked_q <= 1'b0;
        else        locked_q <= m_axi_arvalid && !m_axi_arready;
        load_q <= load;
    end

    assign fetch_r_valid = m_axi_rvalid && !m_axi_rid[0];
    assign load_r_valid  = m_axi_rvalid && m_axi_rid[0];
    assign m_axi_rready  = m_axi_rid[0] ? load_r_ready : fetch_r_ready;

    wire unused_ok = &{1'b0, m_axi_rid};
endmodule

`default_nettype wire
