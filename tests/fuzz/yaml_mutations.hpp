// Mutated texts for the fuzz targets of YAML readers, and their main loop.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace arraywright::fuzz {

/// `text` with a few places changed: bytes, pieces taken out or copied, numbers, one of `words`.
inline std::string mutated(std::string text, const std::vector<std::string>& words,
                           std::mt19937_64& random) {
    const uint64_t places = 1 + random() % (1 + random() % 4);  // mostly few
    for (uint64_t i = 0; i < places && !text.empty(); ++i) {
        size_t position = random() % text.size();
        switch (random() % 8) {
            case 0:
                text[position] = static_cast<char>(random());
                break;
            case 1:
                text.erase(position, 1 + random() % 8);
                break;
            case 2:
                text.insert(position, words[random() % words.size()]);
                break;
            case 3:  // a piece from elsewhere
                text.insert(position, text.substr(random() % text.size(), random() % 24));
                break;
            default:  // another number
                position = text.find_first_of("0123456789", position);
                if (position != std::string::npos) {
                    text[position] = static_cast<char>('0' + random() % 10);
                }
                break;
        }
    }
    return text;
}

/// COUNT [SEED [FIRST]]: `read(text)` is true for a text that was accepted. Findings are what the
/// sanitizers stop at.
inline int run(int argc, char** argv, const char* what, const std::string& subject,
               const std::vector<std::string>& words,
               const std::function<bool(const std::string&)>& read) {
    if (argc < 2 || argc > 4) {
        std::fprintf(stderr, "usage: %s COUNT [SEED [FIRST]]\n", argv[0]);
        return 2;
    }
    const int64_t count = std::strtoll(argv[1], nullptr, 10);
    const uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    const int64_t first = argc > 3 ? std::strtoll(argv[3], nullptr, 10) : 0;
    int64_t accepted = 0;
    for (int64_t i = first; i < first + count; ++i) {
        std::seed_seq sequence{seed, static_cast<uint64_t>(i)};
        std::mt19937_64 random(sequence);
        accepted += read(mutated(subject, words, random)) ? 1 : 0;
    }
    std::printf("seed %llu: %lld mutated %s, %lld of them accepted, no finding\n",
                static_cast<unsigned long long>(seed), static_cast<long long>(count), what,
                static_cast<long long>(accepted));
    return 0;
}

}  // namespace arraywright::fuzz
