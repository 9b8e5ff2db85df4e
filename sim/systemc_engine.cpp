// SystemC top: clock, accelerator and TLM-2.0 memory. SPDX-License-Identifier: Apache-2.0
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <systemc>
#include <tlm>

#include "sim/engine.hpp"

// Debian's libsystemc refers to it; ours is a library that elaborates on its own.
int sc_main(int, char*[]) {
    return 0;
}

namespace arraywright::sim {
namespace {

constexpr unsigned kSocketBits = 8 * kMaxBusBytes;

/// DRAM as a TLM-2.0 target. Timing belongs to the bus model in front of it.
class MemoryTarget final : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket<MemoryTarget, kSocketBits> socket{"socket"};

    MemoryTarget(const sc_core::sc_module_name& name, MemoryStore& store)
        : sc_module(name), store_(store) {
        socket.register_b_transport(this, &MemoryTarget::b_transport);
        socket.register_transport_dbg(this, &MemoryTarget::transport_dbg);
    }

private:
    void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time&) {
        const std::span<uint8_t> data(transaction.get_data_ptr(), transaction.get_data_length());
        Response response = kSlaveError;
        if (transaction.is_read()) {
            response = store_.read(transaction.get_address(), data);
        } else if (transaction.is_write()) {
            const std::span<const uint8_t> enables(transaction.get_byte_enable_ptr(),
                                                   transaction.get_byte_enable_length());
            response = store_.write(transaction.get_address(), data, enables);
        }
        transaction.set_response_status(response == kOkay ? tlm::TLM_OK_RESPONSE
                                        : response == kDecodeError
                                            ? tlm::TLM_ADDRESS_ERROR_RESPONSE
                                            : tlm::TLM_GENERIC_ERROR_RESPONSE);
    }

    unsigned transport_dbg(tlm::tlm_generic_payload& transaction) {
        const std::vector<uint8_t> bytes =
            store_.peek(transaction.get_address(), transaction.get_data_length());
        if (!transaction.is_read()) return 0;
        std::copy(bytes.begin(), bytes.end(), transaction.get_data_ptr());
        return transaction.get_data_length();
    }

    MemoryStore& store_;
};

/// The bus model's way to the memory: one transaction a burst.
class BusInitiator final : public sc_core::sc_module, public MemoryPort {
public:
    tlm_utils::simple_initiator_socket<BusInitiator, kSocketBits> socket{"socket"};

    explicit BusInitiator(const sc_core::sc_module_name& name) : sc_module(name) {}

    Response read(uint64_t address, std::span<uint8_t> bytes) override {
        return transport(tlm::TLM_READ_COMMAND, address, bytes.data(), bytes.size(), {});
    }
    Response write(uint64_t address, std::span<const uint8_t> bytes,
                   std::span<const uint8_t> enables) override {
        // TLM has one pointer for both directions; a write does not change the data.
        return transport(tlm::TLM_WRITE_COMMAND, address, const_cast<uint8_t*>(bytes.data()),
                         bytes.size(), enables);
    }

private:
    Response transport(tlm::tlm_command command, uint64_t address, uint8_t* data, size_t length,
                       std::span<const uint8_t> enables) {
        transaction_.set_command(command);
        transaction_.set_address(address);
        transaction_.set_data_ptr(data);
        transaction_.set_data_length(static_cast<unsigned>(length));
        transaction_.set_streaming_width(static_cast<unsigned>(length));
        transaction_.set_byte_enable_ptr(enables.empty() ? nullptr
                                                         : const_cast<uint8_t*>(enables.data()));
        transaction_.set_byte_enable_length(static_cast<unsigned>(enables.size()));
        transaction_.set_dmi_allowed(false);
        transaction_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        socket->b_transport(transaction_, delay);
        switch (transaction_.get_response_status()) {
            case tlm::TLM_OK_RESPONSE:
                return kOkay;
            case tlm::TLM_ADDRESS_ERROR_RESPONSE:
                return kDecodeError;
            default:
                return kSlaveError;
        }
    }

    tlm::tlm_generic_payload transaction_;
};

/// The accelerator and its pin-level testbench on the two edges of the clock.
class AcceleratorTop final : public sc_core::sc_module {
public:
    sc_core::sc_in<bool> clock{"clock"};

    AcceleratorTop(const sc_core::sc_module_name& name, const SimulationRequest& request,
                   Model& model, MemoryPort& port, MemoryStore& store)
        : sc_module(name), testbench_(request, model, port, store) {
        SC_HAS_PROCESS(AcceleratorTop);
        SC_METHOD(rising);
        sensitive << clock.pos();
        dont_initialize();
        SC_METHOD(falling);
        sensitive << clock.neg();
        dont_initialize();
    }
    Testbench& testbench() { return testbench_; }

private:
    void rising() { testbench_.rising(); }
    void falling() {
        testbench_.falling();
        if (testbench_.finished()) sc_core::sc_pause();
    }

    Testbench testbench_;
};

/// A kernel of its own for each elaboration, so that one process can run many designs.
class KernelContext {
public:
    KernelContext() : previous_(sc_core::sc_curr_simcontext) {
        sc_core::sc_curr_simcontext = new sc_core::sc_simcontext();
        sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    }
    ~KernelContext() {
        delete sc_core::sc_curr_simcontext;
        sc_core::sc_curr_simcontext = previous_;
    }
    KernelContext(const KernelContext&) = delete;
    KernelContext& operator=(const KernelContext&) = delete;

private:
    sc_core::sc_simcontext* previous_;
};

class SystemcEngine final : public ClockEngine {
public:
    SystemcEngine(const SimulationRequest& request, Model& model, MemoryStore& store)
        : clock_("clock", sc_core::sc_time(10, sc_core::SC_NS), 0.5,
                 sc_core::sc_time(10, sc_core::SC_NS)),
          memory_("memory", store),
          initiator_("initiator"),
          top_("top", request, model, initiator_, store) {
        initiator_.socket.bind(memory_.socket);
        top_.clock(clock_);
    }

    Testbench& testbench() override { return top_.testbench(); }
    void run() override { sc_core::sc_start(); }

private:
    KernelContext context_;  // first in, last out
    sc_core::sc_clock clock_;
    MemoryTarget memory_;
    BusInitiator initiator_;
    AcceleratorTop top_;
};

}  // namespace

std::unique_ptr<ClockEngine> make_systemc_engine(const SimulationRequest& request, Model& model,
                                                 MemoryStore& store) {
    return std::make_unique<SystemcEngine>(request, model, store);
}

}  // namespace arraywright::sim
