// What hand-made commands must do, one after the other, by the words of the command guide.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "generator/isa/commands.hpp"
#include "generator/plan/plan.hpp"
#include "sim/memory_store.hpp"
#include "verif/golden/requantize.hpp"

namespace arraywright::e2e {

/// What the overflow registers must show.
struct OverflowRecord {
    uint64_t count = 0;
    bool is_bias = false;  ///< these five: of the first offender
    uint32_t layer = 0, channel = 0, position = 0, step = 0;
};

enum class Outcome {
    kDone,
    kBeyond,    ///< the command leaves a buffer, and the unit must see it
    kUndefined  ///< it reads what nothing wrote or means nothing that is written down
};

/// Buffers, tables and memory of one accelerator, in plain C++. Dense weights.
class CommandModel {
public:
    /// `memory` is only read: what a load finds there before the program starts.
    CommandModel(const plan::Plan& plan, sim::MemoryStore& memory);

    /// Unless it is done nothing has changed.
    Outcome execute(const isa::Command& command);
    /// Whether every byte that the compute command reads lies in the buffer.
    bool can_read(const isa::Command& command) const;

    const std::vector<uint8_t>& activations() const { return state_.activations; }
    /// The sum of a column; of a word that was computed.
    int32_t sum(int64_t word, int32_t col) const;
    bool has_sums(int64_t word) const { return state_.summed.at(static_cast<size_t>(word)); }
    const OverflowRecord& overflow() const { return state_.overflow; }
    /// Results of the vector unit.
    uint64_t results() const { return state_.results; }
    /// Bytes that were stored, by bus address.
    const std::map<uint64_t, uint8_t>& stored() const { return stored_; }

private:
    /// Ends a command, as do
    struct Undefined {};
    struct Beyond {};

    struct State {
        std::vector<uint8_t> activations;
        std::vector<int32_t> sums;  ///< [word][column]
        std::vector<bool> summed;   ///< by word
        OverflowRecord overflow;
        uint64_t results = 0;
    };

    /// Results of a vector or combine command.
    struct Output {
        explicit Output(const isa::Command& command);
        int64_t count_x, count_y, count_n, last_cols;
        int64_t address, x_pitch, y_pitch, n_pitch;
        golden::Requantizer scale;
        int32_t zero_point, minimum, maximum;
        bool table = false;

        int64_t first(int64_t n, int64_t y, int64_t x) const {
            return address + n * n_pitch + y * y_pitch + x * x_pitch;
        }
    };

    struct Compute;
    struct Windows;
    struct Combine;

    template <typename Visit>
    void for_each_segment(const isa::Command& command, Visit visit) const;
    std::vector<uint8_t> stream(const isa::Command& command) const;
    void load(const isa::Command& command);
    void load_activations(const isa::Command& command);
    void load_weights(const isa::Command& command);
    void load_rows(const isa::Command& command);
    void store(const isa::Command& command);
    void compute(const isa::Command& command);
    void step(const Compute& c, int64_t n, int64_t position, int64_t k,
              const std::vector<int32_t>& values);
    template <typename Values>
    void step(const Compute& c, int64_t n, int64_t word, int64_t place, int64_t k, Values values);
    void compute_windows(const Compute& c, const Windows& w);
    std::vector<int32_t> window_of(const Compute& c, const Windows& w, int64_t n, int64_t y,
                                   int64_t x, int64_t channel) const;
    std::vector<std::vector<int32_t>> packed_vectors(const Compute& c, int64_t position) const;
    void check_packed(const Compute& c) const;
    int64_t column_sum(int64_t tile, int32_t col, const std::vector<int32_t>& values) const;
    std::vector<int32_t> vector_of(const Compute& c, int64_t position, int64_t k) const;
    void vector(const isa::Command& command);
    void combine(const isa::Command& command);
    int32_t combined(const Combine& c, int64_t first_byte) const;
    /// `a + b` in the accumulator's width.
    int32_t add(int64_t a, int64_t b, bool& overflows) const;
    void report(bool is_bias, int64_t layer, int64_t channel, int64_t position, int64_t step);
    int8_t result(const Output& output, golden::Requantizer scale, int32_t sum) const;
    void write(int64_t address, uint8_t byte);
    uint8_t read(int64_t address) const;
    static int64_t signed_bits(int64_t value, int32_t bits);
    int64_t activation_modulus() const { return int64_t{1} << plan_.activation_address_bits; }
    size_t parameter(int64_t row, int64_t lane) const;
    static void check_place(int64_t place, int64_t size, int32_t address_bits);

    const plan::Plan& plan_;
    sim::MemoryStore& memory_;
    State state_;
    std::vector<int8_t> weights_;  ///< [tile][column][lane]
    std::vector<bool> loaded_;     ///< by tile
    std::vector<int32_t> biases_;  ///< [row][lane], as
    std::vector<golden::Requantizer> scales_;
    std::vector<uint8_t> table_;
    std::map<uint64_t, uint8_t> stored_;
};

}  // namespace arraywright::e2e
