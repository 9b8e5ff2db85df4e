// Container: a program as the file that the runtime loads. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/compile/program.hpp"
#include "generator/network/network.hpp"

namespace arraywright::compile {

/// The bytes of program.awp, as generator/runtime/README.md describes them. `spec_sha256`: 64 hex
/// digits, or empty for a program that runs on any design. Throws std::length_error for tables
/// beyond 4 GiB.
std::vector<uint8_t> write_container(const Program& program, const network::Network& network,
                                     const std::string& spec_sha256);

}  // namespace arraywright::compile
