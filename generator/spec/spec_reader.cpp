// spec.yaml to a checked Spec. SPDX-License-Identifier: Apache-2.0
#include "generator/spec/spec_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "generator/spec/reserved_words.hpp"
#include "generator/spec/sha256.hpp"
#include "generator/spec/source_file.hpp"
#include "generator/spec/source_text.hpp"
#include "generator/spec/spec_conflicts.hpp"
#include "generator/spec/spec_names.hpp"
#include "generator/spec/yaml_fields.hpp"
#include "generator/spec/yaml_values.hpp"

namespace arraywright::spec {
namespace {

constexpr size_t kLongestName = 40;

/// Keys of all sections, to say where a misplaced one belongs.
const std::vector<std::pair<std::string, std::vector<std::string>>> kSections = {
    {"array", {"rows", "cols", "dataflow", "depthwise", "tap_packing"}},
    {"arithmetic", {"accumulator_bits", "on_overflow"}},
    {"buffers",
     {"activation_kib", "weight_kib", "accumulator_kib", "activation_banks", "weight_banks",
      "accumulator_banks"}},
    {"sparsity", {"structured", "block", "zero_gating", "codebook", "codecs", "unstructured"}},
    {"vector", {"lanes", "elementwise", "tables", "serial"}},
    {"bus", {"data_bits", "address_bits", "outstanding"}},
    {"control", {"queue_depth", "counters"}},
    {"pipeline", {"product"}},
    {"memories", {"library", "tie_high", "active_low"}},
};

const std::vector<std::string>& keys_of(const std::string& section) {
    const auto found = std::find_if(kSections.begin(), kSections.end(),
                                    [&](const auto& entry) { return entry.first == section; });
    return found->second;
}

/// Words by which people ask for what this generator is not for.
constexpr std::array<std::string_view, 16> kBeyondInt8Inference = {
    "training", "train", "backward", "gradient", "precision", "dtype", "data_type", "type",
    "mode",     "float", "fp16",     "fp32",     "bf16",      "int4",  "int16",     "quantization"};

std::string unknown_key_hint(std::string_view key) {
    for (const auto& [section, keys] : kSections) {
        if (std::find(keys.begin(), keys.end(), key) != keys.end()) {
            return fmt::format("'{}' belongs in '{}'", key, section);
        }
    }
    if (std::find(kBeyondInt8Inference.begin(), kBeyondInt8Inference.end(), key) !=
        kBeyondInt8Inference.end()) {
        return "arraywright builds INT8 inference accelerators only: no training, no other "
               "number format";
    }
    return "";
}

class SpecReader {
public:
    SpecReader(std::string folder, Diagnostics& diagnostics, std::optional<Target> target)
        : folder_(std::move(folder)), diagnostics_(diagnostics), target_(target) {}

    Spec read(const YamlNode& root);

private:
    using Integer = IntegerRule;

    /// Runs `read_fields` on the section `key` if the file has it, on an empty one otherwise.
    template <typename ReadFields>
    void section(FieldReader& top, const std::string& key, const ReadFields& read_fields);
    void read_array(FieldReader& top);
    void array_option(FieldReader& fields, const std::string& key, bool& value, int32_t& line);
    void read_sparsity(FieldReader& fields);
    void read_name(const YamlNode* node);
    void read_target(FieldReader& top);
    void choose_banks();
    void read_macros(FieldReader& fields);
    void read_macro_pins(FieldReader& fields);
    std::vector<const YamlNode*> texts(FieldReader& fields, const YamlNode* node,
                                       const std::string& key, const std::string& wanted,
                                       std::vector<std::string>& values);

    void integer(FieldReader& fields, const YamlNode* node, const std::string& key,
                 const Integer& rule, int32_t& value, int32_t& line);
    void integer(FieldReader& fields, const std::string& key, const Integer& rule, int32_t& value,
                 int32_t& line) {
        integer(fields, fields.find(key), key, rule, value, line);
    }
    void boolean(FieldReader& fields, const std::string& key, bool& value, int32_t& line);
    void not_built(const YamlNode& node, const std::string& option);

