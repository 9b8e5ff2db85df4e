// Fuzz target of the runtime: any number of mutated containers from a seed, opened and, where they
// are accepted, loaded and run on the host. Build with ARRAYWRIGHT_SANITIZE; scripts/fuzz does.
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>
#include <random>

#include "tests/unit/container_subject.hpp"

int main(int argc, char** argv) {
    using namespace arraywright;
    if (argc < 2 || argc > 4) {
        std::fprintf(stderr, "usage: fuzz_container COUNT [SEED [FIRST]]\n");
        return 2;
    }
    const int64_t count = std::strtoll(argv[1], nullptr, 10);
    const uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    const int64_t first = argc > 3 ? std::strtoll(argv[3], nullptr, 10) : 0;
    const std::vector<uint8_t> good = test::container_of(test::many_operators());
    int64_t accepted = 0;
    for (int64_t i = first; i < first + count; ++i) {
        std::seed_seq sequence{seed, static_cast<uint64_t>(i)};
        std::mt19937_64 random(sequence);
        std::vector<uint8_t> file = good;
        test::mutate(file, random);
        if (random() % 8 == 0) file.resize(random() % (file.size() + 1));
        accepted += test::run_if_accepted(file, 4096) ? 1 : 0;
    }
    std::printf("seed %llu: %lld mutated containers, %lld of them accepted and run, no finding\n",
                static_cast<unsigned long long>(seed), static_cast<long long>(count),
                static_cast<long long>(accepted));
}
