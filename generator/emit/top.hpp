// The generated top module: wiring only. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "generator/emit/file.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::emit {

/// rtl/<name>.v.
File emit_top(const plan::Plan& plan, const std::string& banner);

// Sections of the top, in data-flow order; each declares the wires that it drives.
std::string top_control(const plan::Plan& plan);
std::string top_queues(const plan::Plan& plan);
std::string top_dma(const plan::Plan& plan);
std::string top_buffers(const plan::Plan& plan);
std::string top_array(const plan::Plan& plan);
std::string top_nest(const plan::Plan& plan);    ///< what follows the sequencer's nest
std::string top_window(const plan::Plan& plan);  ///< from the input vector to the array's
std::string top_vector(const plan::Plan& plan);

/// Lanes of the input vector that every kind of weights uses.
std::string own_lanes(const plan::Plan& plan);

/// Bits of what an overflow is reported with: layer, channel, position, step.
constexpr int32_t kTagBits = 80;

/// Where the parts of a step of the array lie in the sequencer's step_o.
struct StepLayout {
    explicit StepLayout(const plan::Plan& plan);
    int32_t acc = 0;     ///< below it: last, end, signal, cols, tag; above: init, first
    int32_t weight = 0;  ///< weight tile; above it: weight_read
    int32_t valid = 0;
    int32_t bits() const { return valid + 1; }
};
/// Bits of the sequencer's nest_o.
int32_t nest_bits(const plan::Plan& plan);

/// `spec.yaml:14 array.rows = 16`, or `default array.rows = 16` when the spec does not say.
std::string because(const plan::Plan& plan, int32_t line, const std::string& field);

}  // namespace arraywright::emit
