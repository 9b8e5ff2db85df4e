// Truncated and mutated .tflite files: whatever they hold, reading them ends with a network or
// errors. Worth most under the sanitizers (ARRAYWRIGHT_SANITIZE).
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

#include "generator/network/tflite_reader.hpp"
#include "tests/golden/oracle_data.hpp"
#include "tests/unit/tflite_models.hpp"
#include "verif/golden/golden.hpp"

using namespace arraywright;

namespace {

constexpr int32_t kMutations = 6000;
constexpr int64_t kMaxBytesToRun = 1 << 22;

/// The built model, and a real one where the data is present.
std::vector<std::vector<uint8_t>> subjects() {
    std::vector<std::vector<uint8_t>> result = {tflite_models::pack(tflite_models::valid_model())};
    if (const auto models = oracle::models_folder()) {
        result.push_back(oracle::read_bytes(*models / "hello_world_mlp" / "model.tflite"));
    }
    return result;
}

/// Runs what was read with zeros: a network that the reader accepts is safe to execute.
bool run_if_small(const network::Network& network) {
    int64_t bytes = 0;
    for (const network::Tensor& tensor : network.tensors) bytes += tensor.bytes();
    int64_t macs = 0;
    for (const network::Operator& op : network.operators) macs += mac_count(network, op);
    if (bytes > kMaxBytesToRun || macs > kMaxBytesToRun) return false;
    std::vector<std::vector<uint8_t>> inputs;
    for (const int32_t tensor : network.inputs) {
        inputs.emplace_back(static_cast<size_t>(network.tensors[tensor].bytes()), uint8_t{0});
    }
    golden::run(network, inputs, {});
    return true;
}

/// Reads `file` whole and by operator; returns whether it was read and run whole.
bool read_and_run(const std::vector<uint8_t>& file) {
    spec::Diagnostics diagnostics("m.tflite", "");
    const auto network = network::parse_tflite(file, "m", diagnostics);
    REQUIRE(network.has_value() == !diagnostics.has_errors());
    REQUIRE(network.has_value() == diagnostics.render().empty());
    for (int32_t op = 0; op < 3; ++op) {
        spec::Diagnostics single("m.tflite", "");
        const auto one = network::parse_tflite_operator(file, "m", op, single);
        REQUIRE(one.has_value() == !single.has_errors());
        if (one) run_if_small(*one);
    }
    return network && run_if_small(*network);
}

/// Overwrites 1 to 8 places with random bytes or with words that indices and offsets choke on.
void mutate(std::vector<uint8_t>& file, std::mt19937_64& random) {
    constexpr uint32_t kWords[] = {0, 1, 2, 0x7F, 0x80, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
    const uint64_t places = 1 + random() % 8;
    for (uint64_t i = 0; i < places; ++i) {
        const size_t position = random() % (file.size() - 3);
        if (random() % 3 != 0) {
            file[position] = static_cast<uint8_t>(random());
            continue;
        }
        uint32_t word = kWords[random() % std::size(kWords)];
        if (random() % 4 == 0) {
            std::memcpy(&word, file.data() + position, sizeof word);
            word += static_cast<uint32_t>(random() % 33) - 16;
        }
        std::memcpy(file.data() + position, &word, sizeof word);
    }
}

}  // namespace

TEST_CASE("tflite: a file cut anywhere is refused", "[network][tflite][hostile]") {
    for (const std::vector<uint8_t>& whole : subjects()) {
        REQUIRE(read_and_run(whole));
        size_t accepted = 0;
        for (size_t size = 0; size < whole.size(); ++size) {
            // A vector of the exact size, so that a read past its end is seen.
            const std::vector<uint8_t> cut(whole.begin(), whole.begin() + size);
            if (read_and_run(cut)) ++accepted;
        }
        // Only bytes that pad the end may be missing.
        CHECK(accepted <= 16);
    }
}

TEST_CASE("tflite: a misaligned vector is read where it lies", "[network][tflite][hostile]") {
    // The verifier accepts a vector of 64-bit elements at any multiple of 4. Moving the offset of
    // the input's zero points {1} by 4 makes that 1 the length and what follows the element.
    using namespace tflite_models;
    tflite::ModelT model = valid_model();
    model.subgraphs[0]->tensors[kInput]->quantization->zero_point = {1};
    std::vector<uint8_t> file = pack(model);
    const auto* quantization =
        tflite::GetModel(file.data())->subgraphs()->Get(0)->tensors()->Get(kInput)->quantization();
    const auto* field = reinterpret_cast<const flatbuffers::Table*>(quantization)
                            ->GetAddressOf(tflite::QuantizationParameters::VT_ZERO_POINT);
    uint8_t& offset = file[field - file.data()];
    REQUIRE(offset < 252);
    offset = static_cast<uint8_t>(offset + 4);
    REQUIRE(reinterpret_cast<uintptr_t>(quantization->zero_point()->Data()) % 8 == 4);
    REQUIRE(quantization->zero_point()->size() == 1);
    read_and_run(file);
}

TEST_CASE("tflite: mutated files never crash", "[network][tflite][hostile]") {
    const char* given = std::getenv("ARRAYWRIGHT_SEED");
    const uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
    std::printf("ARRAYWRIGHT_SEED=%llu\n", static_cast<unsigned long long>(seed));
    std::mt19937_64 random(seed);
    for (const std::vector<uint8_t>& whole : subjects()) {
        int32_t accepted = 0;
        for (int32_t i = 0; i < kMutations; ++i) {
            std::vector<uint8_t> file = whole;
            mutate(file, random);
            if (read_and_run(file)) ++accepted;
        }
        std::printf("%d of %d mutations of %zu bytes were still read and run\n", accepted,
                    kMutations, whole.size());
        // Both sides of the reader are exercised.
        CHECK(accepted > kMutations / 100);
        CHECK(accepted < kMutations * 99 / 100);
    }
}
