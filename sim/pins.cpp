// Binding and sampling of pins. SPDX-License-Identifier: Apache-2.0
#include "sim/pins.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace arraywright::sim {
namespace {

/// Hands out ports by name and knows which were never asked for.
class Binder {
public:
    explicit Binder(const std::vector<aw_port>& ports) : ports_(ports), used_(ports.size()) {}

    void* find(std::string_view name, int32_t bits, bool is_input) {
        for (size_t i = 0; i < ports_.size(); ++i) {
            const aw_port& port = ports_[i];
            if (name != port.name) continue;
            used_[i] = true;
            if (port.bits != static_cast<uint32_t>(bits) || (port.is_input != 0) != is_input) {
                throw std::runtime_error(fmt::format(
                    "port {} is {} bits, {}; expected {} bits, {}", name, port.bits,
                    port.is_input != 0 ? "input" : "output", bits, is_input ? "input" : "output"));
            }
            return port.data;
        }
        throw std::runtime_error(fmt::format("the design has no port {}", name));
    }
    uint8_t* in(std::string_view name, int32_t bits = 1) {
        return static_cast<uint8_t*>(find(name, bits, true));
    }
    uint8_t* out(std::string_view name, int32_t bits = 1) {
        return static_cast<uint8_t*>(find(name, bits, false));
    }
    Pin in_pin(std::string_view name, int32_t bits) {
        return {in(name, bits), static_cast<uint32_t>(bits)};
    }
    Pin out_pin(std::string_view name, int32_t bits) {
        return {out(name, bits), static_cast<uint32_t>(bits)};
    }
    /// A netlist with faults in it (verif/mutations/score) has an input that chooses one.
    void choose_fault() {
        for (size_t i = 0; i < ports_.size(); ++i) {
            if (std::string_view(ports_[i].name) != "fault_select") continue;
            used_[i] = true;
            const char* text = std::getenv("ARRAYWRIGHT_FAULT");
            const uint64_t fault = text == nullptr ? 0 : std::strtoull(text, nullptr, 10);
            std::memcpy(ports_[i].data, &fault, (ports_[i].bits + 7) / 8);
        }
    }
    void check_all_used() const {
        for (size_t i = 0; i < ports_.size(); ++i) {
            if (!used_[i]) {
                throw std::runtime_error(
                    fmt::format("the testbench does not know port {}", ports_[i].name));
            }
        }
    }

private:
    const std::vector<aw_port>& ports_;
    std::vector<bool> used_;
};

}  // namespace

Pins::Pins(const std::vector<aw_port>& ports, const DesignInfo& design)
    : bus_bytes_(design.bus_bytes()) {
    Binder bind(ports);
    clk_ = bind.in("clk");
    rst_n_ = bind.in("rst_n");
    irq_ = bind.out("irq_o");
    const auto address = [&](const std::string& channel) {
        const std::string p = "m_axi_" + channel;
        return AddressPins{bind.out(p + "valid"),
                           bind.in(p + "ready"),
                           bind.out(p + "id", 2),
                           bind.out(p + "len", 8),
                           bind.out(p + "size", 3),
                           bind.out(p + "burst", 2),
                           bind.out(p + "cache", 4),
                           bind.out(p + "prot", 3),
                           bind.out_pin(p + "addr", design.address_bits)};
    };
    ar_ = address("ar");
    aw_ = address("aw");
    r_valid_ = bind.in("m_axi_rvalid");
    r_ready_ = bind.out("m_axi_rready");
    r_last_ = bind.in("m_axi_rlast");
    r_id_ = bind.in("m_axi_rid", 2);
    r_response_ = bind.in("m_axi_rresp", 2);
    r_data_ = bind.in("m_axi_rdata", design.data_bits);
    w_valid_ = bind.out("m_axi_wvalid");
    w_ready_ = bind.in("m_axi_wready");
    w_last_ = bind.out("m_axi_wlast");
    w_data_ = bind.out("m_axi_wdata", design.data_bits);
    w_strobe_ = bind.out_pin("m_axi_wstrb", design.bus_bytes());
    b_valid_ = bind.in("m_axi_bvalid");
    b_ready_ = bind.out("m_axi_bready");
    b_id_ = bind.in("m_axi_bid", 2);
    b_response_ = bind.in("m_axi_bresp", 2);

    lite_aw_valid_ = bind.in("s_axil_awvalid");
    lite_aw_ready_ = bind.out("s_axil_awready");
    lite_aw_address_ = bind.in_pin("s_axil_awaddr", 12);
    lite_w_valid_ = bind.in("s_axil_wvalid");
    lite_w_ready_ = bind.out("s_axil_wready");
    lite_w_data_ = bind.in_pin("s_axil_wdata", 32);
    lite_w_strobe_ = bind.in_pin("s_axil_wstrb", 4);
    lite_b_valid_ = bind.out("s_axil_bvalid");
    lite_b_ready_ = bind.in("s_axil_bready");
    lite_b_response_ = bind.out_pin("s_axil_bresp", 2);
    lite_ar_valid_ = bind.in("s_axil_arvalid");
    lite_ar_ready_ = bind.out("s_axil_arready");
    lite_ar_address_ = bind.in_pin("s_axil_araddr", 12);
    lite_r_valid_ = bind.out("s_axil_rvalid");
    lite_r_ready_ = bind.in("s_axil_rready");
    lite_r_data_ = bind.out_pin("s_axil_rdata", 32);
    lite_r_response_ = bind.out_pin("s_axil_rresp", 2);
    bind.choose_fault();
    bind.check_all_used();
}

