// Test design with the ports of a generated accelerator: a DMA copier.
// A command is 64 bytes: word 0 source address, word 1 destination address, word 2 beats (1 to
// 64), word 3 bit 0 raises an overflow, words 4 to 7 are its layer, channel, position and step.
// Commands are fetched with ARID 0, data with ARID 1. One command at a time: read a burst, keep
// it, write it. Word 3 bit 1 hangs, bit 2 drops AWVALID once, to see the testbench notice.
// D is 32 to 256. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module dma_copier #(
    parameter A = 32,
    parameter D = 64,
    parameter TRAP = 0
) (
    input  wire           clk,
    input  wire           rst_n,
    output wire           irq_o,
    input  wire [11:0]    s_axil_awaddr,
    input  wire           s_axil_awvalid,
    output wire           s_axil_awready,
    input  wire [31:0]    s_axil_wdata,
    input  wire [3:0]     s_axil_wstrb,
    input  wire           s_axil_wvalid,
    output wire           s_axil_wready,
    output wire [1:0]     s_axil_bresp,
    output reg            s_axil_bvalid,
    input  wire           s_axil_bready,
    input  wire [11:0]    s_axil_araddr,
    input  wire           s_axil_arvalid,
    output wire           s_axil_arready,
    output reg  [31:0]    s_axil_rdata,
    output wire [1:0]     s_axil_rresp,
    output reg            s_axil_rvalid,
    input  wire           s_axil_rready,
    output wire [1:0]     m_axi_arid,
    output wire [A-1:0]   m_axi_araddr,
    output wire [7:0]     m_axi_arlen,
    output wire [2:0]     m_axi_arsize,
    output wire [1:0]     m_axi_arburst,
    output wire [3:0]     m_axi_arcache,
    output wire [2:0]     m_axi_arprot,
    output wire           m_axi_arvalid,
    input  wire           m_axi_arready,
    input  wire [1:0]     m_axi_rid,
    input  wire [D-1:0]   m_axi_rdata,
    input  wire [1:0]     m_axi_rresp,
    input  wire           m_axi_rlast,
    input  wire           m_axi_rvalid,
    output wire           m_axi_rready,
    output wire [1:0]     m_axi_awid,
    output wire [A-1:0]   m_axi_awaddr,
    output wire [7:0]     m_axi_awlen,
    output wire [2:0]     m_axi_awsize,
    output wire [1:0]     m_axi_awburst,
    output wire [3:0]     m_axi_awcache,
    output wire [2:0]     m_axi_awprot,
    output wire           m_axi_awvalid,
    input  wire           m_axi_awready,
    output wire [D-1:0]   m_axi_wdata,
    output wire [D/8-1:0] m_axi_wstrb,
    output wire           m_axi_wlast,
    output wire           m_axi_wvalid,
    input  wire           m_axi_wready,
    input  wire [1:0]     m_axi_bid,
    input  wire [1:0]     m_axi_bresp,
    input  wire           m_axi_bvalid,
    output wire           m_axi_bready
);
    localparam BYTES = D / 8;
    localparam integer LOG_BYTES = $clog2(BYTES);
    wire [2:0] beat_size = LOG_BYTES[2:0];
    localparam integer COMMAND_BEATS = 64 / BYTES;
    wire [7:0] command_beats = COMMAND_BEATS[7:0];

    localparam [2:0] IDLE = 0, FETCH = 1, FETCHING = 2, READ = 3, READING = 4, WRITE = 5,
                     ANSWER = 6, HANG = 7;

    // Registers.
    reg [1:0]  irq_enable_q, irq_status_q;
    reg [63:0] program_q;
    reg [31:0] commands_q, watchdog_q, log_layer_q, left_q;
    reg        done_q, error_q;
    reg [31:0] error_code_q;
    reg [63:0] error_addr_q;
    reg        sticky_q;
    reg [31:0] count_q, layer_q, channel_q, position_q, step_q;
    reg [47:0] cycles_q, read_beats_q, write_beats_q;

    reg [2:0]     state_q;
    reg [511:0]   command_q;
    reg [A-1:0]   pointer_q;
    reg [D-1:0]   memory [0:63];
    reg [7:0]     beat_q;
    reg           address_done_q;
    reg [1:0]     write_cycle_q;
    reg           aw_held_q, w_held_q;
    reg [11:0]    aw_q;
    reg [31:0]    w_q;

    wire busy = state_q != IDLE;
    assign irq_o = |(irq_status_q & irq_enable_q);

    // Register writes: an address and its data are taken, then answered.
    assign s_axil_awready = !aw_held_q;
    assign s_axil_wready = !w_held_q;
    assign s_axil_bresp = 2'b00;
    wire take_write = aw_held_q && w_held_q && !s_axil_bvalid;
    wire start = take_write && aw_q == 12'h040 && w_q[0];
    wire soft_reset = take_write && aw_q == 12'h040 && w_q[1];

    // Register reads.
    assign s_axil_arready = !s_axil_rvalid;
    assign s_axil_rresp = 2'b00;

    // Bus.
    wire [31:0] beats_word = command_q[95:64];
    wire fetching = state_q == FETCH;
    assign m_axi_arid = fetching ? 2'd0 : 2'd1;
    assign m_axi_araddr = fetching ? pointer_q : {{(A-32){1'b0}}, command_q[31:0]};
    assign m_axi_arlen = fetching ? command_beats - 8'd1 : beats_word[7:0] - 8'd1;
    assign m_axi_arsize = beat_size;
    assign m_axi_arburst = 2'b01;
    assign m_axi_arcache = 4'b0011;
    assign m_axi_arprot = 3'b000;
    assign m_axi_arvalid = fetching || state_q == READ;
    assign m_axi_rready = 1'b1;
    assign m_axi_awid = 2'd2;
    assign m_axi_awaddr = {{(A-32){1'b0}}, command_q[63:32]};
    assign m_axi_awlen = beats_word[7:0] - 8'd1;
    assign m_axi_awsize = beat_size;
    assign m_axi_awburst = 2'b01;
    assign m_axi_awcache = 4'b0011;
    assign m_axi_awprot = 3'b000;
    assign m_axi_awvalid = state_q == WRITE && !address_done_q &&
                           !(command_q[98] && write_cycle_q == 2'd1);
    assign m_axi_wdata = memory[beat_q[5:0]];
    assign m_axi_wstrb = {(D/8){1'b1}};
    assign m_axi_wlast = beat_q == m_axi_awlen;
    assign m_axi_wvalid = state_q == WRITE && beat_q <= m_axi_awlen;
    assign m_axi_bready = 1'b1;
    wire w_end = m_axi_wvalid && m_axi_wready && m_axi_wlast;

    integer unused_strobes;
    always @(posedge clk) begin
        unused_strobes <= {28'b0, s_axil_wstrb};
        if (s_axil_awvalid && s_axil_awready) begin
            aw_held_q <= 1'b1;
            aw_q <= s_axil_awaddr;
        end
        if (s_axil_wvalid && s_axil_wready) begin
            w_held_q <= 1'b1;
            w_q <= s_axil_wdata;
        end
        if (take_write) begin
            aw_held_q <= 1'b0;
            w_held_q <= 1'b0;
            s_axil_bvalid <= 1'b1;
            case (aw_q)
                12'h048: irq_enable_q <= w_q[1:0];
                12'h04c: irq_status_q <= irq_status_q & ~w_q[1:0];
                12'h050: program_q[31:0] <= w_q;
                12'h054: program_q[63:32] <= w_q;
                12'h058: commands_q <= w_q;
                12'h05c: watchdog_q <= w_q;
                12'h098: log_layer_q <= w_q;
                default: ;
            endcase
        end else if (s_axil_bready) begin
            s_axil_bvalid <= 1'b0;
        end

        if (s_axil_arvalid && s_axil_arready) begin
            s_axil_rvalid <= 1'b1;
            case (s_axil_araddr)
                12'h000: s_axil_rdata <= 32'h41575247;
                12'h004: s_axil_rdata <= 32'h00010000;
                12'h008: s_axil_rdata <= {6'd0, 6'd32, 1'b0, TRAP ? 2'd2 : 2'd0, 1'b0, 8'd1, 8'd1};
                12'h010: s_axil_rdata <= BYTES << 16;
                12'h044: s_axil_rdata <= {27'b0, sticky_q, 1'b0, error_q, done_q, busy};
                12'h048: s_axil_rdata <= {30'b0, irq_enable_q};
                12'h04c: s_axil_rdata <= {30'b0, irq_status_q};
                12'h050: s_axil_rdata <= program_q[31:0];
                12'h054: s_axil_rdata <= program_q[63:32];
                12'h058: s_axil_rdata <= commands_q;
                12'h05c: s_axil_rdata <= watchdog_q;
                12'h060: s_axil_rdata <= error_code_q;
                12'h064: s_axil_rdata <= error_addr_q[31:0];
                12'h068: s_axil_rdata <= error_addr_q[63:32];
                12'h06c: s_axil_rdata <= (state_q == HANG) ? 32'h00080018 : 32'h0;
                12'h080: s_axil_rdata <= {31'b0, sticky_q};
                12'h084: s_axil_rdata <= count_q;
                12'h088: s_axil_rdata <= layer_q;
                12'h08c: s_axil_rdata <= channel_q;
                12'h090: s_axil_rdata <= position_q;
                12'h094: s_axil_rdata <= step_q;
                12'h098: s_axil_rdata <= log_layer_q;
                12'h100: s_axil_rdata <= cycles_q[31:0];
                12'h128: s_axil_rdata <= cycles_q[31:0];
                12'h130: s_axil_rdata <= read_beats_q[31:0];
                12'h138: s_axil_rdata <= write_beats_q[31:0];
                default: s_axil_rdata <= 32'h0;
            endcase
        end else if (s_axil_rready) begin
            s_axil_rvalid <= 1'b0;
        end

        if (busy) cycles_q <= cycles_q + 48'd1;
        if (m_axi_rvalid && m_axi_rready) read_beats_q <= read_beats_q + 48'd1;
        if (m_axi_wvalid && m_axi_wready) write_beats_q <= write_beats_q + 48'd1;

        case (state_q)
            IDLE: begin
                if (start) begin
                    state_q <= FETCH;
                    pointer_q <= program_q[A-1:0];
                    left_q <= commands_q;
                    cycles_q <= 48'd1;
                    read_beats_q <= 48'd0;
                    write_beats_q <= 48'd0;
                    sticky_q <= 1'b0;
                    count_q <= 32'd0;
                    done_q <= 1'b0;
                    beat_q <= 8'd0;
                end
            end
            FETCH: if (m_axi_arready) state_q <= FETCHING;
            FETCHING: if (m_axi_rvalid) begin
                command_q <= {m_axi_rdata, command_q[511:D]};
                if (m_axi_rlast) state_q <= READ;
            end
            READ: begin
                if (command_q[97]) state_q <= HANG;
                else if (m_axi_arready) state_q <= READING;
            end
            READING: if (m_axi_rvalid) begin
                memory[beat_q[5:0]] <= m_axi_rdata;
                beat_q <= beat_q + 8'd1;
                if (m_axi_rresp != 2'b00) begin
                    error_q <= 1'b1;
                    error_code_q <= (m_axi_rresp == 2'b10) ? 32'd7 : 32'd8;
                    error_addr_q <= {32'b0, command_q[31:0]};
                end
                if (m_axi_rlast) begin
                    beat_q <= 8'd0;
                    address_done_q <= 1'b0;
                    write_cycle_q <= 2'd0;
                    state_q <= (error_q || m_axi_rresp != 2'b00) ? ANSWER : WRITE;
                end
            end
            WRITE: begin
                if (write_cycle_q != 2'd2) write_cycle_q <= write_cycle_q + 2'd1;
                if (m_axi_wvalid && m_axi_wready) beat_q <= beat_q + 8'd1;
                if (m_axi_awvalid && m_axi_awready) address_done_q <= 1'b1;
                if ((w_end || beat_q > m_axi_awlen) &&
                    (address_done_q || (m_axi_awvalid && m_axi_awready)))
                    state_q <= ANSWER;
            end
            ANSWER: if (m_axi_bvalid || error_q) begin
                beat_q <= 8'd0;
                pointer_q <= pointer_q + 64;
                left_q <= left_q - 32'd1;
                if (command_q[96]) begin
                    sticky_q <= 1'b1;
                    count_q <= count_q + 32'd1;
                    if (!sticky_q) begin
                        layer_q <= command_q[159:128];
                        channel_q <= command_q[191:160];
                        position_q <= command_q[223:192];
                        step_q <= command_q[255:224];
                    end
                end
                if (error_q || (TRAP && command_q[96])) begin
                    state_q <= IDLE;
                    error_q <= 1'b1;
                    if (!error_q) error_code_q <= 32'd12;
                    irq_status_q[1] <= 1'b1;
                end else if (left_q == 32'd1) begin
                    state_q <= IDLE;
                    done_q <= 1'b1;
                    irq_status_q[0] <= 1'b1;
                end else begin
                    state_q <= FETCH;
                end
            end
            default: ;
        endcase

        if (!rst_n || soft_reset) begin
            state_q <= IDLE;
            error_q <= 1'b0;
            done_q <= 1'b0;
            error_code_q <= 32'd0;
            error_addr_q <= 64'd0;
            beat_q <= 8'd0;
        end
        if (!rst_n) begin
            aw_held_q <= 1'b0;
            w_held_q <= 1'b0;
            s_axil_bvalid <= 1'b0;
            s_axil_rvalid <= 1'b0;
            irq_enable_q <= 2'b00;
            irq_status_q <= 2'b00;
            sticky_q <= 1'b0;
        end
    end

    wire unused_ok = &{1'b0, m_axi_rid, m_axi_bid, m_axi_bresp, program_q, command_q};
endmodule

`default_nettype wire
