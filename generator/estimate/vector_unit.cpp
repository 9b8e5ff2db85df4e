// VECTOR and COMBINE commands. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/vector_unit.hpp"

#include <algorithm>

namespace arraywright::estimate {

ResultPort::ResultPort(Run& run)
    : run_(run),
      places_(run.plan.serial        ? kSerialFlight
              : run.plan.elementwise ? kVectorFlightElementwise
                                     : kVectorFlight) {}

void ResultPort::issue(Cycle from, ByteRange bytes, int32_t command) {
    const Banks banks = run_.activation.of_byte(bytes.first) | run_.activation.of_byte(bytes.last);
    if (results_.empty()) groups_ = 0;
    groups_ |= run_.activation.groups(bytes.first, bytes.last);
    places_.use();
    results_.push_back({banks, from, command});
}

Cycle ResultPort::requested() const {
    return results_.empty() ? kNever : std::max(results_.front().from, write_free_);
}

bool ResultPort::granted(Cycle now) {
    const int32_t command = results_.front().command;
    results_.pop_front();
    places_.release(now + kVisible);
    write_free_ = now + 1;
    if (command < 0) return false;
    LayerTrace& layer = run_.layer_of(command);
    layer.last_result = std::max(layer.last_result, now);
    run_.complete(isa::Unit::kVector, command, now + kResultToTokens);
    return true;
}

/// A VECTOR command follows another one at once; before and after a COMBINE the pipeline drains.
Cycle VectorUnit::ready() const {
    if (walk_) return kNever;
    if (held_) return results_.empty_from();
    Cycle head = run_.head_ready(isa::Unit::kVector);
    if (head == kNever) return kNever;
    head = std::max(head, start_free_);
    const auto command = static_cast<size_t>(run_.queue(isa::Unit::kVector).head());
    const bool drains = combined_ || run_.headers[command].combines;
    return drains ? std::max(head, results_.empty_from()) : head;
}

Cycle VectorUnit::latency(const isa::Command& command) const {
    if (run_.plan.serial) return command.get("raw") != 0 ? kSerialRaw : kSerialResult;
    return kIssueToResult + (run_.plan.tables ? kTableCycles : 0) +
           (combined_ ? kOperandCycles : 0);
}

void VectorUnit::act(Cycle now, Cycle) {
    if (held_) {
        held_ = false;
        run_.queue(isa::Unit::kVector).pop(now);
        return;
    }
    run_.start_head(isa::Unit::kVector);
    const auto command = static_cast<size_t>(run_.queue(isa::Unit::kVector).head());
    walk_.emplace(run_.commands[command], run_.plan);
    combined_ = walk_->combines();
    latency_ = latency(run_.commands[command]);
    const ByteRange results = walk_->all_results();
    groups_ = run_.activation.groups(results.first, results.last);
    if (combined_) {
        const ByteRange operands = walk_->all_operands();
        groups_ |= run_.activation.groups(operands.first, operands.last);
    } else {
        const isa::Command& vector = run_.commands[command];
        tables_ = (vector.get("use_bias") != 0 ? kBiasTable : 0) |
                  (vector.get("per_channel") != 0 ? kScaleTable : 0);
        groups_ |= tables_;
        run_.vector_reads = run_.accumulator.groups(walk_->first_word(), walk_->last_word());
    }
    issue_ = now + kStartToIssue;
}

Cycle VectorUnit::requested() const {
    return walk_ ? std::max(issue_, results_.room()) : kNever;
}

Banks VectorUnit::banks() const {
    if (!combined_) return tables_;
    const ByteRange bytes = walk_->operand();
    return run_.activation.of_byte(bytes.first) | run_.activation.of_byte(bytes.last);
}

bool VectorUnit::granted(Cycle now) {
    issue_ = now + 1;
    if (combined_) {
        if (walk_->step_tap()) return false;
    } else if ((run_.accumulator_traffic.at(now) &
                run_.accumulator.of_word(walk_->accumulator_word())) != 0) {
        return false;  // the accumulators come first
    }
    const int32_t command = run_.queue(isa::Unit::kVector).head();
    const ByteRange result = walk_->result();
    walk_->step();
    results_.issue(now + latency_, result, walk_->done() ? command : -1);
    if (!walk_->done()) return false;
    walk_.reset();
    run_.vector_reads = 0;
    start_free_ = now + 1;
    held_ = run_.plan.serial;
    if (!held_) run_.queue(isa::Unit::kVector).pop(now);
    return true;
}

}  // namespace arraywright::estimate
