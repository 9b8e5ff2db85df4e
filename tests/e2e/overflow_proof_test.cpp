// Verdicts on overflow, provoked at the very boundary and confirmed by RTL and golden kernel.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstring>
#include <random>

#include "generator/overflow/witness.hpp"
#include "tests/e2e/simulate_run.hpp"

using namespace arraywright;

namespace {

// The extension is in g++ and clang; -Wpedantic accepts it with the keyword.
__extension__ using Int128 = __int128;

struct Machine {
    std::string dataflow, mode;
    int32_t bits;
    bool gating;
};

e2e::Design design_of(const Machine& machine) {
    return e2e::Design(fmt::format(
        "name: proof\narray: {{rows: 6, cols: 4, dataflow: {}}}\n"
        "arithmetic: {{accumulator_bits: {}, on_overflow: {}}}\nvector: {{elementwise: false}}\n"
        "buffers: {{activation_kib: 16, weight_kib: 16, accumulator_kib: 4}}\n{}",
        machine.dataflow, machine.bits, machine.mode,
        machine.gating ? "sparsity: {zero_gating: true}\n" : ""));
}

overflow::Arithmetic arithmetic_of(const e2e::Design& design) {
    return {design.plan().accumulator_bits, design.plan().rows, design.plan().zero_gating};
}

/// Shapes that reach every order of additions that a command can have.
const std::vector<std::string> kLayers = {
    "{op: conv2d, input: [5, 4, 3], filters: 6, kernel: [3, 3], padding: same",
    "{op: conv2d, input: [4, 4, 8], filters: 5, kernel: [2, 3], stride: [2, 1], padding: valid",
    "{op: conv2d, input: [4, 4, 6], filters: 6, kernel: [3, 2], groups: 3, padding: same",
    "{op: conv2d, input: [6, 6, 4], filters: 4, kernel: [2, 2], dilation: [2, 2], padding: same",
    "{op: conv2d, input: [1, 1, 7], filters: 3, kernel: [3, 3], padding: same",
    "{op: depthwise_conv2d, input: [8, 8, 5], kernel: [7, 7], padding: same",
    "{op: depthwise_conv2d, input: [8, 8, 3], kernel: [3, 3], padding: valid",
    "{op: fully_connected, inputs: 31, outputs: 9",
    "{op: gemm, m: 3, k: 40, n: 5",
};

network::Network layer_network(const std::string& layer, uint32_t seed) {
    return e2e::network_of(fmt::format(
        "name: layer\nseed: {}\nvalues: random\nlayers: [{}, bias: true, output: int32}}]\n", seed,
        layer));
}

void set_bias(network::Network& network, int32_t channel, int32_t bias) {
    const network::Operator& op = network.operators.back();
    std::vector<uint8_t>& data = network.tensors[static_cast<size_t>(op.bias)].data;
    std::memcpy(&data[static_cast<size_t>(channel) * 4], &bias, sizeof bias);
}

int32_t bias_of(const network::Network& network, int32_t channel) {
    const network::Operator& op = network.operators.back();
    int32_t bias = 0;
    std::memcpy(
        &bias,
        &network.tensors[static_cast<size_t>(op.bias)].data[static_cast<size_t>(channel) * 4],
        sizeof bias);
    return bias;
}

/// Moves the bias of `channel` so that the extreme result of its worst position lies `beyond` the
/// upper (or lower) end of the range; the other channels keep far away from it.
void drive_to_boundary(network::Network& network, const overflow::Arithmetic& arithmetic,
                       int32_t channel, bool largest, int32_t beyond) {
    const network::Operator& op = network.operators.front();
    const overflow::Reduction reduction(network, op, arithmetic);
    const overflow::Interval range = overflow::range_of_bits(arithmetic.bits);
    overflow::Interval all;
    bool first = true;
    for (const overflow::PaddingClass& padding : reduction.padding_classes()) {
        const std::vector<overflow::Range> factors = reduction.factors(channel, padding, {{}});
        const overflow::Interval sum =
            overflow::bounds_of({reduction.weights(channel), &factors, &reduction.step_ends(),
                                 reduction.folded_bias(channel)})
                .sum;
        if (first) all = sum;
        all.include(sum.low);
        all.include(sum.high);
        first = false;
    }
    const overflow::Wide move =
        largest ? range.high + beyond - all.high : range.low - beyond - all.low;
    set_bias(network, channel,
             static_cast<int32_t>(overflow::Wide{bias_of(network, channel)} + move));
}

/// Judges the extreme input of the last layer in RTL.
void check_verdict(const e2e::Design& design, const network::Network& network,
                   overflow::Verdict expected) {
    const overflow::Arithmetic arithmetic = arithmetic_of(design);
    const overflow::NetworkOverflow analysis = overflow::analyse(network, arithmetic);
    const overflow::LayerOverflow& layer = analysis.layers.back();
    REQUIRE(layer.verdict == expected);
    const overflow::Witness witness = overflow::make_witness(network, analysis, layer, arithmetic);
    CHECK((witness.step >= 0) == (expected != overflow::Verdict::kSafe));
    const auto result =
        design.run(witness.network, design.compile(witness.network, {.allow_overflow = true}),
                   {{witness.input}});
    INFO(e2e::failures(result));
    CHECK(e2e::failures(result).empty());
    REQUIRE(result.runs.size() == 1);
    const auto& first = result.runs[0].overflow.first;
    REQUIRE(first.has_value() == (witness.step >= 0));
    const bool compiles = compile::compile_network(network, design.plan()).errors.empty();
    CHECK(compiles == (expected == overflow::Verdict::kSafe || arithmetic.bits == 32));
    if (!first) return;
    CHECK(first->channel == static_cast<uint32_t>(witness.channel));
    CHECK(first->position == static_cast<uint32_t>(witness.position));
    CHECK(first->step == static_cast<uint32_t>(witness.step));
    CHECK((result.runs[0].overflow.results > 0) == (expected == overflow::Verdict::kUnsafe));
}

/// A million values whose sums overflow often, in 128-bit arithmetic of the test's own.
struct Exact {
    std::vector<int32_t> values;
    uint64_t steps = 0, results = 0;
};

Exact exact_products(const network::Network& network, const e2e::Design& design,
                     const std::string& mode, int32_t m, int32_t k, int32_t n) {
    const network::Operator& op = network.operators.front();
    const auto* a = reinterpret_cast<const int8_t*>(network.synthetic_inputs[0].data());
    const auto* w = reinterpret_cast<const int8_t*>(
        network.tensors[static_cast<size_t>(op.weights)].data.data());
    const Int128 high = (Int128{1} << (design.plan().accumulator_bits - 1)) - 1;
    const Int128 low = -high - 1;
    const Int128 modulus = Int128{1} << design.plan().accumulator_bits;
    Exact exact;
    for (int32_t row = 0; row < m; ++row) {
        for (int32_t column = 0; column < n; ++column) {
            Int128 sum = 0, accumulator = 0;
            const auto add = [&](Int128 term) {
                sum += term;
                accumulator += term;
                if (accumulator >= low && accumulator <= high) return;
                ++exact.steps;
                if (mode == "saturate") {
                    accumulator = accumulator > high ? high : low;
                } else {
                    accumulator += accumulator > high ? -modulus : modulus;
                }
            };
            for (int32_t start = 0; start < k; start += design.plan().rows) {
                Int128 step = 0;
                for (int32_t i = start; i < std::min(k, start + design.plan().rows); ++i)
                    step += Int128{a[row * k + i]} * w[column * k + i];
                add(step);
            }
            add(bias_of(network, column));
            if (sum < low || sum > high) ++exact.results;
            exact.values.push_back(static_cast<int32_t>(accumulator));
        }
    }
    return exact;
}

network::Network product_network(int32_t m, int32_t k, int32_t n, const std::string& values,
                                 uint32_t seed) {
    return e2e::network_of(
        fmt::format("name: dots\nseed: {}\nvalues: {}\n"
                    "layers: [{{op: gemm, m: {}, k: {}, n: {}, bias: true, output: int32}}]\n",
                    seed, values, m, k, n));
}

/// Biases at and around the ends of the range, in half of the channels.
void set_boundary_biases(network::Network& network, int32_t channels, int32_t bits,
                         std::mt19937& random) {
    const int64_t end = (int64_t{1} << (bits - 1)) - 1;
    for (int32_t n = 0; n < channels; n += 2) {
        const auto distance = std::uniform_int_distribution<int64_t>(0, 3000)(random);
        const int64_t near = std::max<int64_t>(0, end - (n % 8 == 0 ? 0 : distance));
        set_bias(network, n, static_cast<int32_t>(n % 4 == 0 ? near : -near - 1));
    }
}

}  // namespace

