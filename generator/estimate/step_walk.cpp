// Loop nest of the sequencer. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/step_walk.hpp"

#include <algorithm>

namespace arraywright::estimate {

StepWalk::StepWalk(const isa::Command& command, const plan::Plan& plan,
                   const ActivationBanks& banks, const compile::TileLists* lists)
    : activation_(banks),
      lists_(lists),
      mode_(command.get("mode")),
      windows_(command),
      stationary_(plan.weight_stationary),
      accumulate_(command.get("accumulate") != 0),
      lanes_(command.get("structured") != 0 ? plan.wide_rows() : plan.rows),
      tail_(command.get("tail") == 0 ? lanes_ : command.get("tail")),
      rows_(command.get("rows")),
      row_bytes_(command.get("row_bytes")),
      acc_addr_(command.get("acc_addr")),
      weight_addr_(command.get("weight_addr")),
      run_level_(plan.weight_stationary ? 2 : 0) {
    const bool window = mode_ == kWindowMode;
    const int64_t s = window ? 1 : command.get("count_s");
    const int64_t nkx = mode_ == kPlainMode ? command.get("count_kx") : 1;
    const int64_t nky = window ? 1 : command.get("count_ky");
    const int64_t nx = command.get("count_x"), ny = command.get("count_y");
    tiles_ = mode_ == kPackMode ? 1 : command.get("count_n");
    positions_ = nx * ny;
    chunks_ = s * nkx * nky;
    left_ = tiles_ * positions_ * chunks_;
    last_word_ = acc_addr_ + tiles_ * windows_.total() - 1;
    if (mode_ == kPackMode) last_word_ += (command.get("count_n") - 1) * command.get("kx_step");
    start_ = {command.get("act_start"), command.get("col_start"), command.get("row_start")};
    const Delta run = {lanes_, lanes_, 0};
    const Delta kx = {command.get("kx_step"), command.get("kx_step"), 0};
    const Delta ky = {command.get("ky_step"), 0, command.get("ky_rows")};
    const Delta x = {command.get("x_step"), command.get("x_step"), 0};
    const Delta y = {command.get("y_step"), 0, command.get("y_rows")};
    // The tiles of a window are of other input channels; all others read the same input.
    const Delta n = window ? kx : Delta{};
    if (stationary_) {
        delta_ = {x, y, run, kx, ky, n};
        count_ = {nx, ny, s, nkx, nky, tiles_};
    } else {
        delta_ = {run, kx, ky, x, y, n};
        count_ = {s, nkx, nky, nx, ny, tiles_};
    }
    at_ = start_;
    groups_ = footprint(command, plan);
    if (lists_ == nullptr) return;
    kx_ = kx;
    ky_ = ky;
    runs_per_row_ = nkx;
    run_chunks_ = s;
    int64_t tiles = 0;
    shortest_ = chunks_;
    for (const std::vector<compile::ListEntry>& list : *lists_) {
        list_starts_.push_back(tiles);
        tiles += static_cast<int64_t>(list.size());
        shortest_ = std::min(shortest_, static_cast<int64_t>(list.size()));
    }
    left_ = tiles * positions_;
    // The entries of a list are one level; where each lies is looked up.
    const size_t level = entry_level();
    delta_[level] = delta_[level + 1] = delta_[level + 2] = {};
    count_[level + 1] = count_[level + 2] = 1;
    begin_list(0);
    locate();
}

void StepWalk::begin_list(int64_t n) {
    count_[entry_level()] = static_cast<int64_t>((*lists_)[static_cast<size_t>(n)].size());
}

/// Whole groups between the lowest and the highest byte that a window inside the input can touch.
Banks StepWalk::footprint(const isa::Command& command, const plan::Plan& plan) const {
    int64_t reach = 0;
    const int64_t bits = plan.activation_address_bits;
    int64_t first = command.get("act_start") & ((int64_t{1} << bits) - 1);
    if (first >= int64_t{1} << (bits - 1)) first -= int64_t{1} << bits;  // before the buffer
    for (size_t level = 0; level < kLevels; ++level) {
        reach += delta_[level].address * (count_[level] - 1);
    }
    return activation_.groups(first, first + reach + lanes_ - 1);
}

Banks StepWalk::banks() const {
    if (at_.row < 0 || at_.row >= rows_) return 0;
    bool run_ends = index_[run_level_] == count_[run_level_] - 1;
    if (lists_ != nullptr) {
        const auto& list = (*lists_)[static_cast<size_t>(index_[5])];
        run_ends = list[static_cast<size_t>(index_[entry_level()])].s == run_chunks_ - 1;
    }
    const int64_t lanes = run_ends ? tail_ : lanes_;
    const int64_t first = std::clamp<int64_t>(-at_.column, 0, lanes_);
    const int64_t end = std::min(std::clamp<int64_t>(row_bytes_ - at_.column, 0, lanes_), lanes);
    if (first >= end) return 0;
    return activation_.of_byte(at_.address + first) | activation_.of_byte(at_.address + end - 1);
}

bool StepWalk::makes_step() const {
    if (mode_ == kPackMode) return false;
    // The last pixel of a command always makes a step, so that the command ends.
    return mode_ == kPlainMode || left_ == 1 || windows_.complete(index_[3], index_[4]);
}

bool StepWalk::reads_weights() const {
    if (mode_ == kPackMode) return false;
    if (stationary_) return new_tile();
    return mode_ == kPlainMode || (index_[3] == 0 && index_[4] == 0);
}

bool StepWalk::first_chunk() const {
    const size_t k = stationary_ ? 2 : 0;
    return index_[k] == 0 && index_[k + 1] == 0 && index_[k + 2] == 0;
}

bool StepWalk::last_chunk() const {
    const size_t k = stationary_ ? 2 : 0;
    return index_[k] == count_[k] - 1 && index_[k + 1] == count_[k + 1] - 1 &&
           index_[k + 2] == count_[k + 2] - 1;
}

bool StepWalk::pauses() const {
    if (!stationary_) return false;
    // After an odd number of positions the last and the next accumulator word share a RAM.
    return positions_ % 2 == 1 && index_[0] == count_[0] - 1 && index_[1] == count_[1] - 1;
}

int64_t StepWalk::accumulator_word() const {
    const int64_t position =
        stationary_ ? index_[1] * count_[0] + index_[0] : index_[4] * count_[3] + index_[3];
    return acc_addr_ + index_[5] * positions_ + position;
}

int64_t StepWalk::weight_tile() const {
    if (lists_ != nullptr) {
        return weight_addr_ + list_starts_[static_cast<size_t>(index_[5])] + index_[entry_level()];
    }
    const size_t k = stationary_ ? 2 : 0;
    const int64_t chunk = (index_[k + 2] * count_[k + 1] + index_[k + 1]) * count_[k] + index_[k];
    return weight_addr_ + index_[5] * chunks_ + chunk;
}

int64_t StepWalk::even_steps() const {
    if (mode_ == kPackMode) return 1;
    const bool single = lists_ != nullptr ? shortest_ == 1 : chunks_ == 1;
    if (!stationary_) return accumulate_ && single ? 1 : left_;
    const int64_t done = index_[1] * count_[0] + index_[0];
    // The last step of a tile may pause, the first of the next may wait for its gap.
    return std::max<int64_t>(1, positions_ - done - 1);
}

void StepWalk::carry() {
    size_t level = 0;
    while (++index_[level] == count_[level]) index_[level++] = 0;
    if (lists_ != nullptr) {
        if (level == 5) begin_list(index_[5]);
        locate();
    } else if (level == 0) {
        at_.address += delta_[0].address;
        at_.column += delta_[0].column;
        at_.row += delta_[0].row;
    } else {
        locate();
    }
}

void StepWalk::locate() {
    at_ = start_;
    for (size_t level = 0; level < kLevels; ++level) {
        at_.address += index_[level] * delta_[level].address;
        at_.column += index_[level] * delta_[level].column;
        at_.row += index_[level] * delta_[level].row;
    }
    if (lists_ == nullptr) return;
    const auto& list = (*lists_)[static_cast<size_t>(index_[5])];
    const compile::ListEntry& entry = list[static_cast<size_t>(index_[entry_level()])];
    const int64_t y = entry.run / runs_per_row_, x = entry.run % runs_per_row_;
    at_.address += y * ky_.address + x * kx_.address + entry.s * lanes_;
    at_.column += y * ky_.column + x * kx_.column + entry.s * lanes_;
    at_.row += y * ky_.row + x * kx_.row;
}

void StepWalk::skip(int64_t steps) {
    left_ -= steps;
    if (left_ == 0) return;
    if (lists_ != nullptr) {
        // To the end of the list, of the next one, and so on: their lengths differ.
        int64_t done = 0;
        for (size_t level = 5; level-- > 0;) done = done * count_[level] + index_[level];
        done += steps;
        for (int64_t all = positions_ * count_[entry_level()]; done >= all;
             all = positions_ * count_[entry_level()]) {
            done -= all;
            begin_list(++index_[5]);
        }
        index_ = {0, 0, 0, 0, 0, index_[5]};
        steps = done;
    }
    for (size_t level = 0; level < kLevels && steps > 0; ++level) {
        const int64_t sum = index_[level] + steps;
        index_[level] = sum % count_[level];
        steps = sum / count_[level];
    }
    locate();
}

}  // namespace arraywright::estimate
