// Random numbers for random programs. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>

#include "generator/network/random_stream.hpp"

namespace arraywright::e2e {

class Draw {
public:
    explicit Draw(const network::RandomStream& stream) : stream_(stream) {}

    /// 64 random bits.
    uint64_t word() { return stream_.next(); }
    /// `count` random bits, at most 63.
    int64_t bits(int32_t count) {
        return static_cast<int64_t>(word() >> 1 & ((uint64_t{1} << count) - 1));
    }
    /// Of all integers from low to high, which are less than 2^32 apart.
    int64_t between(int64_t low, int64_t high) {
        return low + static_cast<int64_t>(stream_.below(static_cast<uint32_t>(high - low + 1)));
    }
    /// Of none to `count` bits, each number of bits as likely as the others.
    int64_t spread(int32_t count) { return bits(static_cast<int32_t>(between(0, count))); }
    bool one_in(int64_t count) { return between(1, count) == 1; }
    int64_t of(std::initializer_list<int64_t> values) {
        return values.begin()[stream_.below(static_cast<uint32_t>(values.size()))];
    }
    /// `count` bits, often such that counting on soon carries into a high one.
    int64_t counter(int32_t count) {
        const int64_t any = bits(count);
        if (one_in(2)) return any;
        const int64_t low = between(4, count);
        const int64_t carry = any >> low << low;
        return (carry - between(0, 20)) & ((int64_t{1} << count) - 1);
    }
    /// The low `count` bits of `value` in a field of 24 bits that wraps: anything above them.
    int64_t above(int64_t value, int32_t count) {
        const int64_t low = (int64_t{1} << count) - 1;
        return (value & low) | (bits(24) & ~low);
    }
    int64_t int8() { return between(-128, 127); }

private:
    network::RandomStream stream_;
};

}  // namespace arraywright::e2e
