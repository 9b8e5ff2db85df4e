// Reader of .tflite files. SPDX-License-Identifier: Apache-2.0
#include "generator/network/tflite_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

#include "generator/network/tflite_names.hpp"
#include "generator/network/tflite_operators.hpp"
#include "generator/network/tflite_subset_generated.h"
#include "generator/network/tflite_tensors.hpp"
#include "generator/spec/source_text.hpp"

namespace arraywright::network {

using spec::DiagnosticId;

namespace {

constexpr uint64_t kMaxFileBytes = uint64_t{1} << 30;
/// Real models stay far below; a hostile file could name one tiny operator millions of times.
constexpr size_t kMaxOperators = 65536;
/// All tensors together; what a network of shapes alone may ask a host to allocate.
constexpr int64_t kMaxNetworkBytes = int64_t{4} << 30;

std::optional<std::vector<uint8_t>> read_file(const std::string& path,
                                              spec::Diagnostics& diagnostics) {
    const auto fail = [&](DiagnosticId id, const std::string& message) {
        diagnostics.error(id, {}, message);
        return std::nullopt;
    };
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) {
        return fail(DiagnosticId::kUnreadable, "the file does not exist");
    }
    if (!std::filesystem::is_regular_file(status)) {
        return fail(DiagnosticId::kUnreadable, "this is not a file; expected a .tflite model");
    }
    const uint64_t bytes = std::filesystem::file_size(path, error);
    if (!error && bytes > kMaxFileBytes) {
        return fail(
            DiagnosticId::kTooLarge,
            fmt::format("the model has {} bytes; at most {} are read", bytes, kMaxFileBytes));
    }
    std::ifstream stream(path, std::ios::binary);
    std::vector<uint8_t> content(error ? 0 : bytes);
    stream.read(reinterpret_cast<char*>(content.data()),
                static_cast<std::streamsize>(content.size()));
    if (error || !stream) return fail(DiagnosticId::kUnreadable, "the file cannot be read");
    return content;
}

/// The verified model, or nullptr after an error was reported.
const tflite::Model* verified_model(const std::vector<uint8_t>& file,
                                    spec::Diagnostics& diagnostics) {
    const auto fail = [&](DiagnosticId id, const std::string& message) {
        diagnostics.error(id, {}, message);
        return nullptr;
    };
    if (file.empty()) return fail(DiagnosticId::kEmpty, "the file is empty");
    if (file.size() > kMaxFileBytes) return fail(DiagnosticId::kTooLarge, "the model is too large");
    if (file.size() < 8 || !tflite::ModelBufferHasIdentifier(file.data())) {
        return fail(DiagnosticId::kTfliteInvalid,
                    "this is not a .tflite model: bytes 4 to 7 are not 'TFL3'");
    }
    flatbuffers::Verifier verifier(file.data(), file.size());
    if (!tflite::VerifyModelBuffer(verifier)) {
        return fail(DiagnosticId::kTfliteInvalid,
                    "the model is truncated or corrupt: the FlatBuffer does not verify");
    }
    const tflite::Model* model = tflite::GetModel(file.data());
    if (model->version() != 3) {
        return fail(DiagnosticId::kUnsupportedModel,
                    fmt::format("the model has schema version {}; supported: 3", model->version()));
    }
    if (model->subgraphs() == nullptr || model->subgraphs()->size() != 1) {
        return fail(DiagnosticId::kUnsupportedModel,
                    fmt::format("the model has {} subgraphs; supported: 1",
                                model->subgraphs() == nullptr ? 0 : model->subgraphs()->size()));
    }
    return model;
}

std::vector<int32_t> indices(const flatbuffers::Vector<int32_t>* vector) {
    if (vector == nullptr) return {};
    return {vector->begin(), vector->end()};
}

/// Reads the single subgraph of a verified model.
class GraphReader {
public:
    GraphReader(const tflite::Model& model, size_t file_bytes, spec::Diagnostics& diagnostics)
        : model_(model),
          graph_(*model.subgraphs()->Get(0)),
          diagnostics_(diagnostics),
          errors_before_(diagnostics.errors().size()),
          tensors_(model, graph_, file_bytes, diagnostics) {}

    std::optional<Network> read_all(const std::string& name);
    std::optional<Network> read_one(const std::string& name, int32_t index);

private:
    size_t operator_count() const {
        return graph_.operators() == nullptr ? 0 : graph_.operators()->size();
    }
    bool failed() const { return diagnostics_.errors().size() > errors_before_; }
    void fail(DiagnosticId id, const std::string& message) { diagnostics_.error(id, {}, message); }
    /// Code and name of operator `index`; nullopt after an error was reported.
    std::optional<std::pair<int32_t, std::string>> code_of(int32_t index);
    std::optional<Operator> read_operator(int32_t index);
    void report_unsupported(int32_t code, const std::string& label);
    std::vector<int32_t> import_all(const std::vector<int32_t>& tensors, const char* what);
    void check_data_flow();
    void check_size();

