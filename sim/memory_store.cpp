// Sparse memory with poison and marks. SPDX-License-Identifier: Apache-2.0
#include "sim/memory_store.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "sim/random.hpp"

namespace arraywright::sim {

void MemoryStore::clear(uint64_t poison_seed) {
    poison_seed_ = poison_seed;
    pages_.clear();
    last_number_ = ~uint64_t{0};
    last_page_ = nullptr;
    mapped_.clear();
    last_range_ = 0;
    faults_.clear();
}

void MemoryStore::map(uint64_t begin, uint64_t end) {
    constexpr uint64_t kMask = kMaxBusBytes - 1;
    mapped_.push_back({begin & ~kMask, (end + kMask) & ~kMask});
    std::sort(mapped_.begin(), mapped_.end(),
              [](const Range& a, const Range& b) { return a.begin < b.begin; });
    std::vector<Range> merged;
    for (const Range& range : mapped_) {
        if (!merged.empty() && range.begin <= merged.back().end) {
            merged.back().end = std::max(merged.back().end, range.end);
        } else {
            merged.push_back(range);
        }
    }
    mapped_ = std::move(merged);
    last_range_ = 0;
}

MemoryStore::Page& MemoryStore::page(uint64_t address) {
    const uint64_t number = address / kPageBytes;
    if (number == last_number_) return *last_page_;
    std::unique_ptr<Page>& slot = pages_[number];
    if (!slot) {
        slot = std::make_unique<Page>();
        slot->written.fill(0);
        for (uint64_t i = 0; i < kPageBytes; i += 8) {
            const uint64_t poison = mix64(poison_seed_ ^ (number * kPageBytes + i));
            std::memcpy(slot->data.data() + i, &poison, 8);
        }
    }
    last_number_ = number;
    last_page_ = slot.get();
    return *slot;
}

bool MemoryStore::is_mapped(uint64_t address, uint64_t bytes) const {
    const auto inside = [&](const Range& range) {
        return address >= range.begin && address + bytes <= range.end;
    };
    if (last_range_ < mapped_.size() && inside(mapped_[last_range_])) return true;
    const auto after = std::upper_bound(mapped_.begin(), mapped_.end(), address,
                                        [](uint64_t a, const Range& r) { return a < r.begin; });
    if (after == mapped_.begin() || !inside(*(after - 1))) return false;
    last_range_ = static_cast<size_t>(after - 1 - mapped_.begin());
    return true;
}

Response MemoryStore::check(uint64_t address, uint64_t bytes, bool is_write) const {
    if (!is_mapped(address, bytes)) return kDecodeError;
    for (const FaultRange& fault : faults_) {
        const bool applies = is_write ? fault.on_write : fault.on_read;
        if (applies && address < fault.end && address + bytes > fault.begin) return fault.response;
    }
    return kOkay;
}

void MemoryStore::initialize(uint64_t address, std::span<const uint8_t> bytes) {
    while (!bytes.empty()) {
        const uint64_t offset = address % kPageBytes;
        const size_t part = std::min<size_t>(bytes.size(), kPageBytes - offset);
        std::memcpy(page(address).data.data() + offset, bytes.data(), part);
        address += part;
        bytes = bytes.subspan(part);
    }
}

Response MemoryStore::read(uint64_t address, std::span<uint8_t> bytes) {
    const Response response = check(address, bytes.size(), false);
    if (response != kOkay) return response;
    while (!bytes.empty()) {
        const uint64_t offset = address % kPageBytes;
        const size_t part = std::min<size_t>(bytes.size(), kPageBytes - offset);
        std::memcpy(bytes.data(), page(address).data.data() + offset, part);
        address += part;
        bytes = bytes.subspan(part);
    }
    return kOkay;
}

Response MemoryStore::write(uint64_t address, std::span<const uint8_t> bytes,
                            std::span<const uint8_t> enables) {
    const Response response = check(address, bytes.size(), true);
    if (response != kOkay) return response;
    for (size_t i = 0; i < bytes.size(); ++i) {
        if (enables.empty() || enables[i] != 0) put(address + i, bytes[i]);
    }
    return kOkay;
}

void MemoryStore::write_marked(uint64_t address, std::span<const uint8_t> bytes) {
    for (size_t i = 0; i < bytes.size(); ++i) put(address + i, bytes[i]);
}

void MemoryStore::put(uint64_t address, uint8_t byte) {
    Page& target = page(address);
    const uint64_t offset = address % kPageBytes;
    target.data[offset] = byte;
    target.written[offset / 64] |= uint64_t{1} << (offset % 64);
}

std::vector<uint8_t> MemoryStore::peek(uint64_t address, uint64_t bytes) {
    std::vector<uint8_t> result(bytes);
    for (uint64_t i = 0; i < bytes;) {
        const uint64_t offset = (address + i) % kPageBytes;
        const uint64_t part = std::min(bytes - i, kPageBytes - offset);
        std::memcpy(result.data() + i, page(address + i).data.data() + offset, part);
        i += part;
    }
    return result;
}

bool MemoryStore::written(uint64_t address) const {
    const auto found = pages_.find(address / kPageBytes);
    if (found == pages_.end()) return false;
    const uint64_t offset = address % kPageBytes;
    return ((found->second->written[offset / 64] >> (offset % 64)) & 1) != 0;
}

void MemoryStore::for_each_written(const std::function<void(uint64_t)>& visit) const {
    for (const auto& [number, page] : pages_) {
        for (uint64_t word = 0; word < page->written.size(); ++word) {
            for (uint64_t bits = page->written[word]; bits != 0; bits &= bits - 1) {
                visit(number * kPageBytes + word * 64 +
                      static_cast<uint64_t>(std::countr_zero(bits)));
            }
        }
    }
}

}  // namespace arraywright::sim
