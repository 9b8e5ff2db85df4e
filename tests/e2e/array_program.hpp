// Runs compute jobs as one hand-made program.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/array_job.hpp"
#include "tests/e2e/command_bench.hpp"

namespace arraywright::e2e {

/// Jobs whose compute commands follow one another without waiting, then their results are stored.
using ArrayGroup = std::vector<ArrayJob>;

/// One design with its testbench, for many programs.
class ArrayBench {
public:
    ArrayBench(const std::string& spec_yaml, const sim::MemoryConfig& memory)
        : bench_(spec_yaml, memory) {}

    const plan::Plan& plan() const { return bench_.plan(); }
    /// Whether `job` fits beside what `group` needs.
    bool fits(const ArrayGroup& group, const ArrayJob& job) const;
    /// Runs the groups one after the other; "" or what is wrong.
    std::string run(const std::vector<ArrayGroup>& groups);
    const sim::Counters& counters() const { return bench_.report().counters; }

private:
    struct Stored {
        uint64_t address;
        const ArrayJob* job;
    };
    void add_group(const ArrayGroup& group, std::vector<isa::Command>& commands);
    isa::Command load(int32_t target, const std::vector<uint8_t>& bytes, int64_t buffer);
    std::string compare(const Stored& stored);

    CommandBench bench_;
    uint64_t next_ = 0;          ///< free bus address
    std::vector<uint8_t> data_;  ///< memory behind the commands
    std::vector<Stored> stored_;
    uint64_t runs_ = 0;
};

}  // namespace arraywright::e2e