TEST_CASE("overflow: verdicts at the boundary are those of the RTL", "[e2e][overflow]") {
    const Machine machine =
        GENERATE(Machine{"broadcast", "trap", 20, false}, Machine{"broadcast", "wrap", 32, false},
                 Machine{"weight_stationary", "saturate", 20, false},
                 Machine{"weight_stationary", "trap", 32, false},
                 Machine{"broadcast", "saturate", 24, true});
    const e2e::Design design = design_of(machine);
    uint32_t seed = 1;
    for (const std::string& layer : kLayers) {
        for (const bool largest : {true, false}) {
            for (const int32_t beyond : {0, 1}) {
                network::Network network = layer_network(layer, ++seed);
                const network::Operator& op = network.operators.front();
                const auto channels = network.tensors[static_cast<size_t>(op.output)].shape.back();
                for (int32_t n = 0; n < channels; ++n) set_bias(network, n, 0);
                drive_to_boundary(network, arithmetic_of(design),
                                  static_cast<int32_t>(seed) % channels, largest, beyond);
                INFO(machine.dataflow << " " << machine.mode << " " << machine.bits << ": " << layer
                                      << ", " << (largest ? "high" : "low") << " + " << beyond);
                check_verdict(design, network,
                              beyond == 0 ? overflow::Verdict::kSafe : overflow::Verdict::kUnsafe);
            }
        }
    }
}

