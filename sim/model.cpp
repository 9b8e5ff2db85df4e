// Loading of verilated designs. SPDX-License-Identifier: Apache-2.0
#include "sim/model.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <stdexcept>

namespace arraywright::sim {

template <typename Function>
Function Model::symbol(const char* name) const {
    void* address = ::dlsym(handle_, name);
    if (address == nullptr) {
        throw std::runtime_error(
            fmt::format("{}: not an arraywright model: no {}", library_.string(), name));
    }
    return reinterpret_cast<Function>(address);
}

Model::Model(const std::filesystem::path& library) : library_(library) {
    // RTLD_LOCAL: every model carries its own copy of the Verilator runtime.
    handle_ = ::dlopen(std::filesystem::absolute(library).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle_ == nullptr) throw std::runtime_error(::dlerror());
    try {
        const uint32_t version = symbol<decltype(&aw_model_abi_version)>("aw_model_abi_version")();
        if (version != AW_MODEL_ABI_VERSION) {
            throw std::runtime_error(fmt::format("{}: model interface version {}, expected {}",
                                                 library_.string(), version, AW_MODEL_ABI_VERSION));
        }
        eval_ = symbol<decltype(&aw_model_eval)>("aw_model_eval");
        trace_dump_ = symbol<decltype(&aw_model_trace_dump)>("aw_model_trace_dump");
        instance_ = symbol<decltype(&aw_model_create)>("aw_model_create")();
        if (instance_ == nullptr) throw std::runtime_error("out of memory for the model");
    } catch (...) {
        ::dlclose(handle_);
        throw;
    }
}

Model::~Model() {
    symbol<decltype(&aw_model_destroy)>("aw_model_destroy")(instance_);
    ::dlclose(handle_);
}

std::vector<aw_port> Model::ports() const {
    uint32_t count = 0;
    const aw_port* table = symbol<decltype(&aw_model_ports)>("aw_model_ports")(instance_, &count);
    return {table, table + count};
}

void Model::open_trace(const std::filesystem::path& file) {
    if (symbol<decltype(&aw_model_is_traced)>("aw_model_is_traced")() == 0) {
        throw std::runtime_error(library_.string() + ": the model was built without tracing");
    }
    if (symbol<decltype(&aw_model_trace_open)>("aw_model_trace_open")(instance_, file.c_str())) {
        throw std::runtime_error(file.string() + ": cannot write the trace");
    }
}

void Model::close_trace() {
    symbol<decltype(&aw_model_trace_close)>("aw_model_trace_close")(instance_);
}

}  // namespace arraywright::sim
