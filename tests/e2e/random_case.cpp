// Random specs, layers and memories over the whole space. SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/random_case.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace arraywright::e2e {
namespace {

int32_t divided_up(int32_t a, int32_t b) {
    return (a + b - 1) / b;
}

/// KiB of a buffer from the smallest legal: often that, else up to `highest`.
int32_t random_kib(Dice& dice, int32_t smallest, int32_t highest) {
    smallest = std::max(smallest, 1);
    if (dice.chance(30)) return smallest;
    return dice.small(smallest, std::max(smallest, highest));
}

/// Rows or columns: the corners come often.
int32_t random_side(Dice& dice) {
    return dice.chance(25) ? dice.pick({1, 2, 3, 4, 8, 16, 17, 31, 32, 64}) : dice.small(1, 64);
}

/// What a drawn layer costs, to keep it short.
struct Size {
    int64_t steps = 0;    ///< of the array
    int64_t bytes = 0;    ///< moved at least once
    int64_t results = 0;  ///< of the vector unit
};

struct Layer {
    std::string text;
    Size size;
};

std::string common_fields(Dice& dice) {
    std::string text;
    if (dice.chance(50)) text += ", bias: true";
    if (dice.chance(40)) text += ", per_channel: true";
    if (dice.chance(50)) text += fmt::format(", input_zero_point: {}", dice.between(-128, 127));
    if (dice.chance(20)) text += fmt::format(", weight_density: 0.{}", dice.between(1, 9));
    if (dice.chance(20)) text += fmt::format(", activation_density: 0.{}", dice.between(1, 9));
    if (dice.chance(25)) return text + ", output: int32";
    if (dice.chance(50)) text += fmt::format(", output_zero_point: {}", dice.between(-128, 127));
    if (dice.chance(40)) text += dice.pick({", activation: relu", ", activation: relu6"});
    return text;
}

/// A channel count or matrix side: small, around a multiple of the array's side, or larger.
int32_t random_extent(Dice& dice, int32_t side, int32_t highest) {
    if (dice.chance(40)) return dice.small(1, highest);
    return std::clamp(side * dice.between(1, 4) + dice.between(-1, 1), 1, highest);
}

Layer random_matrix(Dice& dice, const plan::Plan& plan) {
    const bool gemm = dice.chance(50);
    const int32_t m = gemm || dice.chance(30) ? random_extent(dice, plan.rows, 80) : 1;
    const int32_t k = random_extent(dice, plan.rows, dice.chance(20) ? 1500 : 200);
    const int32_t n = random_extent(dice, plan.cols, dice.chance(20) ? 600 : 150);
    Layer layer;
    layer.size.steps = int64_t{m} * divided_up(k, plan.rows) * divided_up(n, plan.cols);
    layer.size.bytes = int64_t{m} * k + int64_t{k} * n + int64_t{4} * m * n;
    layer.size.results = int64_t{m} * n;
    layer.text =
        gemm ? fmt::format("op: gemm, m: {}, k: {}, n: {}", m, k, n)
             : fmt::format("op: fully_connected, batch: {}, inputs: {}, outputs: {}", m, k, n);
    return layer;
}

/// One axis of a convolution.
struct Axis {
    int32_t input, kernel, stride, dilation, before, after;

