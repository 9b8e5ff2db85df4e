// Latencies of the hardware that the cost model counts with, each with the place it was read from.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace arraywright::estimate {

/// A clock cycle of a run; cycle 0 is the first in which aw_run is in state RUN.
using Cycle = int64_t;
constexpr Cycle kNever = std::numeric_limits<Cycle>::max();

/// The memory behind the bus, as sim/README.md defines it; no random stalls.
struct MemoryTiming {
    int32_t latency_cycles = 20;
    int32_t write_latency_cycles = 1;
    double bandwidth = 1.0;  ///< beats a cycle in each direction
};

/// A word written to a FIFO (aw_fifo) or a token given (aw_tokens) is seen a cycle later; so is a
/// place that became free.
constexpr Cycle kVisible = 1;

/// aw_turns: idle_q, idle_qq.
constexpr Cycle kQuietCycles = 2;

/// aw_fetch: the first burst is offered in the cycle of start_i.
constexpr Cycle kFirstOffer = 0;
/// aw_fetch: valid_q follows the offer.
constexpr Cycle kOfferToAddress = 1;
constexpr int64_t kFetchBursts = 2;           ///< flight_q
constexpr int64_t kFetchBoundaryBytes = 256;  ///< to_boundary

/// aw_command_beats: a beat is read from the RAM, then joined to those before.
constexpr Cycle kFetchRamCycles = 2;

/// aw_fetch: load commands that must have sent all addresses before the next burst is offered, by
/// the bursts offered so far (SECOND_LOADS, the same on a narrow bus, THIRD_LOADS, LATER_LOADS).
constexpr int64_t kNarrowBeats = 4;  ///< more beats a command: a narrow bus
constexpr size_t kSecondLoads = 2, kThirdLoads = 4, kLaterLoads = 6;
constexpr size_t kLoadBursts = 16;  ///< ... or so many addresses

/// aw_segments: the first burst is valid this long after start_i.
constexpr Cycle kStartToBurst = 2;
/// aw_load, aw_store: running_q ends, and the next command may start, this long after the last
/// burst was taken; the command leaves its queue a cycle earlier.
constexpr Cycle kBurstToNextStart = 2;
/// aw_load: a beat is written from its register, the cycle after it was taken.
constexpr Cycle kTakeToWrite = 1;

/// aw_weight_decoder: its column register, one cycle more than a gearbox.
constexpr Cycle kDecoderCycles = 1;

/// aw_weight_buffer: refused_q[2], the array leaves a gap after so many refused cycles.
constexpr int32_t kStarvedRefusals = 4;

/// aw_store: AW to the first read (u_beats), read to its W beat (read_q, u_beat_fifo).
constexpr Cycle kAddressToRead = 1;
constexpr Cycle kReadToWrite = 2;
constexpr int64_t kStoreFifo = 4;  ///< FIFO_DEPTH

/// aw_sequencer: start_o, active_q, request_valid_q: the first step is granted.
constexpr Cycle kStartToStep = 2;
/// aw_sequencer, g_follow: a command that continues sums need not wait for an empty pipeline when
/// positions of both commands take more steps than this.
constexpr int64_t kFollowSteps = 16;
/// aw_sequencer, too_early: so many cycles behind the last step of a position, no step reads a sum
/// in the RAM of that position's.
constexpr Cycle kEndToRead = 2;
/// Granted step to step_valid, one more where window or packer stand before the array
/// (u_late_step), then sum_latency_cycles of the plan to chunk_valid.
constexpr Cycle kStepToArray = 1;
constexpr Cycle kWindowCycles = 1;
/// chunk_valid to the write of the sum: write_q of aw_accumulate_*.
constexpr Cycle kChunkToBuffer = 1;
/// aw_packer: last piece granted to the first step on its position (step register, vector, fill,
/// filled_q, ready_q); last step to the piece of the position that takes its place; idle cycles
/// behind a sum that continues (pause_q); positions in flight (count_q).
constexpr Cycle kPieceToStep = 5;
constexpr Cycle kDoneToPiece = 2;
constexpr Cycle kPackPause = 2;
constexpr size_t kPositions = 4, kBigPositions = 2;
/// chunk_done_q and u_chunk_done (generator/emit/top_array.cpp): chunk_valid to the tokens.
constexpr Cycle kChunkToTokens = 2;

/// aw_vector: start_o to the first issue; issue to the write of its results (issued_q, LANE_CYCLES,
/// u_results), more with lookup tables and from the last tap of a COMBINE; write to the tokens.
constexpr Cycle kStartToIssue = 1;
constexpr Cycle kIssueToResult = 10;
constexpr Cycle kTableCycles = 1;
constexpr Cycle kOperandCycles = 7;
constexpr Cycle kResultToTokens = 1;
constexpr int64_t kVectorFlight = 16, kVectorFlightElementwise = 24;  ///< DEPTH
/// aw_vector of vector_serial: READ to WRITE by way of TAKE, and of the 71 steps of SCALE when the
/// result is not raw. One result in flight; the command leaves its queue in DONE.
constexpr Cycle kSerialRaw = 2;
constexpr Cycle kSerialResult = kSerialRaw + 71;
constexpr int64_t kSerialFlight = 1;

}  // namespace arraywright::estimate
