// SRAM macros of a Liberty library: what their ports are. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "generator/liberty/liberty.hpp"

namespace arraywright::liberty {

/// A macro with one port that reads or writes (1RW), of 2^address_bits words: Liberty has no other
/// depth. Read data appears in the cycle after the read and holds until the next read, also while
/// the macro writes. Pins are named as in the library.
struct SramMacro {
    std::string cell;
    std::string file;  ///< that describes it
    int64_t words = 0;
    int32_t address_bits = 0;
    int32_t bits = 0;  ///< of a word
    double area = 0;   ///< um2
    std::string clock, address, write_data, read_data;
    std::string enable;        ///< "" where it is always on
    std::string write_enable;  ///< never ""
    std::string read_enable;   ///< "" where every cycle without a write reads
    std::string mask;          ///< a bit of it writes a bit of the word; "" without one
    /// Inputs of no use here, name and bits: tests, delay settings.
    std::vector<std::pair<std::string, int32_t>> idle_inputs;
};

/// The macros of a file, in its order. Throws Error for a file without one and at a macro whose
/// ports are not those of one 1RW port.
std::vector<SramMacro> read_sram_macros(const std::string& file);

}  // namespace arraywright::liberty
