// Mutated .tflite files: what the fuzz target and its sample among the tests have in common.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "generator/network/tflite_reader.hpp"
#include "generator/network/tflite_subset_generated.h"
#include "tests/golden/oracle_data.hpp"
#include "tests/unit/tflite_zoo.hpp"
#include "verif/golden/golden.hpp"

namespace tflite_fuzz {

using File = std::vector<uint8_t>;

struct Subject {
    std::string name;
    File file;
    /// Bytes [first, second) that are not the weights of a real model.
    std::vector<std::pair<size_t, size_t>> structure;
};

/// Everything of `file` but the data of buffers larger than 64 bytes.
inline std::vector<std::pair<size_t, size_t>> structure_of(const File& file) {
    std::vector<std::pair<size_t, size_t>> result = {{0, file.size()}};
    const auto* model = arraywright::network::tflite::GetModel(file.data());
    for (const auto* buffer : *model->buffers()) {
        if (buffer->data() == nullptr || buffer->data()->size() <= 64) continue;
        const auto begin = static_cast<size_t>(buffer->data()->Data() - file.data());
        const size_t end = begin + buffer->data()->size();
        for (size_t i = 0; i < result.size(); ++i) {
            const auto [first, last] = result[i];
            if (begin < first || end > last) continue;
            result[i].second = begin;
            if (end < last) result.emplace_back(end, last);
            break;
        }
    }
    std::erase_if(result, [](const auto& range) { return range.second < range.first + 4; });
    return result;
}

inline Subject subject(std::string name, File file) {
    std::vector<std::pair<size_t, size_t>> structure = structure_of(file);
    return {std::move(name), std::move(file), std::move(structure)};
}

/// The models that the tests build: every operator is in one of them.
inline std::vector<Subject> built_subjects() {
    return {subject("dense", tflite_models::pack(tflite_models::valid_model())),
            subject("operators", tflite_models::pack(tflite_models::operator_zoo()))};
}

/// The real models of at most `max_bytes`; none where the oracle data is missing.
inline std::vector<Subject> real_subjects(size_t max_bytes) {
    std::vector<Subject> result;
    const auto models = oracle::models_folder();
    if (!models) return result;
    for (const char* name :
         {"hello_world_mlp", "fc_autoencoder_toycar", "dscnn1d_streaming_wakeword", "dscnn_kws",
          "mobilenetv1_025_vww96", "resnet8_cifar10", "mobilenetv2_035_person160", "lstm_mnist",
          "mobilenetv2_100_imagenet224"}) {
        File file = oracle::read_bytes(*models / name / "model.tflite");
        if (file.size() <= max_bytes) result.push_back(subject(name, std::move(file)));
    }
    return result;
}

/// Overwrites 1 to 8 places with random bytes or with words that indices and offsets choke on.
inline File mutated(const Subject& subject, std::mt19937_64& random) {
    constexpr uint32_t kWords[] = {0,    1,      2,          3,          4,         0x7F,
                                   0x80, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
    File file = subject.file;
    const uint64_t places = 1 + random() % (1 + random() % 8);  // mostly few
    for (uint64_t i = 0; i < places; ++i) {
        const auto& [first, last] = subject.structure[random() % subject.structure.size()];
        const size_t position = first + random() % (last - first - 3);
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
    // Now and then the file ends early, in a vector of the exact size, so that a read past its
    // end is seen.
    if (random() % 64 == 0) file = File(file.begin(), file.begin() + random() % file.size());
    return file;
}

constexpr int64_t kMaxWorkToRun = 1 << 20;

/// Runs what was read with zeros, if that is quick: a network that the reader accepts is safe to
/// execute.
inline bool run_if_small(const arraywright::network::Network& network) {
    int64_t work = 0;
    for (const auto& tensor : network.tensors) work += tensor.bytes();
    for (const auto& op : network.operators) {
        work += mac_count(network, op);
        const int64_t window = int64_t{op.conv.kernel_h} * op.conv.kernel_w;
        work += window * network.tensors[static_cast<size_t>(op.output)].elements();
        if (work > kMaxWorkToRun) return false;
    }
    std::vector<File> inputs;
    for (const int32_t tensor : network.inputs) {
        inputs.emplace_back(static_cast<size_t>(network.tensors[tensor].bytes()), uint8_t{0});
    }
    arraywright::golden::run(network, inputs, {});
    return true;
}

inline void require(bool condition, const char* message) {
    if (!condition) throw std::logic_error(message);
}

/// Reads `file` whole, and operator `single` alone; both end with a network or errors. Returns
/// whether the whole network was read and run.
inline bool read_and_run(const File& file, int32_t single) {
    using namespace arraywright;
    spec::Diagnostics diagnostics("m.tflite", "");
    const auto network = network::parse_tflite(file, "m", diagnostics);
    require(network.has_value() == !diagnostics.has_errors(), "a network with errors, or neither");
    require(network.has_value() == diagnostics.render().empty(), "errors without text");
    spec::Diagnostics one_diagnostics("m.tflite", "");
    const auto one = network::parse_tflite_operator(file, "m", single, one_diagnostics);
    require(one.has_value() == !one_diagnostics.has_errors(), "an operator with errors");
    if (one) run_if_small(*one);
    return network && run_if_small(*network);
}

}  // namespace tflite_fuzz