    std::string folder_;  ///< of the spec: files are named from there
    Diagnostics& diagnostics_;
    std::optional<Target> target_;
    Spec spec_;
    FieldOrigins origins_;
};

void SpecReader::integer(FieldReader& fields, const YamlNode* node, const std::string& key,
                         const Integer& rule, int32_t& value, int32_t& line) {
    if (node == nullptr) return;
    const std::string name = fields.name_of(key);
    const std::optional<int64_t> read = read_integer(*node, name, rule, diagnostics_);
    if (!read) {
        origins_.bad.insert(name);
        return;
    }
    value = static_cast<int32_t>(*read);
    line = node->location.line;
    origins_.given.emplace(name, node->location);
}

void SpecReader::boolean(FieldReader& fields, const std::string& key, bool& value, int32_t& line) {
    const YamlNode* node = fields.find(key);
    if (node == nullptr) return;
    const std::string name = fields.name_of(key);
    const std::optional<bool> read = read_boolean(*node, name, diagnostics_);
    if (!read) {
        origins_.bad.insert(name);
        return;
    }
    value = *read;
    line = node->location.line;
    origins_.given.emplace(name, node->location);
}

template <typename ReadFields>
void SpecReader::section(FieldReader& top, const std::string& key, const ReadFields& read_fields) {
    const YamlNode* node = top.find(key);
    if (node == nullptr) return;
    const std::vector<std::string>& keys = keys_of(key);
    const std::string example = fmt::format("{}: {{{}: ...}}", key, keys.front());
    if (!is_section(*node, "'" + key + "'", example, diagnostics_)) {
        // Its values are unknown: comparing the defaults with anything would mislead.
        for (const std::string& field : keys) origins_.bad.insert(key + "." + field);
        return;
    }
    FieldReader fields(*node, key, diagnostics_);
    read_fields(fields);
    fields.finish(unknown_key_hint);
}

void SpecReader::read_array(FieldReader& top) {
    const std::string example = "array: {rows: 16, cols: 16, dataflow: broadcast}";
    ArraySpec& array = spec_.array;
    const YamlNode* node = top.require("array", example);
    origins_.bad.insert({"array.rows", "array.cols"});  // until they are read
    if (node == nullptr || !is_section(*node, "'array'", example, diagnostics_)) return;

    FieldReader fields(*node, "array", diagnostics_);
    const auto required = [&](const std::string& key, int32_t& value, int32_t& line) {
        const YamlNode* field = fields.require(key, key + ": 16");
        integer(fields, field, key, {1, 64}, value, line);
        if (value != 0) origins_.bad.erase(fields.name_of(key));
    };
    required("rows", array.rows, spec_.lines.rows);
    required("cols", array.cols, spec_.lines.cols);
    if (const YamlNode* dataflow = fields.find("dataflow")) {
        const auto read =
            read_choice<Dataflow>(*dataflow, "array.dataflow", dataflow_names(), diagnostics_);
        if (!read) origins_.bad.insert("array.dataflow");
        array.dataflow = read.value_or(array.dataflow);
        spec_.lines.dataflow = dataflow->location.line;
        origins_.given.emplace("array.dataflow", dataflow->location);
    }
    array_option(fields, "depthwise", array.depthwise, spec_.lines.depthwise);
    array_option(fields, "tap_packing", array.tap_packing, spec_.lines.tap_packing);
    fields.finish(unknown_key_hint);
}

/// An option of the broadcast array: there it is the default, elsewhere it cannot be had.
void SpecReader::array_option(FieldReader& fields, const std::string& key, bool& value,
                              int32_t& line) {
    const bool is_broadcast = spec_.array.dataflow == Dataflow::kBroadcast;
    value = is_broadcast;
    const YamlNode* node = fields.find(key);
    if (node == nullptr) return;
    value = read_boolean(*node, fields.name_of(key), diagnostics_).value_or(value);
    line = node->location.line;
    if (is_broadcast || !value) return;
    Diagnostic& error =
        diagnostics_.error(DiagnosticId::kConflict, node->location,
                           fmt::format("'{}' needs the broadcast dataflow: a systolic array passes "
                                       "one vector on from column to column",
                                       fields.name_of(key)));
    const auto dataflow = origins_.given.find("array.dataflow");
    if (dataflow != origins_.given.end()) {
        error.notes.push_back({dataflow->second, "'array.dataflow' is weight_stationary here"});
    }
    error.notes.push_back({{}, fmt::format("leave '{}' out, or set it to false", key)});
}

void SpecReader::not_built(const YamlNode& node, const std::string& option) {
    diagnostics_
        .error(DiagnosticId::kNotBuilt, node.location,
               fmt::format("'{}' is not built by this version", option))
        .notes.push_back({{},
                          "the sparse block comes later; structured, block, zero_gating, codebook "
                          "and codecs are built"});
}

void SpecReader::read_sparsity(FieldReader& fields) {
    SparsitySpec& sparsity = spec_.sparsity;
    SpecLines& lines = spec_.lines;
    /// A word of a table; `none` is its first entry.
    const auto choice = [&](const std::string& key,
                            const std::vector<std::pair<std::string, int32_t>>& choices,
                            int32_t& value, int32_t& line) {
        const YamlNode* node = fields.find(key);
        if (node == nullptr) return;
        const auto read = read_choice<int32_t>(*node, fields.name_of(key), choices, diagnostics_);
        if (!read) {
            origins_.bad.insert(fields.name_of(key));
            return;
        }
        value = *read;
        line = node->location.line;
        origins_.given.emplace(fields.name_of(key), node->location);
    };
    int32_t structured = 0;
    choice("structured", {{"none", 0}, {"1:4", 104}, {"2:4", 204}, {"2:8", 208}, {"4:8", 408}},
           structured, lines.structured);
    sparsity.structured_n = structured / 100;
    sparsity.structured_m = structured % 100;
    choice("block", {{"none", 0}, {"8", 8}, {"16", 16}, {"32", 32}}, sparsity.block, lines.block);
    boolean(fields, "zero_gating", sparsity.zero_gating, lines.zero_gating);
    choice("codebook", {{"none", 0}, {"16", 16}, {"256", 256}}, sparsity.codebook, lines.codebook);
    boolean(fields, "codecs", sparsity.codecs, lines.codecs);
    if (const YamlNode* node = fields.find("unstructured")) {
        not_built(*node, "sparsity.unstructured");
    }
}

void SpecReader::read_name(const YamlNode* node) {
    if (node == nullptr) return;
    const auto name = read_text(*node, "name", "the name of the top module", diagnostics_);
    if (!name) return;
    const auto refuse = [&](const std::string& why) {
        diagnostics_
            .error(DiagnosticId::kBadValue, node->location,
                   fmt::format("'name' cannot be {}: {}", spec::quoted(*name), why))
            .notes.push_back({{},
                              fmt::format("allowed: a lower-case letter, then lower-case letters, "
                                          "digits and '_', at most {} characters",
                                          kLongestName)});
    };
    const std::string letters = "abcdefghijklmnopqrstuvwxyz";
    const size_t other = name->find_first_not_of(letters + "0123456789_");
    if (name->empty()) {
        refuse("it is empty");
    } else if (letters.find(name->front()) == std::string::npos) {
        refuse("it does not start with a lower-case letter");
    } else if (other != std::string::npos) {
        // The whole character, which may take several bytes.
        const std::string_view rest = std::string_view(*name).substr(other);
        refuse(fmt::format("it holds {}", spec::quoted(rest.substr(0, utf8_length(rest)))));
    } else if (name->size() > kLongestName) {
        refuse(fmt::format("it has {} characters", name->size()));
    } else if (is_verilog_reserved(*name)) {
        refuse("it is a reserved word of Verilog or SystemVerilog");
    } else if (name->starts_with("aw_")) {
        refuse("'aw_' is the prefix of the generator's own modules");
    }
    spec_.name = *name;
    spec_.lines.name = node->location.line;
}

void SpecReader::read_target(FieldReader& top) {
    const YamlNode* node = top.find("target");
    if (node == nullptr) return;
    const auto read = read_choice<Target>(*node, "target", target_names(), diagnostics_);
    if (!read) origins_.bad.insert("target");
    spec_.target = read.value_or(spec_.target);
    spec_.lines.target = node->location.line;
    origins_.given.emplace("target", node->location);
}

/// With two-port RAMs no two units meet in the weights, and in the sums only where the array reads
/// all the time.
void SpecReader::choose_banks() {
    if (!spec_.has_two_port_rams()) return;
    if (spec_.lines.weight_banks == 0) spec_.buffers.weight_banks = 1;
    if (spec_.lines.accumulator_banks == 0 && spec_.array.dataflow == Dataflow::kBroadcast)
        spec_.buffers.accumulator_banks = 1;
}

/// One text or a list of them; the nodes of those that were read.
std::vector<const YamlNode*> SpecReader::texts(FieldReader& fields, const YamlNode* node,
                                               const std::string& key, const std::string& wanted,
                                               std::vector<std::string>& values) {
    std::vector<const YamlNode*> read;
    if (node == nullptr) return read;
    const auto add = [&](const YamlNode& one) {
        const auto text = read_text(one, fields.name_of(key), wanted, diagnostics_);
        if (!text) return;
        values.push_back(*text);
        read.push_back(&one);
    };
    if (node->kind == YamlNode::Kind::kSequence) {
        for (const YamlNode& item : node->items) add(item);
    } else {
        add(*node);
    }
    return read;
}

void SpecReader::read_macros(FieldReader& fields) {
    MemorySpec& memories = spec_.memories;
    std::vector<std::string> files;
    const YamlNode* given = fields.find("library");
    if (given != nullptr && given->kind == YamlNode::Kind::kSequence && given->items.empty())
        diagnostics_.error(DiagnosticId::kBadValue, given->location,
                           "'memories.library' names no file");
    const std::vector<const YamlNode*> nodes =
        texts(fields, fields.require("library", "library: sram.lib"), "library",
              "a Liberty file of SRAM macros", files);
    for (size_t i = 0; i < files.size(); ++i) {
        const std::filesystem::path file = std::filesystem::path(folder_) / files[i];
        try {
            for (liberty::SramMacro& macro : liberty::read_sram_macros(file.string()))
                memories.macros.push_back(std::move(macro));
        } catch (const liberty::Error& error) {
            diagnostics_.error(DiagnosticId::kUnreadable, nodes[i]->location, error.what());
        }
    }
    std::set<std::string> cells = {spec_.name};
    for (const liberty::SramMacro& macro : memories.macros) {
        if (cells.insert(macro.cell).second && !macro.cell.starts_with("aw_")) continue;
        diagnostics_.error(
            DiagnosticId::kBadValue, nodes.front()->location,
            fmt::format("macro {} of {} has the name of another module", macro.cell, macro.file));
    }
    if (!nodes.empty()) origins_.given.emplace("memories.library", nodes.front()->location);
}

void SpecReader::read_macro_pins(FieldReader& fields) {
    MemorySpec& memories = spec_.memories;
    const auto pins = [&](const std::string& key, std::vector<std::string>& names,
                          const auto& has_pin, const char* what) {
        const std::vector<const YamlNode*> read =
            texts(fields, fields.find(key), key, "the name of a pin", names);
        for (size_t i = 0; i < read.size(); ++i) {
            if (memories.macros.empty() ||
                std::any_of(
                    memories.macros.begin(), memories.macros.end(),
                    [&](const liberty::SramMacro& macro) { return has_pin(macro, names[i]); }))
                continue;
            diagnostics_.error(DiagnosticId::kBadValue, read[i]->location,
                               fmt::format("'memories.{}': no macro of the library has {} {}", key,
                                           what, spec::quoted(names[i])));
        }
    };
    pins(
        "tie_high", memories.tie_high,
        [](const liberty::SramMacro& macro, const std::string& name) {
            return std::any_of(macro.idle_inputs.begin(), macro.idle_inputs.end(),
                               [&](const auto& input) { return input.first == name; });
        },
        "an unused input");
    pins(
        "active_low", memories.active_low,
        [](const liberty::SramMacro& macro, const std::string& name) {
            return name == macro.enable || name == macro.write_enable ||
                   name == macro.read_enable || name == macro.mask;
        },
        "an enable or mask");
}

Spec SpecReader::read(const YamlNode& root) {
    FieldReader top(root, "", diagnostics_);
    SpecLines& lines = spec_.lines;
    const Integer banks{0, 0, {1, 2, 4, 8}};
    read_name(top.require("name", "name: edge16"));
    read_target(top);
    spec_.target = target_.value_or(spec_.target);
    read_array(top);
    section(top, "arithmetic", [&](FieldReader& fields) {
        ArithmeticSpec& arithmetic = spec_.arithmetic;
        integer(fields, "accumulator_bits", {20, 32}, arithmetic.accumulator_bits,
                lines.accumulator_bits);
        if (const YamlNode* node = fields.find("on_overflow")) {
            const auto read = read_choice<OnOverflow>(*node, "arithmetic.on_overflow",
                                                      on_overflow_names(), diagnostics_);
            arithmetic.on_overflow = read.value_or(arithmetic.on_overflow);
            lines.on_overflow = node->location.line;
        }
    });
    section(top, "buffers", [&](FieldReader& fields) {
        BufferSpec& buffers = spec_.buffers;
        integer(fields, "activation_kib", {1, 4096}, buffers.activation_kib, lines.activation_kib);
        integer(fields, "weight_kib", {1, 4096}, buffers.weight_kib, lines.weight_kib);
        integer(fields, "accumulator_kib", {1, 1024}, buffers.accumulator_kib,
                lines.accumulator_kib);
        integer(fields, "activation_banks", banks, buffers.activation_banks,
                lines.activation_banks);
        integer(fields, "weight_banks", banks, buffers.weight_banks, lines.weight_banks);
        integer(fields, "accumulator_banks", banks, buffers.accumulator_banks,
                lines.accumulator_banks);
    });
    section(top, "sparsity", [&](FieldReader& fields) { read_sparsity(fields); });
    section(top, "vector", [&](FieldReader& fields) {
        integer(fields, "lanes", {1, 64}, spec_.vector.lanes, lines.lanes);
        boolean(fields, "elementwise", spec_.vector.elementwise, lines.elementwise);
        boolean(fields, "tables", spec_.vector.tables, lines.tables);
        boolean(fields, "serial", spec_.vector.serial, lines.serial);
    });
    section(top, "bus", [&](FieldReader& fields) {
        integer(fields, "data_bits", {0, 0, {32, 64, 128, 256, 512}}, spec_.bus.data_bits,
                lines.data_bits);
        integer(fields, "address_bits", {32, 64}, spec_.bus.address_bits, lines.address_bits);
        integer(fields, "outstanding", {1, 16}, spec_.bus.outstanding, lines.outstanding);
    });
    section(top, "control", [&](FieldReader& fields) {
        integer(fields, "queue_depth", {0, 0, {0, 1, 2, 4, 8, 16, 32}}, spec_.control.queue_depth,
                lines.queue_depth);
        boolean(fields, "counters", spec_.control.counters, lines.counters);
    });
    section(top, "pipeline", [&](FieldReader& fields) {
        boolean(fields, "product", spec_.pipeline.product, lines.product);
    });
    section(top, "memories", [&](FieldReader& fields) {
        read_macros(fields);
        read_macro_pins(fields);
    });
    top.finish(unknown_key_hint);

    choose_banks();
    check_conflicts(spec_, origins_, diagnostics_);
    // A default may not exceed what the array can use; a number that was asked for may not either,
    // but that is a conflict above.
    if (lines.lanes == 0) spec_.vector.lanes = spec_.vector.serial ? 1 : spec_.array.cols;
    // Narrow accumulators leave no room for the 32-bit sums of element-wise operators.
    if (lines.elementwise == 0 && (spec_.vector.serial || spec_.arithmetic.accumulator_bits < 32))
        spec_.vector.elementwise = false;
    if (lines.tables == 0 && spec_.vector.serial) spec_.vector.tables = false;
    return spec_;
}

SpecResult read_checked(SourceFile source, const std::string& file,
                        std::optional<Target> target = {}) {
    SpecResult result{std::nullopt, std::move(source.diagnostics)};
    if (!source.text) return result;
    const std::optional<YamlNode> root = read_yaml(*source.text, result.diagnostics);
    if (!root || !is_section(*root, "a spec", "name: edge16", result.diagnostics)) return result;
    const std::string folder = std::filesystem::path(file).parent_path().string();
    Spec spec = SpecReader(folder, result.diagnostics, target).read(*root);
    if (result.diagnostics.has_errors()) return result;
    spec.file = file_name(file);
    spec.sha256 = sha256_hex(source.bytes);
    result.spec = std::move(spec);
    return result;
}

}  // namespace

SpecResult read_spec(const std::string& path, std::optional<Target> target) {
    return read_checked(read_source_file(path), path, target);
}

SpecResult parse_spec(const std::string& file, const std::string& yaml) {
    return read_checked(check_source(file, yaml), file);
}

}  // namespace arraywright::spec
