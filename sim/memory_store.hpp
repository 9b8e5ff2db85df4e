// Contents of the simulated DRAM: sparse, poisoned, with a mark on every written byte.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "sim/axi_signals.hpp"

namespace arraywright::sim {

/// An address range [begin, end) that answers with an error.
struct FaultRange {
    uint64_t begin = 0;
    uint64_t end = 0;
    Response response = kSlaveError;  ///< kSlaveError or kDecodeError
    bool on_read = true;
    bool on_write = true;
    int32_t run = -1;  ///< only in this run; -1: in all
};

/// Storage behind the bus. Bytes that nobody set read as a seeded random pattern, so that a use of
/// memory that was never written cannot look like zeros. Addresses outside the mapped ranges
/// answer DECERR.
class MemoryStore {
public:
    /// Forgets contents, marks, mapped ranges and faults.
    void clear(uint64_t poison_seed);
    /// Makes [begin, end) accessible, rounded out to whole 64-byte beats of the widest bus.
    void map(uint64_t begin, uint64_t end);
    void add_fault(const FaultRange& fault) { faults_.push_back(fault); }
    /// Sets contents without marking them as written.
    void initialize(uint64_t address, std::span<const uint8_t> bytes);
    /// A write of the host's software: no fault answers it.
    void write_marked(uint64_t address, std::span<const uint8_t> bytes);
    bool is_mapped(uint64_t address, uint64_t bytes) const;

    /// Accesses of the bus. On an error nothing is read or written.
    Response read(uint64_t address, std::span<uint8_t> bytes);
    /// `enables`: a byte of 0 masks the byte of data; empty: all enabled.
    Response write(uint64_t address, std::span<const uint8_t> bytes,
                   std::span<const uint8_t> enables);

    /// The scoreboard's view; neither marks nor fails.
    std::vector<uint8_t> peek(uint64_t address, uint64_t bytes);
    bool written(uint64_t address) const;
    /// Calls `visit` for the address of every written byte, page by page, in no fixed page order.
    void for_each_written(const std::function<void(uint64_t)>& visit) const;

private:
    static constexpr uint64_t kPageBytes = 4096;
    struct Page {
        std::array<uint8_t, kPageBytes> data;
        std::array<uint64_t, kPageBytes / 64> written;
    };
    struct Range {
        uint64_t begin, end;
    };

    Page& page(uint64_t address);
    void put(uint64_t address, uint8_t byte);
    Response check(uint64_t address, uint64_t bytes, bool is_write) const;

    uint64_t poison_seed_ = 0;
    std::unordered_map<uint64_t, std::unique_ptr<Page>> pages_;
    uint64_t last_number_ = ~uint64_t{0};
    Page* last_page_ = nullptr;
    std::vector<Range> mapped_;  ///< sorted, merged
    mutable size_t last_range_ = 0;
    std::vector<FaultRange> faults_;
};

}  // namespace arraywright::sim
