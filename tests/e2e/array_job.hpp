// One random convolution as compute commands of the array, and what it must give.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/isa/commands.hpp"
#include "generator/network/random_stream.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::e2e {

/// The modes of a compute command.
enum class ArrayMode { kPlain = 0, kWindow = 1, kPacked = 2 };

/// A convolution of an NHWC feature map with zero batch: depthwise for kWindow, else over all
/// channels. Padding is what lies outside the map.
struct ArrayShape {
    ArrayMode mode = ArrayMode::kPlain;
    int32_t height = 1, width = 1, channels = 1;
    int32_t kernel_h = 1, kernel_w = 1;
    int32_t stride_h = 1, stride_w = 1;
    int32_t dilation_h = 1, dilation_w = 1;
    int32_t top = 0, left = 0;  ///< padding
    int32_t out_h = 1, out_w = 1;
    int32_t tiles = 1;
    int32_t cols = 1;    ///< output channels of a tile
    int32_t share = 1;   ///< output channels of an input channel (kWindow)
    int32_t band = 1;    ///< output rows of a command of one tile (kWindow); others take all
    bool turns = false;  ///< tiles take turns after each band, each with its own lines (kWindow)
    int32_t lead = 0;    ///< pairs of pixels streamed before the first window of a row (kWindow)
    bool split = false;  ///< reduction in two commands where there are several kernel rows
    int32_t zero_point = 0;

    int32_t filters() const { return tiles * cols; }
    int32_t positions() const { return out_h * out_w; }
    std::string text() const;
};

ArrayShape random_shape(network::RandomStream& random, const plan::Plan& plan);

/// Where a job lies in the buffers.
struct ArrayPlace {
    int64_t input = 0;   ///< activation byte
    int64_t output = 0;  ///< activation byte of the 32-bit sums, [row][column][channel]
    int32_t weights = 0;
    int32_t acc = 0;
};

/// A shape with data.
class ArrayJob {
public:
    ArrayJob(const ArrayShape& shape, const plan::Plan& plan, network::RandomStream& random);

    const ArrayShape& shape() const { return shape_; }
    const std::vector<uint8_t>& input() const { return input_; }
    /// Weight tiles of `cols` columns, in the order in which the commands count them.
    const std::vector<uint8_t>& tiles() const { return tiles_; }
    int32_t tile_count() const;
    int32_t acc_words() const { return shape_.tiles * shape_.positions(); }
    int64_t output_bytes() const { return int64_t{4} * shape_.positions() * shape_.filters(); }

    std::vector<isa::Command> compute(const ArrayPlace& place) const;
    /// Raw sums to the activation buffer.
    std::vector<isa::Command> drain(const ArrayPlace& place) const;
    /// The sums, by the definition of convolution.
    std::vector<int32_t> expected() const;

private:
    /// Output rows first, first + step, ... whose words follow one another.
    struct Rows {
        int32_t first, step, count, acc;
    };
    std::vector<Rows> row_runs() const;
    isa::Command base(const ArrayPlace& place, int32_t row, int32_t col, int32_t channel) const;
    void window_commands(const ArrayPlace& place, std::vector<isa::Command>& commands) const;
    void run_commands(const ArrayPlace& place, std::vector<isa::Command>& commands) const;
    void make_tiles();
    int8_t weight(int32_t filter, int32_t ky, int32_t kx, int32_t channel) const;
    /// Kernel rows of each command over all channels.
    std::vector<std::pair<int32_t, int32_t>> kernel_parts() const;
    int32_t run_bytes() const { return shape_.kernel_w * shape_.channels; }
    /// A packed command over so many kernel rows may read each of them at once.
    bool wide_runs(int32_t kernel_rows) const;

    ArrayShape shape_;
    const plan::Plan& plan_;
    std::vector<uint8_t> input_;
    std::vector<int8_t> weights_;  ///< [filter][ky][kx][channel of the group]
    std::vector<uint8_t> tiles_;
};

}  // namespace arraywright::e2e