    int32_t extent() const { return (kernel - 1) * dilation + 1; }
};

Axis random_axis(Dice& dice) {
    Axis axis{};
    axis.kernel = dice.small(1, 11);
    axis.stride = dice.small(1, 4);
    axis.dilation = dice.chance(70) ? 1 : dice.small(1, 8);
    axis.before = dice.chance(50) ? 0 : dice.small(0, 6);
    axis.after = dice.chance(50) ? 0 : dice.small(0, 6);
    axis.input = dice.small(1, 30);
    return axis;
}

Layer random_conv(Dice& dice, const plan::Plan& plan) {
    Axis y = random_axis(dice);
    Axis x = random_axis(dice);
    const int32_t groups = dice.chance(70) ? 1 : dice.small(1, 8);
    const int32_t per_group = groups == 1 ? random_extent(dice, plan.rows, 96) : dice.small(1, 12);
    const int32_t filters = groups == 1 ? random_extent(dice, plan.cols, 96) : dice.small(1, 12);
    const int32_t kind = dice.between(0, 2);  // same, valid, explicit
    if (kind == 1) y.before = y.after = x.before = x.after = 0;
    if (kind != 0) {
        y.input = std::max(y.input, y.extent() - y.before - y.after);
        x.input = std::max(x.input, x.extent() - x.before - x.after);
    }
    const auto outputs = [&](const Axis& a) {
        if (kind == 0) return divided_up(a.input, a.stride);
        return (a.input + a.before + a.after - a.extent()) / a.stride + 1;
    };
    const std::string padding = kind == 0 ? "same"
                                : kind == 1
                                    ? "valid"
                                    : fmt::format("{{top: {}, bottom: {}, left: {}, right: {}}}",
                                                  y.before, y.after, x.before, x.after);
    const int64_t positions = int64_t{outputs(y)} * outputs(x);
    const int64_t taps = int64_t{y.kernel} * x.kernel;
    Layer layer;
    layer.size.results = positions * filters * groups;
    layer.size.steps = positions * taps * divided_up(per_group, plan.rows) * groups *
                       divided_up(filters, plan.cols);
    layer.size.bytes = int64_t{y.input} * x.input * per_group * groups +
                       taps * per_group * filters * groups + 4 * layer.size.results;
    layer.text = fmt::format(
        "op: conv2d, input: [{}, {}, {}], filters: {}, kernel: [{}, {}], stride: [{}, {}], "
        "dilation: [{}, {}], groups: {}, padding: {}",
        y.input, x.input, per_group * groups, filters * groups, y.kernel, x.kernel, y.stride,
        x.stride, y.dilation, x.dilation, groups, padding);
    return layer;
}

}  // namespace

