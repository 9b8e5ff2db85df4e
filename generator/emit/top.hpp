// The generated top module: wiring only. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "generator/emit/file.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::emit {

/// rtl/<name>.v.
File emit_top(const plan::Plan& plan, const std::string& banner);

// Sections of the top, in data-flow order; each declares the wires that it drives.
std::string top_ports(const plan::Plan& plan);
std::string top_control(const plan::Plan& plan);
std::string top_queues(const plan::Plan& plan);
std::string top_dma(const plan::Plan& plan);
std::string top_buffers(const plan::Plan& plan);
std::string top_array(const plan::Plan& plan);
std::string top_vector(const plan::Plan& plan);

/// `spec.yaml:14 array.rows = 16`, or `default array.rows = 16` when the spec does not say.
std::string because(const plan::Plan& plan, int32_t line, const std::string& field);

}  // namespace arraywright::emit
