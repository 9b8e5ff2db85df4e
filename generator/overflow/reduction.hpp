// An operator as the dot products that the hardware adds up. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/network/network.hpp"
#include "generator/overflow/bounds.hpp"

namespace arraywright::overflow {

/// What the hardware does with a sum.
struct Arithmetic {
    int32_t bits = 32;               ///< of the accumulator
    int32_t products_per_step = 16;  ///< rows of the array
    /// The array multiplies (q - zero point), nine bits, and padding counts nothing; else it
    /// multiplies q, padding is the zero point, and the bias has -zero point * sum(weights) in it.
    bool centered = false;
};

/// Which taps of the kernel lie in padding, for output positions that have this in common.
struct PaddingClass {
    int32_t output_y = 0, output_x = 0;   ///< the first such position
    std::vector<bool> row_in, column_in;  ///< by kernel row, by kernel column: within the input
    bool operator==(const PaddingClass& other) const {
        return row_in == other.row_in && column_in == other.column_in;
    }
};

/// The reduction of an operator with weights. A reduction has kernel_h x kernel_w taps of
/// `tap_channels` products, kernel rows outermost.
class Reduction {
public:
    Reduction(const network::Network& network, const network::Operator& op,
              const Arithmetic& arithmetic);

    int32_t channels() const { return channels_; }
    int64_t length() const { return length_; }
    const std::vector<int64_t>& step_ends() const { return step_ends_; }
    const std::vector<PaddingClass>& padding_classes() const { return classes_; }

    /// `length()` weights of one output channel.
    const int8_t* weights(int32_t channel) const { return &weights_[offset(channel)]; }
    int32_t bias(int32_t channel) const { return bias_[static_cast<size_t>(channel)]; }
    /// The bias that the hardware adds.
    Wide folded_bias(int32_t channel) const { return folded_[static_cast<size_t>(channel)]; }
    /// First input channel of the group that an output channel belongs to.
    int32_t first_input_channel(int32_t channel) const {
        return channel / channels_per_group_ * tap_channels_;
    }
    int32_t tap_channels() const { return tap_channels_; }

    /// What each product's factor may be, when input channel c holds values of
    /// `inputs[c % inputs.size()]`. The same for all output channels of a group.
    std::vector<Range> factors(int32_t channel, const PaddingClass& padding,
                               const std::vector<Range>& inputs) const;
    /// What is taken off a stored value before it is multiplied.
    int32_t offset_of_factors() const { return offset_; }

private:
    size_t offset(int32_t channel) const { return static_cast<size_t>(channel * length_); }
    void set_geometry(const network::Network& network, const network::Operator& op);
    void set_constants(const network::Network& network, const network::Operator& op);
    void set_steps(const network::Operator& op, int32_t products_per_step);
    void set_classes(const network::Network& network, const network::Operator& op);

    int32_t channels_ = 0, channels_per_group_ = 1;
    int32_t taps_ = 1, kernel_w_ = 1, tap_channels_ = 1;
    int64_t length_ = 0;
    int32_t zero_point_ = 0, offset_ = 0;
    std::vector<int8_t> weights_;
    std::vector<int32_t> bias_;
    std::vector<Wide> folded_;
    std::vector<int64_t> step_ends_;
    std::vector<PaddingClass> classes_;
};

}  // namespace arraywright::overflow
