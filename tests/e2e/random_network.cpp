// Random graphs of every operator. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "tests/e2e/random_case.hpp"

namespace arraywright::e2e {
namespace {

/// A feature map that later layers may read.
struct Map {
    std::string name;
    int32_t h, w, c;
    bool weighted;  ///< a layer with weights wrote it: it may be concatenated
};

constexpr int64_t kMostMacs = 3'000'000;
constexpr int32_t kMostElements = 40'000;

int32_t strided(int32_t size, int32_t stride) {
    return (size + stride - 1) / stride;
}

class Builder {
public:
    Builder(Dice& dice, const SpecLimits& limits) : dice_(dice), limits_(limits) {}
    std::string build();

private:
    const Map& last() const { return maps_.back(); }
    std::string next_name() { return fmt::format("l{}", count_++); }
    /// Adds a layer that reads `source` and writes a map of the given size.
    void add(const std::string& text, int32_t h, int32_t w, int32_t c, bool weighted);
    std::string source(const Map& map) const;
    std::string weights();
    int32_t channels(int32_t most);
    bool affordable(int64_t macs, int64_t elements) const {
        return macs_ + macs <= kMostMacs && elements <= kMostElements;
    }

    bool conv(const Map& from, int32_t filters, bool keep_size);
    bool depthwise(const Map& from);
    bool pool(const Map& from);
    bool pad(const Map& from);
    bool unary(const Map& from);
    bool binary(const Map& from);
    bool concatenation(const Map& from);
    bool residual_block();
    void head();

