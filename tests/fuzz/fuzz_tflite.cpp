// Fuzz target of the .tflite reader: any number of mutated files from a seed.
// Build with ARRAYWRIGHT_SANITIZE; scripts/fuzz does. SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "tests/fuzz/tflite_mutations.hpp"

namespace {

/// Copying a larger file takes longer than reading it.
constexpr size_t kMaxRealBytes = 400'000;
/// Of this many mutations one is of a real model, if there are any.
constexpr int64_t kRealShare = 16;

/// One line a failure, enough to make the file again.
int fail(uint64_t seed, int64_t index, const std::exception& error) {
    std::fprintf(stderr, "seed %llu, file %lld: %s\n", static_cast<unsigned long long>(seed),
                 static_cast<long long>(index), error.what());
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2 || argc > 4) {
        std::fprintf(stderr, "usage: fuzz_tflite COUNT [SEED [FIRST]]\n");
        return 2;
    }
    const int64_t count = std::strtoll(argv[1], nullptr, 10);
    const uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    const int64_t first = argc > 3 ? std::strtoll(argv[3], nullptr, 10) : 0;
    const std::vector<tflite_fuzz::Subject> built = tflite_fuzz::built_subjects();
    const std::vector<tflite_fuzz::Subject> real = tflite_fuzz::real_subjects(kMaxRealBytes);
    int64_t accepted = 0;
    for (int64_t i = first; i < first + count; ++i) {
        // A stream of its own for each file: a failing one is replayed alone.
        std::seed_seq sequence{seed, static_cast<uint64_t>(i)};
        std::mt19937_64 random(sequence);
        const bool from_real = !real.empty() && i % kRealShare == 0;
        const auto& subjects = from_real ? real : built;
        const tflite_fuzz::Subject& subject = subjects[random() % subjects.size()];
        try {
            const tflite_fuzz::File file = tflite_fuzz::mutated(subject, random);
            accepted +=
                tflite_fuzz::read_and_run(file, static_cast<int32_t>(random() % 24)) ? 1 : 0;
        } catch (const std::exception& error) {
            return fail(seed, i, error);
        }
        if ((i + 1) % 100'000 == 0) {
            std::fprintf(stderr, "%lld files\n", static_cast<long long>(i + 1));
        }
    }
    std::printf("seed %llu: %lld mutated files, %lld of them read and run, no finding\n",
                static_cast<unsigned long long>(seed), static_cast<long long>(count),
                static_cast<long long>(accepted));
}
