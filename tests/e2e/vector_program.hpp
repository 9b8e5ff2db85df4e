// One random program of hand-made commands with the full range of every field, and what it must
// give. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/command_bench.hpp"
#include "tests/e2e/command_model.hpp"
#include "tests/e2e/draw.hpp"

namespace arraywright::e2e {

/// What a program is made of.
enum class Contents {
    kRandom,
    kRare,    ///< what others seldom have: windows that overflow, ends of large maps, long shifts
    kCounts,  ///< loops with counts of 16 bits, as far as no buffer ends them
    kTokens   ///< every token counter almost full, twice
};

/// Draws the commands, executes them in the model and leaves the memory they need in the bench.
/// Whenever the unit changes the next command waits for the one before.
class VectorProgram {
public:
    VectorProgram(CommandBench& bench, const network::RandomStream& random,
                  Contents contents = Contents::kRandom);

    /// Runs it; "" or what is wrong.
    std::string run();
    /// All commands, one a line.
    std::string text() const;
    size_t size() const { return commands_.size(); }
    const CommandModel& model() const { return model_; }

private:
    /// Accumulator words that hold sums.
    struct Sums {
        int64_t first, count;
    };

    /// Weight tiles of one tile of output channels, and how many lanes of the last one are taps.
    struct Steps {
        int64_t count, last_lanes;
    };

    // Transfers
    uint64_t place(uint64_t bytes, uint64_t alignment, uint64_t offset = 0);
    bool reserve(uint64_t address, uint64_t bytes);
    isa::Command transfer(isa::Unit unit, uint64_t address, int64_t buffer, int64_t bytes);
    isa::Command load(int64_t target, const std::vector<uint8_t>& bytes, int64_t buffer);
    void set_strides(isa::Command& command);
    void add_transfer(isa::Unit unit);
    void add_rows(int64_t target, int64_t first, int64_t count);
    void add_some_rows();
    int64_t sharp_bias(int64_t sum, std::vector<uint8_t>& scales);
    void add_sharp_rows(const isa::Command& command, bool overflows);
    void add_tables();

    // Sums
    isa::Command compute_base();
    void add_weights(int64_t first, int64_t tiles, const Steps& steps);
    Steps set_steps(isa::Command& command);
    void add_compute();
    void set_loops(isa::Command& command);
    void set_window(isa::Command& command);
    void set_end(isa::Command& command);
    void add_chain();
    void add_more(const Sums& sums);
    void approach(isa::Command command, int64_t steps);
    Sums add_neighbours(const isa::Command& chain);
    void add_window_steps(const isa::Command& chain, const Sums& sums);
    void add_packed_steps(const isa::Command& chain, int64_t tiles, const Sums& sums);

    // Results
    int64_t multiplier();
    void set_result(isa::Command& command, int32_t sum_bits);
    bool set_places(isa::Command& command, int64_t column_bytes);
    void add_vector(bool overflows = false);
    void add_combine();
    void add_ties();
    void set_taps(isa::Command& command);
    void set_factors(isa::Command& command);

    int32_t layer();
    bool packs() const { return is_rare_ && plan_.tap_packing; }
    void add_random();
    void add_rare();
    void add_combine_loop(const char* count, int64_t end);
    void add_transfer_loop(isa::Unit unit, const char* count, int64_t end);
    void add_counts();
    std::vector<isa::Command> add_small_commands();
    void add_tokens(const std::vector<isa::Command>& small);
    void add_beyond();
    bool add(const isa::Command& command);
    void link();
    bool stops_at_overflow() const;
    std::string compare() const;
    std::string compare_end() const;
    std::string compare_overflow() const;
    std::string compare_memory() const;

    CommandBench& bench_;
    const plan::Plan& plan_;
    Draw draw_;
    CommandModel model_;
    std::vector<isa::Command> commands_;
    uint64_t address_ = 0;  ///< of the commands
    std::vector<std::pair<uint64_t, uint64_t>> reserved_;
    std::vector<Sums> sums_;
    bool is_rare_;              ///< Contents::kRare
    int64_t bias_extremes_;     ///< one in so many biases is near the ends of its range
    int64_t whole_ = 0;         ///< where the whole buffer is stored
    bool ends_beyond_ = false;  ///< the last command leaves a buffer,
};

}  // namespace arraywright::e2e