    Dice& dice_;
    const SpecLimits& limits_;
    std::string text_;
    std::vector<Map> maps_;
    int32_t count_ = 0;
    int64_t macs_ = 0;
    int32_t zero_point_ = 0;
};

void Builder::add(const std::string& text, int32_t h, int32_t w, int32_t c, bool weighted) {
    const std::string name = next_name();
    text_ += fmt::format("  - {{name: {}, {}}}\n", name, text);
    maps_.push_back({name, h, w, c, weighted});
}

std::string Builder::source(const Map& map) const {
    return maps_.size() == 1 && map.name.empty()
               ? fmt::format("input: [{}, {}, {}]", map.h, map.w, map.c)
               : fmt::format("input: {}", map.name);
}

/// Where tensors are coded mostly whole bus words.
int32_t Builder::channels(int32_t most) {
    const int32_t any = dice_.small(1, most);
    return limits_.coded && dice_.chance(70) ? strided(any, 16) * 16 : any;
}

std::string Builder::weights() {
    std::string text;
    if (dice_.chance(70)) text += ", bias: true";
    if (dice_.chance(60)) text += ", per_channel: true";
    if (dice_.chance(60)) text += dice_.pick({", activation: relu", ", activation: relu6"});
    if (limits_.sparse) text += random_zeros(dice_);
    // One for all: what is concatenated must share it.
    return text + fmt::format(", output_zero_point: {}", zero_point_);
}

bool Builder::conv(const Map& from, int32_t filters, bool keep_size) {
    const int32_t kh = dice_.pick({1, 1, 3, 3, 5, dice_.between(1, 11)});
    const int32_t kw = dice_.chance(70) ? kh : dice_.between(1, 8);
    const int32_t sh = keep_size ? 1 : dice_.small(1, 4);
    const int32_t sw = keep_size ? 1 : dice_.chance(70) ? sh : dice_.small(1, 4);
    const int32_t dilation = sh == 1 && sw == 1 && dice_.chance(15) ? 2 : 1;
    const int32_t h = strided(from.h, sh), w = strided(from.w, sw);
    const int64_t macs = int64_t{h} * w * filters * kh * kw * from.c;
    if (!affordable(macs, int64_t{h} * w * filters)) return false;
    macs_ += macs;
    add(fmt::format("op: conv2d, {}, filters: {}, kernel: [{}, {}], stride: [{}, {}], dilation: "
                    "[{}, {}], padding: same{}",
                    source(from), filters, kh, kw, sh, sw, dilation, dilation, weights()),
        h, w, filters, true);
    return true;
}

bool Builder::depthwise(const Map& from) {
    const int32_t kh = dice_.pick({3, 3, 3, 1, 5, 7, 10, dice_.between(1, 11)});
    const int32_t kw = dice_.chance(60) ? kh : dice_.pick({1, 3, 4, 8, dice_.between(1, 11)});
    const int32_t sh = dice_.small(1, 4), sw = dice_.chance(70) ? sh : dice_.small(1, 4);
    const int32_t dilation = sh == 1 && sw == 1 && dice_.chance(15) ? dice_.between(2, 3) : 1;
    const int32_t multiplier = dice_.chance(60) ? 1 : dice_.between(1, 8);
    const int32_t h = strided(from.h, sh), w = strided(from.w, sw), c = from.c * multiplier;
    const int64_t macs = int64_t{h} * w * c * kh * kw;
    // Without a window a channel costs the array as much as a whole tile.
    if (!affordable(macs * 8, int64_t{h} * w * c)) return false;
    macs_ += macs * 8;
    add(fmt::format("op: depthwise_conv2d, {}, multiplier: {}, kernel: [{}, {}], stride: [{}, {}], "
                    "dilation: [{}, {}], padding: same{}",
                    source(from), multiplier, kh, kw, sh, sw, dilation, dilation, weights()),
        h, w, c, true);
    return true;
}

bool Builder::pool(const Map& from) {
    const int32_t kh = std::min(from.h, dice_.pick({2, 2, 3, 3, dice_.between(1, 7)}));
    const int32_t kw = std::min(from.w, dice_.chance(70) ? kh : dice_.between(1, 7));
    const int32_t sh = dice_.between(1, 3), sw = dice_.between(1, 3);
    const bool same = dice_.chance(50);
    const int32_t h = same ? strided(from.h, sh) : (from.h - kh) / sh + 1;
    const int32_t w = same ? strided(from.w, sw) : (from.w - kw) / sw + 1;
    add(fmt::format("op: {}, {}, kernel: [{}, {}], stride: [{}, {}], padding: {}",
                    dice_.pick({"max_pool2d", "average_pool2d"}), source(from), kh, kw, sh, sw,
                    same ? "same" : "valid"),
        h, w, from.c, false);
    return true;
}

bool Builder::pad(const Map& from) {
    const int32_t t = dice_.between(0, 3), b = dice_.between(0, 3);
    const int32_t l = dice_.between(0, 3), r = dice_.between(0, 3);
    if (!affordable(0, int64_t{from.h + t + b} * (from.w + l + r) * from.c)) return false;
    add(fmt::format("op: pad, {}, padding: {{top: {}, bottom: {}, left: {}, right: {}}}",
                    source(from), t, b, l, r),
        from.h + t + b, from.w + l + r, from.c, false);
    return true;
}

bool Builder::unary(const Map& from) {
    add(fmt::format("op: {}, {}", dice_.pick({"relu", "relu6", "logistic", "tanh"}), source(from)),
        from.h, from.w, from.c, false);
    return true;
}

bool Builder::binary(const Map& from) {
    const Map* other = nullptr;
    for (const Map& map : maps_) {
        const bool fits = map.h == from.h && map.w == from.w && map.c == from.c;
        if (!map.name.empty() && map.name != from.name && fits && dice_.chance(60)) other = &map;
    }
    if (other == nullptr || from.name.empty()) return false;
    add(fmt::format("op: {}, inputs: [{}, {}]{}", dice_.pick({"add", "add", "sub", "mul"}),
                    from.name, other->name, dice_.chance(30) ? ", activation: relu" : ""),
        from.h, from.w, from.c, false);
    return true;
}

bool Builder::concatenation(const Map& from) {
    if (!from.weighted) return false;
    const Map* other = nullptr;
    for (const Map& map : maps_) {
        const bool fits = map.weighted && map.name != from.name && map.h == from.h &&
                          map.w == from.w && map.c + from.c <= 200;
        if (fits && dice_.chance(60)) other = &map;
    }
    if (other == nullptr) return false;
    const int32_t c = from.c + other->c;
    add(fmt::format("op: concatenation, inputs: [{}, {}]", from.name, other->name), from.h, from.w,
        c, false);
    return true;
}

/// Convolutions that keep the shape, and the sum with what they started from.
bool Builder::residual_block() {
    const Map start = last();
    if (start.name.empty() || !conv(start, dice_.chance(50) ? start.c : channels(160), true))
        return false;
    if (dice_.chance(50)) depthwise(last());
    const Map middle = last();
    if (middle.h != start.h || middle.w != start.w || !conv(middle, start.c, true)) return false;
    const Map end = last();
    const std::string activation = dice_.chance(50) ? ", activation: relu" : "";
    const bool turned = dice_.chance(50);
    add(fmt::format("op: add, inputs: [{}, {}]{}", turned ? end.name : start.name,
                    turned ? start.name : end.name, activation),
        end.h, end.w, end.c, false);
    return true;
}

/// Pooling over the whole map, a fully connected layer, softmax.
void Builder::head() {
    Map from = last();
    if (dice_.chance(50)) {
        text_ += fmt::format("  - {{name: {}, op: mean, {}}}\n", next_name(), source(from));
        from = {"", 1, 1, from.c, false};
    }
    const int64_t inputs = int64_t{from.h} * from.w * from.c;
    if (inputs <= 5000 && dice_.chance(80)) {
        const int32_t outputs = dice_.small(1, 200);
        if (affordable(inputs * outputs, outputs)) {
            text_ +=
                fmt::format("  - {{name: {}, op: fully_connected, inputs: {}, outputs: {}{}}}\n",
                            next_name(), inputs, outputs, weights());
            if (dice_.chance(50))
                text_ += fmt::format("  - {{name: {}, op: softmax}}\n", next_name());
        }
    }
}

std::string Builder::build() {
    text_ =
        fmt::format("name: random\nseed: {}\nchain: true\nlayers:\n", dice_.between(0, 1 << 30));
    zero_point_ = dice_.chance(30) ? 0 : dice_.between(-128, 127);
    maps_.push_back({"", dice_.small(1, 40), dice_.small(1, 40),
                     dice_.pick({1, 3, 16, dice_.small(1, 160)}), false});
    while (!conv(maps_[0], channels(64), false)) {
    }
    const int32_t layers = dice_.between(2, 9);
    for (int32_t tries = 0; count_ < layers && tries < 60; ++tries) {
        // Mostly a chain, now and then a branch from an earlier map.
        const Map from = dice_.chance(85) ? last()
                                          : maps_[static_cast<size_t>(dice_.between(
                                                1, static_cast<int32_t>(maps_.size()) - 1))];
        switch (dice_.between(0, 9)) {
            case 0:
            case 1:
                conv(from, channels(160), false);
                break;
            case 2:
            case 3:
                depthwise(from);
                break;
            case 4:
                pool(from);
                break;
            case 5:
                pad(from);
                break;
            case 6:
                unary(from);
                break;
            case 7:
                binary(from);
                break;
            case 8:
                concatenation(from);
                break;
            default:
                residual_block();
                break;
        }
    }
    head();
    return text_;
}

}  // namespace

std::string random_network(Dice& dice, const SpecLimits& limits) {
    return Builder(dice, limits).build();
}

}  // namespace arraywright::e2e
