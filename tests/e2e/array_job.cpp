// One random convolution as compute commands of the array. SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/array_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "generator/compile/window_weights.hpp"

namespace arraywright::e2e {

using isa::Command;

namespace {

/// Words of the line buffers that a step of line_start takes.
constexpr int32_t kLineUnit = 16;

int32_t divided_up(int32_t a, int32_t b) {
    return (a + b - 1) / b;
}

compile::WindowKernel window_kernel(const ArrayShape& shape, const int8_t* weights) {
    const int64_t taps = int64_t{shape.kernel_h} * shape.kernel_w;
    return {shape.kernel_h, shape.kernel_w, shape.dilation_w, weights, 1, taps};
}

/// Channels of the feature map in one tile.
int32_t tile_channels(const ArrayShape& shape) {
    return shape.cols / shape.share;
}

}  // namespace

std::string ArrayShape::text() const {
    const char* names[] = {"plain", "window", "packed"};
    return fmt::format(
        "{} {}x{}x{}, kernel {}x{}, stride {}x{}, dilation {}x{}, padding {} {}, output {}x{}, {} "
        "tiles of {}, share {}, band {}, turns {}, lead {}, split {}, zero point {}",
        names[static_cast<int>(mode)], height, width, channels, kernel_h, kernel_w, stride_h,
        stride_w, dilation_h, dilation_w, top, left, out_h, out_w, tiles, cols, share, band, turns,
        lead, split, zero_point);
}

ArrayShape random_shape(network::RandomStream& random, const plan::Plan& plan) {
    const auto draw = [&](int32_t low, int32_t high) {
        return low + static_cast<int32_t>(random.below(static_cast<uint32_t>(high - low + 1)));
    };
    ArrayShape s;
    s.mode = static_cast<ArrayMode>(draw(0, 5) % 3);
    const bool window = s.mode == ArrayMode::kWindow;
    const bool small = draw(0, 3) != 0;
    s.kernel_h = small ? draw(1, 3) : draw(1, 11);
    s.kernel_w = small ? draw(1, 3) : draw(1, 11);
    s.stride_h = draw(0, 1) != 0 ? 1 : draw(1, 4);
    s.stride_w = draw(0, 1) != 0 ? 1 : draw(1, 4);
    if (draw(0, 3) == 0) s.dilation_h = draw(1, 3);
    if (draw(0, 3) == 0 && window) s.dilation_w = draw(1, 3);
    s.zero_point = draw(-128, 127);
    s.tiles = draw(1, 3);
    s.cols = s.tiles > 1 ? plan.cols : draw(1, plan.cols);
    if (window) {
        s.share = draw(0, 1) != 0 ? 1 : draw(1, std::min(8, plan.cols));
        s.cols = draw(1, std::min(plan.rows, plan.cols / s.share)) * s.share;
        s.channels = s.tiles * tile_channels(s) + draw(0, 3);
    } else {
        s.channels = draw(1, draw(0, 1) != 0 ? 3 : 20);
    }
    const int32_t reach_h = (s.kernel_h - 1) * s.dilation_h + 1;
    const int32_t reach_w = (s.kernel_w - 1) * s.dilation_w + 1;
    s.out_h = draw(1, 7);
    s.out_w = draw(0, 4) == 0 ? draw(1, 30) : draw(1, 7);
    s.top = draw(0, reach_h);
    s.left = draw(0, reach_w);
    s.height = std::max(1, (s.out_h - 1) * s.stride_h + reach_h - s.top - draw(0, 2));
    s.width = std::max(1, (s.out_w - 1) * s.stride_w + reach_w - s.left - draw(0, 2));
    s.band = draw(1, s.out_h);
    s.turns = window && draw(0, 1) != 0;
    s.split = draw(0, 2) == 0;
    // The window has at most 255 columns, with those that only pass.
    if (window && draw(0, 2) == 0) s.lead = draw(1, 120);
    return s;
}

ArrayJob::ArrayJob(const ArrayShape& shape, const plan::Plan& plan, network::RandomStream& random)
    : shape_(shape), plan_(plan) {
    const auto bytes = static_cast<size_t>(shape.height) * static_cast<size_t>(shape.width) *
                       static_cast<size_t>(shape.channels);
    const bool extreme = random.below(8) == 0;  // -128 and 127 only
    const auto value = [&] {
        const uint32_t drawn = random.below(256);
        return static_cast<uint8_t>(extreme ? 127 + drawn % 2 : drawn);
    };
    for (size_t i = 0; i < bytes; ++i) input_.push_back(value());
    const int32_t depth = shape.mode == ArrayMode::kWindow ? 1 : shape.channels;
    const int32_t weights = shape.filters() * shape.kernel_h * shape.kernel_w * depth;
    for (int32_t i = 0; i < weights; ++i) weights_.push_back(static_cast<int8_t>(value()));
    make_tiles();
}

int8_t ArrayJob::weight(int32_t filter, int32_t ky, int32_t kx, int32_t channel) const {
    const int32_t depth = shape_.mode == ArrayMode::kWindow ? 1 : shape_.channels;
    const int32_t tap = (filter * shape_.kernel_h + ky) * shape_.kernel_w + kx;
    return weights_[static_cast<size_t>(tap) * static_cast<size_t>(depth) +
                    static_cast<size_t>(channel)];
}

std::vector<std::pair<int32_t, int32_t>> ArrayJob::kernel_parts() const {
    const int32_t rows = shape_.kernel_h;
    if (!shape_.split || rows < 2) return {{0, rows}};
    return {{0, rows / 2}, {rows / 2, rows - rows / 2}};
}

void ArrayJob::make_tiles() {
    if (shape_.mode == ArrayMode::kWindow) {
        const compile::WindowKernel kernel = window_kernel(shape_, weights_.data());
        for (const compile::WindowPass& pass : compile::window_passes(kernel, plan_)) {
            for (int32_t n = 0; n < shape_.tiles; ++n) {
                const std::vector<int8_t> tile =
                    compile::window_tile(kernel, pass, n * shape_.cols, shape_.cols, plan_);
                tiles_.insert(tiles_.end(), tile.begin(), tile.end());
            }
        }
        return;
    }
    // Taps of a filter row by row; a plain command starts a vector with each kernel row.
    const bool packed = shape_.mode == ArrayMode::kPacked;
    const int32_t run_vectors = divided_up(run_bytes(), plan_.rows);
    for (const auto& [first, rows] : kernel_parts()) {
        const int32_t vectors =
            packed ? divided_up(rows * run_bytes(), plan_.rows) : rows * run_vectors;
        for (int32_t n = 0; n < shape_.tiles; ++n) {
            for (int32_t v = 0; v < vectors; ++v) {
                for (int32_t c = 0; c < shape_.cols; ++c) {
                    for (int32_t lane = 0; lane < plan_.rows; ++lane) {
                        const int32_t tap =
                            packed ? v * plan_.rows + lane : v % run_vectors * plan_.rows + lane;
                        const int32_t row = packed ? tap / run_bytes() : v / run_vectors;
                        const int32_t at = packed ? tap % run_bytes() : tap;
                        const bool used = row < rows && at < run_bytes();
                        tiles_.push_back(used ? static_cast<uint8_t>(weight(
                                                    n * shape_.cols + c, first + row,
                                                    at / shape_.channels, at % shape_.channels))
                                              : uint8_t{0});
                    }
                }
            }
        }
    }
}

int32_t ArrayJob::tile_count() const {
    return static_cast<int32_t>(tiles_.size()) / (shape_.cols * plan_.rows);
}

/// With dilation, rows of one phase are streamed together: their windows share rows.
std::vector<ArrayJob::Rows> ArrayJob::row_runs() const {
    if (shape_.mode != ArrayMode::kWindow) return {{0, 1, shape_.out_h, 0}};
    const int32_t step = shape_.dilation_h / std::gcd(shape_.dilation_h, shape_.stride_h);
    std::vector<Rows> runs;
    int32_t acc = 0;
    for (int32_t phase = 0; phase < std::min(step, shape_.out_h); ++phase) {
        const int32_t count = divided_up(shape_.out_h - phase, step);
        runs.push_back({phase, step, count, acc});
        acc += count * shape_.out_w;
    }
    return runs;
}

/// A command whose first read is of byte `channel` of pixel (row, col).
Command ArrayJob::base(const ArrayPlace& place, int32_t row, int32_t col, int32_t channel) const {
    const int64_t pitch = int64_t{shape_.width} * shape_.channels;
    const int64_t byte = int64_t{col} * shape_.channels + channel;
    Command command(isa::Unit::kCompute, 0);
    command.set("mode", static_cast<int64_t>(shape_.mode));
    command.set("zero_point", shape_.zero_point);
    command.set("rows", shape_.height);
    command.set("row_bytes", pitch);
    command.set("row_start", row);
    command.set("col_start", byte);
    command.set("act_start", place.input + row * pitch + byte);
    command.set("cols", shape_.cols);
    command.set("count_s", 1);
    command.set("count_kx", 1);
    return command;
}

void ArrayJob::window_commands(const ArrayPlace& place, std::vector<Command>& commands) const {
    const ArrayShape& s = shape_;
    const int64_t pitch = int64_t{s.width} * s.channels;
    const int32_t stride = s.stride_h / std::gcd(s.stride_h, s.dilation_h);
    int32_t weights = place.weights;
    bool accumulate = false;
    for (const compile::WindowPass& pass :
         compile::window_passes(window_kernel(s, weights_.data()), plan_)) {
        for (const Rows& run : row_runs()) {
            // All tiles in one command, or one tile in bands that go on where the last one ended.
            const bool banded = s.band < run.count;
            const int32_t bands = banded ? divided_up(run.count, s.band) : 1;
            const int32_t tiles = banded ? s.tiles : 1;
            // Rows of odd length have no other place than the first: one more pixel in front. Any
            // more only pass.
            const int32_t least = pass.columns + (s.out_w - 1) * s.stride_w;
            const int32_t more = 2 * s.lead + (s.turns ? least % 2 : 0);
            const int32_t pixels = least + more;
            const int32_t units = divided_up(pixels, kLineUnit);
            const bool turns = s.turns && s.tiles * units * kLineUnit <= plan_.line_words;
            for (int32_t i = 0; i < bands * tiles; ++i) {
                const int32_t n = turns ? i % tiles : i / bands;
                const int32_t y = (turns ? i / tiles : i % bands) * s.band;
                const int32_t count = banded ? std::min(s.band, run.count - y) : run.count;
                const bool goes_on = y > 0;
                const int32_t newest = goes_on ? stride - 1 : pass.rows - 1;
                int32_t row =
                    (run.first + y * run.step) * s.stride_h - s.top + pass.ky * s.dilation_h;
                if (goes_on) row += (pass.rows - stride) * s.dilation_h;
                Command command =
                    base(place, row, pass.kx * s.dilation_w - s.left - more, n * tile_channels(s));
                command.set("tail", tile_channels(s));
                command.set("accumulate", accumulate ? 1 : 0);
                command.set("count_n", banded ? 1 : s.tiles);
                command.set("kx_step", tile_channels(s));
                command.set("count_ky", pass.rows);
                command.set("count_kx", pass.columns + more);
                command.set("count_x", pixels);
                // A command of all tiles lies at the end of the line buffers.
                if (turns) {
                    command.set("line_start",
                                banded ? n * units : plan_.line_words / kLineUnit - units);
                }
                command.set("x_step", s.channels);
                command.set("count_y", newest + (count - 1) * stride + 1);
                command.set("y_rows", s.dilation_h);
                command.set("y_step", s.dilation_h * pitch);
                command.set("prime", newest);
                command.set("stride_x", s.stride_w);
                command.set("stride_y", stride);
                command.set("share", s.share);
                command.set("weight_addr", weights + n);
                command.set("acc_addr",
                            place.acc + (n * run.count + y) * s.out_w + run.acc * s.tiles);
                commands.push_back(command);
            }
        }
        weights += s.tiles;
        accumulate = true;
    }
}

bool ArrayJob::wide_runs(int32_t kernel_rows) const {
    const int32_t run = run_bytes();
    if (shape_.mode != ArrayMode::kPacked || !plan_.structured() || run > 2 * plan_.rows)
        return false;
    for (int32_t row = 0; row < kernel_rows; ++row) {
        const int32_t done = row * run / plan_.rows;
        const bool last = row + 1 == kernel_rows;
        const int32_t completed = (row + 1) * run / plan_.rows - done;
        if (completed > 1 && !(last && divided_up((row + 1) * run, plan_.rows) - done == 2))
            return false;
    }
    return true;
}

void ArrayJob::run_commands(const ArrayPlace& place, std::vector<Command>& commands) const {
    const ArrayShape& s = shape_;
    const int64_t pitch = int64_t{s.width} * s.channels;
    const bool packed = s.mode == ArrayMode::kPacked;
    int32_t weights = place.weights;
    for (const auto& [first, rows] : kernel_parts()) {
        const bool wide = wide_runs(rows);
        const int32_t chunks = wide ? 1 : divided_up(run_bytes(), plan_.rows);
        const int32_t vectors = packed ? divided_up(rows * run_bytes(), plan_.rows) : rows * chunks;
        Command command = base(place, first * s.dilation_h - s.top, -s.left, 0);
        if (wide) command.set("structured", 1);
        const int32_t tail = run_bytes() - (chunks - 1) * plan_.rows;
        const int32_t all = wide ? plan_.wide_rows() : plan_.rows;
        command.set("tail", tail == all && rows % 2 == 0 ? 0 : tail);  // either means all
        command.set("accumulate", first > 0 ? 1 : 0);
        command.set("count_s", chunks);
        command.set("count_ky", rows);
        command.set("ky_rows", s.dilation_h);
        command.set("ky_step", s.dilation_h * pitch);
        command.set("count_n", s.tiles);
        command.set("count_x", s.out_w);
        command.set("x_step", int64_t{s.stride_w} * s.channels);
        command.set("count_y", s.out_h);
        command.set("y_rows", s.stride_h);
        command.set("y_step", s.stride_h * pitch);
        if (packed) {
            command.set("count_kx", vectors);
            command.set("kx_step", s.positions());
        }
        command.set("weight_addr", weights);
        command.set("acc_addr", place.acc);
        commands.push_back(command);
        weights += s.tiles * vectors;
    }
}

std::vector<Command> ArrayJob::compute(const ArrayPlace& place) const {
    std::vector<Command> commands;
    if (shape_.mode == ArrayMode::kWindow) {
        window_commands(place, commands);
    } else {
        run_commands(place, commands);
    }
    return commands;
}

std::vector<Command> ArrayJob::drain(const ArrayPlace& place) const {
    std::vector<Command> commands;
    const int64_t pixel = int64_t{4} * shape_.filters();
    for (const Rows& run : row_runs()) {
        for (int32_t n = 0; n < shape_.tiles; ++n) {
            Command command(isa::Unit::kVector, 0);
            command.set("raw", 1);
            command.set("acc_addr",
                        place.acc + run.acc * shape_.tiles + n * run.count * shape_.out_w);
            command.set("count_x", shape_.out_w);
            command.set("count_y", run.count);
            command.set("count_n", 1);
            command.set("last_cols", shape_.cols);
            command.set("out_addr", place.output + run.first * shape_.out_w * pixel +
                                        int64_t{4} * n * shape_.cols);
            command.set("x_pitch", pixel);
            command.set("y_pitch", run.step * shape_.out_w * pixel);
            commands.push_back(command);
        }
    }
    return commands;
}

std::vector<int32_t> ArrayJob::expected() const {
    const ArrayShape& s = shape_;
    const bool window = s.mode == ArrayMode::kWindow;
    std::vector<int32_t> sums;
    for (int32_t position = 0; position < s.positions(); ++position) {
        for (int32_t filter = 0; filter < s.filters(); ++filter) {
            const int32_t low =
                window ? filter / s.cols * tile_channels(s) + filter % s.cols / s.share : 0;
            const int32_t depth = window ? 1 : s.channels;
            int32_t sum = 0;
            for (int32_t ky = 0; ky < s.kernel_h; ++ky) {
                for (int32_t kx = 0; kx < s.kernel_w; ++kx) {
                    const int32_t y = position / s.out_w * s.stride_h - s.top + ky * s.dilation_h;
                    const int32_t x = position % s.out_w * s.stride_w - s.left + kx * s.dilation_w;
                    const bool inside = y >= 0 && y < s.height && x >= 0 && x < s.width;
                    for (int32_t c = 0; c < depth; ++c) {
                        const auto at =
                            static_cast<size_t>((y * s.width + x) * s.channels + low + c);
                        sum += weight(filter, ky, kx, c) *
                               (inside ? static_cast<int8_t>(input_[at]) : s.zero_point);
                    }
                }
            }
            sums.push_back(sum);
        }
    }
    return sums;
}

}  // namespace arraywright::e2e