    const tflite::Model& model_;
    const tflite::SubGraph& graph_;
    spec::Diagnostics& diagnostics_;
    size_t errors_before_;
    bool advised_ = false;  // what to do is said once, not for each operator
    TensorImporter tensors_;
    Network network_;
};

std::optional<std::pair<int32_t, std::string>> GraphReader::code_of(int32_t index) {
    const tflite::Operator& flat = *graph_.operators()->Get(static_cast<uint32_t>(index));
    const auto* codes = model_.operator_codes();
    const uint32_t code_count = codes == nullptr ? 0 : codes->size();
    if (flat.opcode_index() >= code_count) {
        fail(DiagnosticId::kTfliteInvalid,
             fmt::format("operator {} has code index {}, but the model has {} codes", index,
                         flat.opcode_index(), code_count));
        return std::nullopt;
    }
    const tflite::OperatorCode& entry = *codes->Get(flat.opcode_index());
    // Old writers know only the first field; new ones fill it up to its limit of 127.
    const int32_t code = std::max<int32_t>(entry.deprecated_builtin_code(), entry.builtin_code());
    std::string name = builtin_operator_name(code);
    if (code == kCustomCode && entry.custom_code() != nullptr) {
        const flatbuffers::String& custom = *entry.custom_code();
        const std::string_view shown = custom.string_view().substr(0, 200);
        name = fmt::format("{} {}", name, spec::quoted(shown));
    }
    return std::pair{code, std::move(name)};
}

void GraphReader::report_unsupported(int32_t code, const std::string& label) {
    spec::Diagnostic& error =
        is_recurrent(code)
            ? diagnostics_.error(
                  DiagnosticId::kNotBuilt, {},
                  fmt::format("{} is not built by this version: recurrent networks do not run yet",
                              label))
            : diagnostics_.error(DiagnosticId::kUnsupportedOperator, {},
                                 fmt::format("{} is not supported by this version", label));
    if (advised_) return;
    advised_ = true;
    error.notes.push_back(
        {{},
         fmt::format("supported operators: {}; cut the model so that it has only these and "
                     "run the others on the host",
                     supported_operators())});
}

std::optional<Operator> GraphReader::read_operator(int32_t index) {
    const auto code = code_of(index);
    if (!code) return std::nullopt;
    const tflite::Operator& flat = *graph_.operators()->Get(static_cast<uint32_t>(index));
    OperatorContext context(flat, index, code->second, tensors_, diagnostics_);
    const OperatorReader reader = find_operator_reader(code->first);
    if (reader == nullptr) {
        report_unsupported(code->first, context.label());
        return std::nullopt;
    }
    std::optional<Operator> op = reader(context);
    if (!op) return std::nullopt;
    op->tflite_name = code->second;
    op->source_index = index;
    op->name = fmt::format("{}_{}", code->second, index);
    std::transform(op->name.begin(), op->name.end(), op->name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return op;
}

std::vector<int32_t> GraphReader::import_all(const std::vector<int32_t>& tensors,
                                             const char* what) {
    std::vector<int32_t> result;
    for (size_t i = 0; i < tensors.size(); ++i) {
        if (const auto tensor = tensors_.import(tensors[i], fmt::format("{} {}", what, i))) {
            result.push_back(*tensor);
        }
    }
    return result;
}

/// Every activation is written once, before it is read.
void GraphReader::check_data_flow() {
    const auto name = [&](int32_t tensor) { return spec::quoted(tensors_.tensors()[tensor].name); };
    std::set<int32_t> written;
    for (const int32_t tensor : network_.inputs) {
        if (tensors_.tensors()[tensor].is_constant || !written.insert(tensor).second) {
            fail(DiagnosticId::kTfliteInvalid,
                 fmt::format("tensor {} is a constant or twice an input of the model",
                             name(tensor)));
        }
    }
    for (const Operator& op : network_.operators) {
        for (const int32_t input : op.all_inputs()) {
            if (tensors_.tensors()[input].is_constant || written.contains(input)) continue;
            fail(DiagnosticId::kTfliteInvalid,
                 fmt::format("operator {} {} reads tensor {} before it is written", op.source_index,
                             op.tflite_name, name(input)));
        }
        if (tensors_.tensors()[op.output].is_constant) {
            fail(DiagnosticId::kTfliteInvalid,
                 fmt::format("operator {} {} writes tensor {}, which is a constant",
                             op.source_index, op.tflite_name, name(op.output)));
        }
        if (!written.insert(op.output).second) {
            fail(DiagnosticId::kTfliteInvalid,
                 fmt::format("operator {} {} writes tensor {}, which is written already",
                             op.source_index, op.tflite_name, name(op.output)));
        }
    }
    for (const int32_t tensor : network_.outputs) {
        if (!written.contains(tensor)) {
            fail(DiagnosticId::kTfliteInvalid,
                 fmt::format("output {} of the model is never written", name(tensor)));
        }
    }
}

void GraphReader::check_size() {
    int64_t bytes = 0;  // at most 65536 operators * a few tensors * 2^28
    for (const Tensor& tensor : tensors_.tensors()) bytes += tensor.bytes();
    if (bytes <= kMaxNetworkBytes) return;
    fail(DiagnosticId::kTooLarge,
         fmt::format("the tensors take {} bytes, allowed: {} (4 GiB)", bytes, kMaxNetworkBytes));
}

std::optional<Network> GraphReader::read_all(const std::string& name) {
    if (operator_count() == 0 || operator_count() > kMaxOperators) {
        fail(operator_count() == 0 ? DiagnosticId::kUnsupportedModel : DiagnosticId::kTooLarge,
             fmt::format("the model has {} operators; supported: 1 to {}", operator_count(),
                         kMaxOperators));
        return std::nullopt;
    }
    const std::vector<int32_t> inputs = indices(graph_.inputs());
    const std::vector<int32_t> outputs = indices(graph_.outputs());
    if (inputs.empty() || outputs.empty()) {
        fail(DiagnosticId::kTfliteInvalid, "the model has no inputs or no outputs");
        return std::nullopt;
    }
    for (size_t i = 0; i < operator_count(); ++i) {
        if (auto op = read_operator(static_cast<int32_t>(i))) {
            network_.operators.push_back(std::move(*op));
        }
    }
    // An operator that was not read would make its neighbours look disconnected.
    if (failed()) return std::nullopt;
    network_.inputs = import_all(inputs, "input of the model");
    network_.outputs = import_all(outputs, "output of the model");
    if (!failed()) check_data_flow();
    if (!failed()) check_size();
    if (failed()) return std::nullopt;
    network_.name = name;
    network_.tensors = tensors_.take();
    return std::move(network_);
}

std::optional<Network> GraphReader::read_one(const std::string& name, int32_t index) {
    if (index < 0 || static_cast<size_t>(index) >= operator_count()) {
        fail(DiagnosticId::kTfliteInvalid,
             fmt::format("there is no operator {}: the model has {}", index, operator_count()));
        return std::nullopt;
    }
    std::optional<Operator> op = read_operator(index);
    if (!op) return std::nullopt;
    network_.name = name;
    for (const int32_t input : op->all_inputs()) {
        const bool is_new = std::find(network_.inputs.begin(), network_.inputs.end(), input) ==
                            network_.inputs.end();
        if (is_new && !tensors_.tensors()[input].is_constant) network_.inputs.push_back(input);
    }
    network_.outputs = {op->output};
    network_.operators.push_back(std::move(*op));
    check_data_flow();
    if (!failed()) check_size();
    if (failed()) return std::nullopt;
    network_.tensors = tensors_.take();
    return std::move(network_);
}

std::string stem(const std::string& path) {
    return std::filesystem::path(path).stem().string();
}

}  // namespace

std::optional<Network> parse_tflite(const std::vector<uint8_t>& file, const std::string& name,
                                    spec::Diagnostics& diagnostics) {
    const tflite::Model* model = verified_model(file, diagnostics);
    if (model == nullptr) return std::nullopt;
    return GraphReader(*model, file.size(), diagnostics).read_all(name);
}

std::optional<Network> parse_tflite_operator(const std::vector<uint8_t>& file,
                                             const std::string& name, int32_t index,
                                             spec::Diagnostics& diagnostics) {
    const tflite::Model* model = verified_model(file, diagnostics);
    if (model == nullptr) return std::nullopt;
    return GraphReader(*model, file.size(), diagnostics).read_one(name, index);
}

std::optional<Network> read_tflite(const std::string& path, spec::Diagnostics& diagnostics) {
    const std::optional<std::vector<uint8_t>> file = read_file(path, diagnostics);
    if (!file) return std::nullopt;
    return parse_tflite(*file, stem(path), diagnostics);
}

std::optional<Network> read_tflite_operator(const std::string& path, int32_t index,
                                            spec::Diagnostics& diagnostics) {
    const std::optional<std::vector<uint8_t>> file = read_file(path, diagnostics);
    if (!file) return std::nullopt;
    return parse_tflite_operator(*file, stem(path), index, diagnostics);
}

}  // namespace arraywright::network
