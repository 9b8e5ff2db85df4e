// Single-port RAMs behind the buffers: who can meet whom. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "generator/plan/plan.hpp"

namespace arraywright::estimate {

/// Bit 2 * group + parity for each RAM of a buffer of even and odd words.
using Banks = uint32_t;

/// The bias and the scale table stand beside the RAMs of the activation buffer: results read them,
/// loads write them.
constexpr Banks kBiasTable = Banks{1} << 30;
constexpr Banks kScaleTable = Banks{1} << 31;

/// The RAMs of the activation buffer (aw_activation_buffer) by byte address.
class ActivationBanks {
public:
    explicit ActivationBanks(const plan::Plan& plan);
    /// RAM of the word that holds byte `address`; 0 beyond the buffer.
    Banks of_byte(int64_t address) const {
        const int64_t word = (address & address_mask_) / word_bytes_;
        return word >= words_ ? 0 : Banks{1} << (2 * (word / group_words_) + (word & 1));
    }
    /// RAMs that bytes from `first` to `last` may lie in, whole groups.
    Banks groups(int64_t first, int64_t last) const;
    int64_t word_bytes() const { return word_bytes_; }

private:
    int64_t word_bytes_, group_words_, words_, address_mask_;
};

/// The RAMs of the accumulator buffer (aw_accumulator_buffer) by word.
class AccumulatorBanks {
public:
    explicit AccumulatorBanks(const plan::Plan& plan)
        : group_words_(2 * int64_t{plan.accumulator.group_rows}), two_ports_(plan.two_port_rams) {}
    Banks of_word(int64_t word) const {
        return Banks{1} << (2 * (word / group_words_) + (two_ports_ ? 0 : word & 1));
    }
    /// A write meets nobody where RAMs have two ports.
    Banks of_write(int64_t word) const { return two_ports_ ? 0 : of_word(word); }
    Banks groups(int64_t first, int64_t last) const;

private:
    int64_t group_words_;
    bool two_ports_;
};

/// The groups of the weight buffer (aw_weight_buffer) by tile, one bit each; none where RAMs have
/// two ports: reads and writes do not meet.
class WeightBanks {
public:
    explicit WeightBanks(const plan::Plan& plan)
        : group_tiles_(plan.weight.group_rows), two_ports_(plan.two_port_rams) {}
    Banks of_tile(int64_t tile) const { return two_ports_ ? 0 : Banks{1} << (tile / group_tiles_); }
    Banks groups(int64_t first, int64_t last) const;

private:
    int64_t group_tiles_;
    bool two_ports_;
};

}  // namespace arraywright::estimate
