// Values of a spec that are fine alone but exclude each other. SPDX-License-Identifier: Apache-2.0
#include "generator/spec/spec_conflicts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "generator/spec/spec_names.hpp"

namespace arraywright::spec {
namespace {

struct Field {
    std::string name;
    int32_t value;
};

constexpr int32_t kKib = 1024;

int32_t divided_up(int32_t a, int32_t b) {
    return (a + b - 1) / b;
}

class Checker {
public:
    Checker(const FieldOrigins& origins, Diagnostics& diagnostics)
        : origins_(origins), diagnostics_(diagnostics) {}

    /// Whether none of `fields` was refused: only then can they be compared.
    bool can_compare(const std::vector<Field>& fields) const {
        return std::none_of(fields.begin(), fields.end(),
                            [&](const Field& f) { return origins_.bad.contains(f.name); });
    }

    /// At the first of `fields` that the file gives; the others become notes.
    void report(const std::vector<Field>& fields, const std::string& message,
                const std::string& remedy) {
        const auto is_given = [&](const Field& f) { return origins_.given.contains(f.name); };
        const auto at = std::find_if(fields.begin(), fields.end(), is_given);
        Diagnostic& error = diagnostics_.error(
            DiagnosticId::kConflict, at == fields.end() ? Location{} : origins_.given.at(at->name),
            message);
        for (const Field& field : fields) {
            if (at != fields.end() && field.name == at->name) continue;
            if (is_given(field)) {
                error.notes.push_back({origins_.given.at(field.name),
                                       fmt::format("'{}' is {} here", field.name, field.value)});
            } else {
                error.notes.push_back(
                    {{}, fmt::format("'{}' is {} by default", field.name, field.value)});
            }
        }
        error.notes.push_back({{}, remedy});
    }

private:
    const FieldOrigins& origins_;
    Diagnostics& diagnostics_;
};

/// One bank of a buffer and the bytes it must hold. `what` explains the need.
struct BankNeed {
    Field kib, banks;
    std::vector<Field> causes;
    int32_t needed_bytes;
    std::string what;
};

void check_bank(Checker& checker, const BankNeed& need) {
    std::vector<Field> fields = {need.kib, need.banks};
    fields.insert(fields.end(), need.causes.begin(), need.causes.end());
    if (!checker.can_compare(fields)) return;
    const int32_t bank_bytes = need.kib.value * kKib / need.banks.value;
    if (bank_bytes >= need.needed_bytes) return;
    checker.report(fields,
                   fmt::format("one bank holds {} * {} / {} = {} bytes, fewer than the {} of {}",
                               need.kib.value, kKib, need.banks.value, bank_bytes,
                               need.needed_bytes, need.what),
                   fmt::format("the smallest '{}' for this is {}", need.kib.name,
                               divided_up(need.needed_bytes * need.banks.value, kKib)));
}

void check_buffers(const Spec& spec, Checker& checker) {
    const Field rows{"array.rows", spec.array.rows};
    const Field cols{"array.cols", spec.array.cols};
    const BufferSpec& buffers = spec.buffers;

    check_bank(checker, {{"buffers.weight_kib", buffers.weight_kib},
                         {"buffers.weight_banks", buffers.weight_banks},
                         {rows, cols},
                         rows.value * cols.value,
                         "a weight tile, rows * cols"});

    // Activation banks need no check: the smallest, 1 KiB / 8, holds two words of the widest
    // array and of the widest bus, 2 * max(64, 512 / 8) bytes.
    check_bank(checker, {{"buffers.accumulator_kib", buffers.accumulator_kib},
                         {"buffers.accumulator_banks", buffers.accumulator_banks},
                         {cols},
                         2 * 4 * cols.value,
                         "two rows of cols accumulators, 2 * 4 * cols"});
}

/// Words, not numbers, exclude each other: a note says what the other one is.
class Refusal {
public:
    Refusal(const FieldOrigins& origins, Diagnostics& diagnostics)
        : origins_(origins), diagnostics_(diagnostics) {}