TEST_CASE("overflow: a partial sum alone may leave the range", "[e2e][overflow]") {
    const std::string mode = GENERATE("wrap", "saturate", "trap");
    const e2e::Design design = design_of({"broadcast", mode, 20, false});
    // After a ReLU with zero point 0 no product of a positive weight is negative: 36 * 127 * 127 is
    // past 2^19, but the bias takes it back.
    network::Network network = e2e::network_of(
        "name: relu\nseed: 1\nchain: true\nvalues: random\nlayers:\n"
        "  - {op: fully_connected, inputs: 24, outputs: 36, activation: relu}\n"
        "  - {op: fully_connected, inputs: 36, outputs: 2, bias: true, output: int32}\n");
    const network::Operator& op = network.operators.back();
    REQUIRE(network.tensors[static_cast<size_t>(op.input)].quantization.zero_points[0] == 0);
    std::fill_n(network.tensors[static_cast<size_t>(op.weights)].data.begin(), 72, uint8_t{127});
    for (int32_t n = 0; n < 2; ++n) set_bias(network, n, -300000);
    check_verdict(design, network, overflow::Verdict::kPrefixOnly);
}

TEST_CASE("overflow: a million dot products against 128-bit arithmetic", "[e2e][overflow]") {
    const std::string dataflow = GENERATE("broadcast", "weight_stationary");
    const std::string mode = GENERATE("wrap", "saturate");
    const int32_t bits = GENERATE(20, 32);
    const std::string values = GENERATE("extremes", "random");
    INFO(dataflow << ", " << mode << ", " << bits << " bits, " << values);
    const e2e::Design design = design_of({dataflow, mode, bits, false});
    // A quarter of a million each: a million of each mode and dataflow.
    constexpr int32_t kM = 500, kK = 57, kN = 500;
    std::mt19937 random(static_cast<uint32_t>(bits) + (values == "random" ? 1 : 0));
    network::Network network = product_network(kM, kK, kN, values, 11);
    set_boundary_biases(network, kN, bits, random);
    const Exact exact = exact_products(network, design, mode, kM, kK, kN);
    const auto result = design.run(network, design.compile(network, {.allow_overflow = true}),
                                   {network.synthetic_inputs});
    INFO(e2e::failures(result));
    CHECK(e2e::failures(result).empty());
    REQUIRE(result.runs.size() == 1);
    CHECK(exact.steps > 1000);
    CHECK(result.runs[0].overflow.steps == exact.steps);
    CHECK(result.runs[0].overflow.results == exact.results);
    std::vector<int32_t> got(exact.values.size());
    REQUIRE(result.runs[0].outputs[0].size() == 4 * got.size());
    std::memcpy(got.data(), result.runs[0].outputs[0].data(), 4 * got.size());
    CHECK(got == exact.values);
}

