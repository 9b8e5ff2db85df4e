// Truncated and mutated .tflite files: whatever they hold, reading them ends with a network or
// errors. A sample of the fuzz target, tests/fuzz/fuzz_tflite.cpp.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "tests/fuzz/tflite_mutations.hpp"

using namespace arraywright;

using tflite_fuzz::read_and_run;

namespace {

constexpr int32_t kMutations = 6000;

/// The built models, and a real one where the data is present.
std::vector<tflite_fuzz::Subject> subjects() {
    std::vector<tflite_fuzz::Subject> result = tflite_fuzz::built_subjects();
    for (tflite_fuzz::Subject& real : tflite_fuzz::real_subjects(4096)) {
        result.push_back(std::move(real));
    }
    return result;
}

}  // namespace

TEST_CASE("tflite: a file cut anywhere is refused", "[network][tflite][hostile]") {
    for (const tflite_fuzz::Subject& subject : subjects()) {
        const std::vector<uint8_t>& whole = subject.file;
        REQUIRE(read_and_run(whole, 0));
        size_t accepted = 0;
        for (size_t size = 0; size < whole.size(); ++size) {
            // A vector of the exact size, so that a read past its end is seen.
            const std::vector<uint8_t> cut(whole.begin(), whole.begin() + size);
            if (read_and_run(cut, 1)) ++accepted;
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
    read_and_run(file, 0);
}

TEST_CASE("tflite: mutated files never crash", "[network][tflite][hostile]") {
    const char* given = std::getenv("ARRAYWRIGHT_SEED");
    const uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
    std::printf("ARRAYWRIGHT_SEED=%llu\n", static_cast<unsigned long long>(seed));
    std::mt19937_64 random(seed);
    for (const tflite_fuzz::Subject& subject : subjects()) {
        int32_t accepted = 0;
        for (int32_t i = 0; i < kMutations; ++i) {
            const tflite_fuzz::File file = tflite_fuzz::mutated(subject, random);
            if (read_and_run(file, i % 24)) ++accepted;
        }
        std::printf("%d of %d mutations of %s were still read and run\n", accepted, kMutations,
                    subject.name.c_str());
        // Both sides of the reader are exercised.
        CHECK(accepted > kMutations / 100);
        CHECK(accepted < kMutations * 99 / 100);
    }
}