void Pins::sample(AxiSignals& axi) const {
    const auto address = [](AddressChannel& channel, const AddressPins& pins) {
        channel.valid = *pins.valid != 0;
        channel.ready = *pins.ready != 0;
        if (!channel.valid) return;
        channel.beat = {pins.address.get(), *pins.id,    *pins.length,    *pins.size,
                        *pins.burst,        *pins.cache, *pins.protection};
    };
    address(axi.ar, ar_);
    address(axi.aw, aw_);
    axi.r.valid = *r_valid_ != 0;
    axi.r.ready = *r_ready_ != 0;
    if (axi.r.valid) {
        axi.r.last = *r_last_ != 0;
        axi.r.id = *r_id_;
        axi.r.response = *r_response_;
        std::memcpy(axi.r.data.data(), r_data_, static_cast<size_t>(bus_bytes_));
    }
    axi.w.valid = *w_valid_ != 0;
    axi.w.ready = *w_ready_ != 0;
    if (axi.w.valid) {
        axi.w.last = *w_last_ != 0;
        axi.w.strobe = w_strobe_.get();
        std::memcpy(axi.w.data.data(), w_data_, static_cast<size_t>(bus_bytes_));
    }
    axi.b.valid = *b_valid_ != 0;
    axi.b.ready = *b_ready_ != 0;
    axi.b.id = *b_id_;
    axi.b.response = *b_response_;
}

void Pins::sample(LiteSignals& lite) const {
    lite.aw.valid = *lite_aw_valid_ != 0;
    lite.aw.ready = *lite_aw_ready_ != 0;
    lite.aw.value = static_cast<uint32_t>(lite_aw_address_.get());
    lite.w.valid = *lite_w_valid_ != 0;
    lite.w.ready = *lite_w_ready_ != 0;
    lite.w.value = static_cast<uint32_t>(lite_w_data_.get());
    lite.w.extra = static_cast<uint8_t>(lite_w_strobe_.get());
    lite.b.valid = *lite_b_valid_ != 0;
    lite.b.ready = *lite_b_ready_ != 0;
    lite.b.extra = static_cast<uint8_t>(lite_b_response_.get());
    lite.ar.valid = *lite_ar_valid_ != 0;
    lite.ar.ready = *lite_ar_ready_ != 0;
    lite.ar.value = static_cast<uint32_t>(lite_ar_address_.get());
    lite.r.valid = *lite_r_valid_ != 0;
    lite.r.ready = *lite_r_ready_ != 0;
    lite.r.value = static_cast<uint32_t>(lite_r_data_.get());
    lite.r.extra = static_cast<uint8_t>(lite_r_response_.get());
}

void Pins::drive(const MemoryOutputs& memory) {
    *ar_.ready = memory.ar_ready;
    *aw_.ready = memory.aw_ready;
    *w_ready_ = memory.w_ready;
    *r_valid_ = memory.r_valid;
    if (memory.r_valid) {
        *r_last_ = memory.r_last;
        *r_id_ = memory.r_id;
        *r_response_ = memory.r_response;
        std::memcpy(r_data_, memory.r_data, static_cast<size_t>(bus_bytes_));
    }
    *b_valid_ = memory.b_valid;
    *b_id_ = memory.b_id;
    *b_response_ = memory.b_response;
}

void Pins::drive(const HostOutputs& host) {
    *lite_aw_valid_ = host.aw_valid;
    lite_aw_address_.set(host.address);
    *lite_w_valid_ = host.w_valid;
    lite_w_data_.set(host.data);
    lite_w_strobe_.set(0xf);
    *lite_b_ready_ = host.b_ready;
    *lite_ar_valid_ = host.ar_valid;
    lite_ar_address_.set(host.address);
    *lite_r_ready_ = host.r_ready;
}

}  // namespace arraywright::sim