TEST_CASE("overflow: trap stops at the first of a million and never without one",
          "[e2e][overflow]") {
    const std::string dataflow = GENERATE("broadcast", "weight_stationary");
    const int32_t bits = GENERATE(20, 32);
    INFO(dataflow << ", " << bits << " bits");
    const e2e::Design design = design_of({dataflow, "trap", bits, false});
    constexpr int32_t kM = 1000, kK = 20, kN = 500;
    network::Network network = product_network(kM, kK, kN, "extremes", 3);
    // The largest biases that no input overflows.
    const overflow::Reduction reduction(network, network.operators.front(), arithmetic_of(design));
    const std::vector<overflow::Range> factors =
        reduction.factors(0, reduction.padding_classes().front(), {{}});
    for (int32_t n = 0; n < kN; ++n) {
        set_bias(network, n, 0);
        const overflow::Interval sum =
            overflow::bounds_of({reduction.weights(n), &factors, &reduction.step_ends(), 0}).sum;
        const overflow::Interval range = overflow::range_of_bits(bits);
        set_bias(network, n,
                 static_cast<int32_t>(n % 2 == 0 ? range.high - sum.high : range.low - sum.low));
    }
    const auto safe = design.run(network, design.compile(network), {network.synthetic_inputs});
    INFO(e2e::failures(safe));
    REQUIRE(safe.passed());
    CHECK(safe.runs[0].overflow.steps == 0);

    // One sum of all goes one too far: its row holds the extreme input of its column.
    std::mt19937 random(9);
    const auto program = [&](const network::Network& one) {
        return design.compile(one, {.allow_overflow = true});
    };
    for (int32_t i = 0; i < 12; ++i) {
        network::Network one = network;
        const auto row = std::uniform_int_distribution<int32_t>(0, kM - 1)(random);
        const auto column = std::uniform_int_distribution<int32_t>(0, kN - 1)(random);
        set_bias(one, column, bias_of(one, column) + (column % 2 == 0 ? 1 : -1));
        const std::vector<int32_t> extreme = overflow::extreme_factors(
            {reduction.weights(column), &factors, &reduction.step_ends(), 0}, column % 2 == 0);
        for (size_t k = 0; k < extreme.size(); ++k) {
            one.synthetic_inputs[0][static_cast<size_t>(row) * kK + k] =
                static_cast<uint8_t>(extreme[k]);
        }
        const auto over = design.run(one, program(one), {one.synthetic_inputs});
        INFO("row " << row << ", column " << column << ": " << e2e::failures(over));
        CHECK(e2e::failures(over).empty());
        REQUIRE(over.outcome() == sim::Outcome::kOverflow);
        REQUIRE(over.runs[0].overflow.first.has_value());
        CHECK(over.runs[0].overflow.first->channel == static_cast<uint32_t>(column));
        CHECK(over.runs[0].overflow.first->position == static_cast<uint32_t>(row));
    }
}