uint64_t Dice::next() {
    state_ += 0x9E3779B97F4A7C15;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

int32_t Dice::between(int32_t low, int32_t high) {
    const auto range = static_cast<uint64_t>(high - low) + 1;
    return low + static_cast<int32_t>((next() >> 32) * range >> 32);
}

uint64_t derived_seed(uint64_t seed, uint64_t index) {
    Dice dice(seed ^ (index * 0xD1B54A32D192ED03));
    return dice.next();
}

/// A sparsity section with some of the options that `rows` x `cols` allows.
std::string random_sparsity(Dice& dice, int32_t rows, int32_t cols, const SpecLimits& limits) {
    std::string text;
    const std::string structured = dice.pick({"none", "1:4", "2:4", "2:8", "4:8"});
    if (structured == "none" || rows % (structured[0] - '0') == 0)
        text += fmt::format("structured: \"{}\", ", structured);
    const int32_t block = dice.pick({8, 16, 32});
    const auto divides = [block](int32_t side) { return side % block == 0 || block % side == 0; };
    if (dice.chance(70) && divides(rows) && divides(cols))
        text += fmt::format("block: {}, ", block);
    if (dice.chance(60)) text += fmt::format("codebook: {}, ", dice.pick({16, 256}));
    return fmt::format("sparsity: {{{}codecs: {}, zero_gating: {}}}\n", text,
                       (limits.coded || dice.chance(50)) && !limits.one_command ? "true" : "false",
                       dice.chance(40) ? "true" : "false");
}

std::string random_zeros(Dice& dice) {
    std::string text;
    if (dice.chance(50)) {
        text += fmt::format(", weight_pattern: \"{}\"", dice.pick({"1:4", "2:4", "2:8", "4:8"}));
    }
    if (dice.chance(50)) {
        text += fmt::format(", weight_blocks: {{size: {}, density: 0.{}, layout: {}}}",
                            dice.pick({1, 8, 16, 32, 64}), dice.between(0, 9),
                            dice.pick({"random", "banded"}));
    }
    if (dice.chance(40)) {
        text += fmt::format(", weight_values: {}",
                            dice.chance(60) ? dice.between(2, 17) : dice.between(18, 256));
    }
    return text;
}

std::string random_spec(Dice& dice, const std::string& name, const SpecLimits& limits) {
    int32_t rows = 0;
    int32_t cols = 0;
    do {
        rows = limits.narrow ? dice.between(1, SpecLimits::kNarrowRows) : random_side(dice);
        cols = random_side(dice);
    } while (!limits.holds(rows, cols));
    const int32_t activation_banks = limits.streams ? 4 : dice.pick({1, 2, 4, 8});
    const int32_t weight_banks = dice.pick({1, 2, 4, 8});
    const int32_t accumulator_banks = dice.pick({1, 2, 4, 8});
    const int32_t activation =
        limits.streams ? dice.pick({4, 8, 16, 32}) : random_kib(dice, 1, limits.coded ? 8 : 128);
    const int32_t weight =
        random_kib(dice, divided_up(rows * cols * weight_banks, 1024), limits.narrow ? 8 : 128);
    const int32_t accumulator = random_kib(dice, divided_up(2 * 4 * cols * accumulator_banks, 1024),
                                           limits.narrow ? 4 : 64);
    const std::string dataflow =
        limits.streams ? "broadcast" : dice.pick({"broadcast", "weight_stationary"});
    std::string array, vector;
    if (limits.options && dataflow == "broadcast") {
        if (dice.chance(25)) array += ", depthwise: false";
        if (dice.chance(25)) array += ", tap_packing: false";
    }
    if (limits.options && dice.chance(25)) vector += ", elementwise: false";
    if (limits.options && dice.chance(25)) vector += ", tables: false";
    const std::string sparsity = limits.sparse ? random_sparsity(dice, rows, cols, limits) : "";
    const std::string mode = dice.pick({"wrap", "saturate", "trap"});
    const int32_t lanes = dice.between(1, cols);
    const int32_t bus = limits.narrow ? dice.pick({32, 64}) : dice.pick({32, 64, 128, 256, 512});
    const int32_t address_bits = dice.chance(40) ? 32 : dice.between(32, 64);
    const int32_t outstanding = dice.small(1, 16);
    const int32_t queue_depth = dice.pick({1, 2, 4, 8, 16, 32});
    const std::string control = limits.one_command
                                    ? fmt::format("queue_depth: 0, counters: {}", queue_depth > 4)
                                    : fmt::format("queue_depth: {}", queue_depth);
    const std::string drawn = dice.pick({"generic", "generic", "xilinx7", "ecp5", "ice40", "asic"});
    const std::string target = limits.target.empty() ? drawn : limits.target;
    const bool one_port = target == "generic" || target == "asic";
    const bool product = dataflow == "weight_stationary" &&
                         sparsity.find("zero_gating: true") == std::string::npos && dice.chance(40);
    return fmt::format(
        "name: {}\ntarget: {}\n"
        "array: {{rows: {}, cols: {}, dataflow: {}{}}}\n"
        "arithmetic: {{accumulator_bits: 32, on_overflow: {}}}\n"
        "buffers: {{activation_kib: {}, weight_kib: {}, accumulator_kib: {}, "
        "activation_banks: {}, weight_banks: {}, accumulator_banks: {}}}\n"
        "pipeline: {{product: {}}}\n"
        "vector: {{{}}}\n"
        "bus: {{data_bits: {}, address_bits: {}, outstanding: {}}}\n"
        "control: {{{}}}\n{}",
        name, target, rows, cols, dataflow, array, mode, activation, weight, accumulator,
        activation_banks, one_port ? weight_banks : 1, accumulator_banks, product,
        limits.serial ? "serial: true" : fmt::format("lanes: {}{}", lanes, vector), bus,
        address_bits, outstanding, control, sparsity);
}

std::string random_workload(Dice& dice, const plan::Plan& plan) {
    constexpr int64_t kMaxSteps = 40000;
    constexpr int64_t kMaxBytes = 60000;
    constexpr int64_t kMaxResults = 8000;
    const int32_t count = dice.chance(15) ? 2 : 1;
    std::string text = fmt::format("name: random\nseed: {}\nvalues: {}\n", dice.between(0, 1 << 30),
                                   dice.chance(65) ? "random" : "extremes");
    if (dice.chance(30)) {
        text += fmt::format("requantize: {{shift: {}}}\n", dice.small(0, 31));
    }
    text += "layers:\n";
    for (int32_t i = 0; i < count; ++i) {
        Layer layer;
        do {
            layer = dice.chance(40) ? random_matrix(dice, plan) : random_conv(dice, plan);
        } while (layer.size.steps > kMaxSteps || layer.size.bytes > kMaxBytes ||
                 layer.size.results > kMaxResults);
        text += "  - {" + layer.text + common_fields(dice);
        if (plan.decodes_weights() || plan.zero_gating) text += random_zeros(dice);
        text += "}\n";
    }
    return text;
}

std::string random_narrow_workload(Dice& dice, const plan::Plan& plan) {
    constexpr int64_t kMaxSteps = 60000;
    int64_t steps = 0;
    std::string layer;
    do {
        const int32_t height = dice.between(1, 12), width = dice.between(1, 12);
        const int32_t channels = plan.rows * dice.between(14, 48) + dice.between(-1, 1);
        const int32_t filters = dice.small(1, 4 * plan.cols);
        const int32_t kernel = dice.between(1, 3);
        steps = int64_t{height} * width * kernel * kernel * divided_up(channels, plan.rows) *
                divided_up(filters, plan.cols);
        layer = fmt::format("op: conv2d, input: [{}, {}, {}], filters: {}, kernel: [{}, {}]",
                            height, width, channels, filters, kernel, kernel);
    } while (steps > kMaxSteps);
    return fmt::format("name: narrow\nseed: {}\nlayers:\n  - {{{}, padding: same{}}}\n",
                       dice.between(0, 1 << 30), layer, common_fields(dice));
}

std::string random_stream_workload(Dice& dice, const plan::Plan& plan) {
    constexpr int64_t kMaxBytes = 100000;
    const int32_t kernel_h = dice.between(1, 4), kernel_w = dice.between(1, 4);
    int32_t height = 0, width = 0, channels = 0;
    int64_t bytes = 0;
    do {
        height = dice.between(8, 100);
        width = dice.small(kernel_w, 130);
        channels = std::max(1, plan.cols * dice.small(1, 8) + dice.between(-1, 1));
        bytes = int64_t{height} * width * channels;
    } while (bytes > kMaxBytes || 2 * bytes < plan.activation_bytes);
    return fmt::format(
        "name: streams\nseed: {}\nlayers:\n  - {{op: depthwise_conv2d, input: [{}, {}, {}], "
        "kernel: [{}, {}], stride: [{}, {}], padding: {}{}}}\n",
        dice.between(0, 1 << 30), height, width, channels, kernel_h, kernel_w, dice.small(1, 3),
        dice.small(1, 3), dice.pick({"same", "valid"}), common_fields(dice));
}

sim::MemoryConfig random_memory(Dice& dice) {
    sim::MemoryConfig memory;
    memory.latency_cycles = dice.small(1, 200);
    memory.write_latency_cycles = dice.small(1, 60);
    if (dice.chance(60)) memory.stall = dice.between(1, 50) / 100.0;
    if (dice.chance(40)) memory.bandwidth = dice.between(20, 99) / 100.0;
    memory.reorder = dice.chance(50);
    memory.seed = static_cast<uint64_t>(dice.between(1, 1 << 30));
    return memory;
}

uint64_t random_base(Dice& dice, const plan::Plan& plan) {
    if (dice.chance(50)) return 0x1000;
    // 16 MiB below the top of the address space leave room for any drawn layer.
    const uint64_t top =
        plan.address_bits == 64 ? ~uint64_t{0} : (uint64_t{1} << plan.address_bits);
    const uint64_t highest = top - (uint64_t{16} << 20);
    return (dice.chance(30) ? highest : dice.next() % highest) & ~uint64_t{0xfff};
}

}  // namespace arraywright::e2e