    void operator()(const char* field, const std::string& message, const char* other,
                    const std::string& note, const std::string& remedy) const {
        Diagnostic& error =
            diagnostics_.error(DiagnosticId::kConflict, origins_.given.at(field), message);
        const auto at = origins_.given.find(other);
        error.notes.push_back({at == origins_.given.end() ? Location{} : at->second, note});
        error.notes.push_back({{}, remedy});
    }

private:
    const FieldOrigins& origins_;
    Diagnostics& diagnostics_;
};

void check_target(const Spec& spec, const FieldOrigins& origins, Diagnostics& diagnostics) {
    const Refusal refuse(origins, diagnostics);
    if (spec.has_two_port_rams() && origins.given.contains("buffers.weight_banks") &&
        !origins.bad.contains("buffers.weight_banks") && spec.buffers.weight_banks != 1) {
        refuse("buffers.weight_banks",
               "the RAMs of this target read and write in one cycle: weight banks have no use",
               "target", fmt::format("'target' is {} here", name_of(spec.target)),
               "leave 'weight_banks' out, or set it to 1");
    }
    if (spec.has_two_port_rams() && origins.given.contains("memories.library")) {
        refuse("memories.library",
               "the block RAMs of this target are inferred: SRAM macros are for asic and generic",
               "target", fmt::format("'target' is {} here", name_of(spec.target)),
               "leave 'memories' out, or choose another target");
    }
    if (spec.pipeline.product && spec.array.dataflow == Dataflow::kBroadcast &&
        !origins.bad.contains("array.dataflow")) {
        refuse("pipeline.product",
               "'pipeline.product' needs the weight_stationary dataflow: a broadcast array has "
               "registers behind its multipliers anyway",
               "array.dataflow", "'array.dataflow' is broadcast",
               "leave 'product' out, or set it to false");
    }
    if (spec.pipeline.product && spec.sparsity.zero_gating) {
        refuse(
            "pipeline.product",
            "'pipeline.product' and 'sparsity.zero_gating' are two ways to place the register of "
            "a cell",
            "sparsity.zero_gating", "'sparsity.zero_gating' is true here", "use one of them");
    }
}

void check_lanes(const Spec& spec, const FieldOrigins& origins, Checker& checker) {
    const Field lanes{"vector.lanes", spec.vector.lanes};
    const Field cols{"array.cols", spec.array.cols};
    const bool is_asked_for = origins.given.contains(lanes.name);
    if (!is_asked_for || !checker.can_compare({lanes, cols}) || lanes.value <= cols.value) return;
    checker.report(
        {lanes, cols}, fmt::format("lanes {} exceed array.cols {}", lanes.value, cols.value),
        fmt::format("the array ends {} results at a time; more lanes would idle", cols.value));
}

void check_elementwise(const Spec& spec, const FieldOrigins& origins, Checker& checker) {
    const Field elementwise{"vector.elementwise", spec.vector.elementwise ? 1 : 0};
    const Field bits{"arithmetic.accumulator_bits", spec.arithmetic.accumulator_bits};
    const bool is_asked_for = origins.given.contains(elementwise.name) && spec.vector.elementwise;
    if (!is_asked_for || !checker.can_compare({elementwise, bits}) || bits.value == 32) return;
    checker.report({elementwise, bits},
                   fmt::format("element-wise operators need 32-bit sums, not {} bits", bits.value),
                   "set accumulator_bits to 32, or leave element-wise operators to the host");
}

/// A serial vector unit is the smallest one.
void check_serial(const Spec& spec, const FieldOrigins& origins, Diagnostics& diagnostics) {
    if (!spec.vector.serial) return;
    const Refusal refuse(origins, diagnostics);
    const auto conflict = [&](const char* key, const std::string& message,
                              const std::string& smallest) {
        refuse(fmt::format("vector.{}", key).c_str(), message, "vector.serial",
               "'vector.serial' is true here",
               fmt::format("leave '{}' out, or set it to {}", key, smallest));
    };
    const auto is_given = [&](const char* name) { return origins.given.contains(name); };
    if (is_given("vector.lanes") && spec.vector.lanes != 1) {
        conflict("lanes",
                 fmt::format("a serial vector unit has one lane, not {}", spec.vector.lanes), "1");
    }
    if (is_given("vector.elementwise") && spec.vector.elementwise)
        conflict("elementwise", "a serial vector unit has no element-wise operators", "false");
    if (is_given("vector.tables") && spec.vector.tables)
        conflict("tables", "a serial vector unit has no lookup tables", "false");
}

/// Groups of a structured pattern fill the rows; blocks and array divide one another.
void check_sparsity(const Spec& spec, Checker& checker) {
    const SparsitySpec& sparsity = spec.sparsity;
    const Field rows{"array.rows", spec.array.rows};
    const Field cols{"array.cols", spec.array.cols};
    const Field structured{"sparsity.structured", sparsity.structured_n};
    if (sparsity.structured() && checker.can_compare({structured, rows}) &&
        rows.value % sparsity.structured_n != 0) {
        checker.report({structured, rows},
                       fmt::format("array.rows {} is no multiple of the {} weights that a group of "
                                   "{}:{} keeps",
                                   rows.value, sparsity.structured_n, sparsity.structured_n,
                                   sparsity.structured_m),
                       fmt::format("choose a multiple of {} rows", sparsity.structured_n));
    }
    const Field block{"sparsity.block", sparsity.block};
    for (const Field& side : {rows, cols}) {
        if (block.value == 0 || !checker.can_compare({block, side})) continue;
        if (side.value % block.value == 0 || block.value % side.value == 0) continue;
        checker.report({block, side},
                       fmt::format("{} {} and blocks of {} do not divide one another", side.name,
                                   side.value, block.value),
                       "a block is a whole number of array tiles, or a tile of blocks");
    }
}

/// Their block tables are read while the command waits in its queue.
void check_queues(const Spec& spec, Checker& checker) {
    const Field depth{"control.queue_depth", spec.control.queue_depth};
    const Field codecs{"sparsity.codecs", spec.sparsity.codecs ? 1 : 0};
    if (depth.value != 0 || codecs.value == 0 || !checker.can_compare({depth, codecs})) return;
    checker.report({depth, codecs}, "coded activations need queues: queue_depth is 0",
                   "set queue_depth to 1 or more, or codecs to false");
}

}  // namespace

void check_conflicts(const Spec& spec, const FieldOrigins& origins, Diagnostics& diagnostics) {
    Checker checker(origins, diagnostics);
    check_buffers(spec, checker);
    check_lanes(spec, origins, checker);
    check_elementwise(spec, origins, checker);
    check_sparsity(spec, checker);
    check_queues(spec, checker);
    check_target(spec, origins, diagnostics);
    check_serial(spec, origins, diagnostics);
}

}  // namespace arraywright::spec
