// A verilated design loaded from its shared library. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "sim/model_abi.h"

namespace arraywright::sim {

/// One instance of the design. Throws std::runtime_error when the library cannot be used.
class Model {
public:
    explicit Model(const std::filesystem::path& library);
    ~Model();
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;

    void eval() { eval_(instance_); }
    std::vector<aw_port> ports() const;

    /// Writes FST from now on; throws std::runtime_error for an untraced library or a bad path.
    void open_trace(const std::filesystem::path& file);
    /// `time_ns` must grow with every call.
    void dump_trace(uint64_t time_ns) { trace_dump_(instance_, time_ns); }
    void close_trace();

private:
    template <typename Function>
    Function symbol(const char* name) const;

    std::filesystem::path library_;
    void* handle_ = nullptr;
    void* instance_ = nullptr;
    void (*eval_)(void*) = nullptr;
    void (*trace_dump_)(void*, uint64_t) = nullptr;
};

}  // namespace arraywright::sim
