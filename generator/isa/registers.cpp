// Register map table. SPDX-License-Identifier: Apache-2.0
#include "generator/isa/registers.hpp"

#include <stdexcept>
#include <string>

namespace arraywright::isa {

const std::vector<Register>& registers() {
    using enum Access;
    static const std::vector<Register> table = {
        {"ID", 0x000, kReadOnly, "Constant 0x41575247.", {}},
        {"VERSION", 0x004, kReadOnly, "Interface version: major in [31:16], minor in [15:0].", {}},
        {"CAP_ARRAY",
         0x008,
         kReadOnly,
         "Shape and arithmetic of the array.",
         {{"ROWS", 0, 8, "products summed by a column per cycle"},
          {"COLS", 8, 8, "columns"},
          {"WEIGHT_STATIONARY", 16, 1, "0 broadcast, 1 weight stationary"},
          {"ON_OVERFLOW", 17, 2, "0 wrap, 1 saturate, 2 trap"},
          {"ACCUMULATOR_BITS", 20, 6, "width of an accumulator"},
          {"LANES", 26, 6, "vector lanes minus one"}}},
        {"CAP_BUFFERS",
         0x00c,
         kReadOnly,
         "Activation and weight buffer sizes.",
         {{"ACTIVATION_KIB", 0, 16, "KiB"}, {"WEIGHT_KIB", 16, 16, "KiB"}}},
        {"CAP_MEMORY",
         0x010,
         kReadOnly,
         "Accumulator buffer and bus.",
         {{"ACCUMULATOR_KIB", 0, 16, "KiB"},
          {"BUS_BYTES", 16, 8, "bytes of one beat"},
          {"NO_COUNTERS", 24, 1, "the registers of counters and of the layer log are 0"}}},
        {"SPEC_HASH_LO", 0x018, kReadOnly, "SHA-256 of the spec file, bits [31:0].", {}},
        {"SPEC_HASH_HI", 0x01c, kReadOnly, "SHA-256 of the spec file, bits [63:32].", {}},
        {"CONTROL",
         0x040,
         kWriteOnly,
         "Doorbell and soft reset. Starting while busy or in error answers SLVERR.",
         {{"START", 0, 1, "run the program from PROGRAM_ADDR; clears counters and overflow"},
          {"SOFT_RESET", 1, 1, "stop, let the bus finish, return to idle; keeps the settings"}}},
        {"STATUS",
         0x044,
         kReadOnly,
         "State of the accelerator.",
         {{"BUSY", 0, 1, "a program runs"},
          {"DONE", 1, 1, "the last program ended without error"},
          {"ERROR", 2, 1, "stopped; see ERROR_CODE; left by SOFT_RESET"},
          {"RESETTING", 3, 1, "a soft reset waits for outstanding bus transactions"},
          {"OVERFLOW", 4, 1, "copy of OVERFLOW_STATUS.STICKY"}}},
        {"IRQ_ENABLE",
         0x048,
         kReadWrite,
         "Interrupt enables.",
         {{"DONE", 0, 1, "program ended"}, {"ERROR", 1, 1, "program stopped by an error"}}},
        {"IRQ_STATUS",
         0x04c,
         kWriteOneToClear,
         "Pending interrupts; irq_o is the OR of the enabled ones.",
         {{"DONE", 0, 1, "program ended"}, {"ERROR", 1, 1, "program stopped by an error"}}},
        {"PROGRAM_ADDR_LO",
         0x050,
         kReadWrite,
         "Address of the first command, 64-byte aligned.",
         {}},
        {"PROGRAM_ADDR_HI", 0x054, kReadWrite, "Address of the first command, bits [63:32].", {}},
        {"PROGRAM_COMMANDS", 0x058, kReadWrite, "Number of 64-byte commands.", {}},
        {"WATCHDOG_CYCLES",
         0x05c,
         kReadWrite,
         "Cycles without progress of any unit after which the program stops; 0 is off.",
         {}},
        {"ERROR_CODE", 0x060, kReadOnly, "First error since the last start or soft reset.", {}},
        {"ERROR_ADDR_LO", 0x064, kReadOnly, "Address that belongs to ERROR_CODE.", {}},
        {"ERROR_ADDR_HI", 0x068, kReadOnly, "Bits [63:32] of the address.", {}},
        {"UNIT_STATE",
         0x06c,
         kReadOnly,
         "Who waits for whom; frozen when an error is raised.",
         {{"LOAD_WAITS", 0, 4,
           "units whose token the load unit lacks: load, compute, vector, store"},
          {"COMPUTE_WAITS", 4, 4, "the same for the compute unit"},
          {"VECTOR_WAITS", 8, 4, "the same for the vector unit"},
          {"STORE_WAITS", 12, 4, "the same for the store unit"},
          {"BUSY", 16, 4, "units that execute a command"},
          {"FETCH_BUSY", 20, 1, "commands are still being fetched or dispatched"}}},
        {"OVERFLOW_STATUS",
         0x080,
         kReadOnly,
         "Accumulation overflow since the last start.",
         {{"STICKY", 0, 1, "an addition left the accumulator's range"},
          {"FIRST_IS_BIAS", 1, 1, "the first offender was the addition of the bias"}}},
        {"OVERFLOW_COUNT", 0x084, kReadOnly, "Additions that left the range, saturating.", {}},
        {"OVERFLOW_LAYER", 0x088, kReadOnly, "Layer of the first offender.", {}},
        {"OVERFLOW_CHANNEL", 0x08c, kReadOnly, "Output channel of the first offender.", {}},
        {"OVERFLOW_POSITION",
         0x090,
         kReadOnly,
         "Output position (row * output width + column) of the first offender.",
         {}},
        {"OVERFLOW_STEP",
         0x094,
         kReadOnly,
         "Step along the reduction of the first offender, from 0; the bias is the last step.",
         {}},
        {"LOG_LAYER", 0x098, kReadWrite, "Layer whose end LOG_CYCLE shows, 0 to 255.", {}},
        {"LOG_CYCLE",
         0x09c,
         kReadOnly,
         "Cycle, bits [31:0], in which the layer's last vector or combine command was complete; "
         "undefined for a layer without any.",
         {}},
        {"CYCLES_LO", 0x100, kReadOnly, "Cycles from the doorbell to the end of the program.", {}},
        {"CYCLES_HI", 0x104, kReadOnly, "Bits [47:32].", {}},
        {"COMPUTE_CYCLES_LO", 0x108, kReadOnly, "Cycles in which the array took a step.", {}},
        {"COMPUTE_CYCLES_HI", 0x10c, kReadOnly, "Bits [47:32].", {}},
        {"WAIT_LOAD_CYCLES_LO", 0x110, kReadOnly, "No step: compute waits for loaded data.", {}},
        {"WAIT_LOAD_CYCLES_HI", 0x114, kReadOnly, "Bits [47:32].", {}},
        {"WAIT_STORE_CYCLES_LO",
         0x118,
         kReadOnly,
         "No step: compute waits for the vector or store unit, or only they still work.",
         {}},
        {"WAIT_STORE_CYCLES_HI", 0x11c, kReadOnly, "Bits [47:32].", {}},
        {"COMMAND_CYCLES_LO", 0x120, kReadOnly, "No step: commands are being fetched.", {}},
        {"COMMAND_CYCLES_HI", 0x124, kReadOnly, "Bits [47:32].", {}},
        {"OTHER_CYCLES_LO", 0x128, kReadOnly, "No step: bank conflicts, pipeline fill.", {}},
        {"OTHER_CYCLES_HI", 0x12c, kReadOnly, "Bits [47:32].", {}},
        {"READ_BEATS_LO", 0x130, kReadOnly, "Bus beats read, commands included.", {}},
        {"READ_BEATS_HI", 0x134, kReadOnly, "Bits [47:32].", {}},
        {"WRITE_BEATS_LO", 0x138, kReadOnly, "Bus beats written.", {}},
        {"WRITE_BEATS_HI", 0x13c, kReadOnly, "Bits [47:32].", {}},
        {"VECTOR_RESULTS_LO", 0x140, kReadOnly, "Results written by the vector unit.", {}},
        {"VECTOR_RESULTS_HI", 0x144, kReadOnly, "Bits [47:32].", {}},
        {"WEIGHT_WAIT_CYCLES_LO",
         0x148,
         kReadOnly,
         "Of WAIT_LOAD: the next data to come is weights; the rest waits for inputs.",
         {}},
        {"WEIGHT_WAIT_CYCLES_HI", 0x14c, kReadOnly, "Bits [47:32].", {}},
        {"RESULT_WAIT_CYCLES_LO",
         0x150,
         kReadOnly,
         "Of WAIT_STORE: compute waits for results of the vector unit (read after write).",
         {}},
        {"RESULT_WAIT_CYCLES_HI", 0x154, kReadOnly, "Bits [47:32].", {}},
        {"HELD_CYCLES_LO",
         0x158,
         kReadOnly,
         "Of OTHER: the array keeps two weight tiles or two sums apart.",
         {}},
        {"HELD_CYCLES_HI", 0x15c, kReadOnly, "Bits [47:32].", {}},
        {"LIVE_MACS_LO",
         0x160,
         kReadOnly,
         "Multiplications of which no operand was zero; 0 without zero gating.",
         {}},
        {"LIVE_MACS_HI", 0x164, kReadOnly, "Bits [47:32].", {}},
    };
    return table;
}

bool is_counter(const Register& reg) {
    constexpr uint32_t kFirstCounter = 0x100;
    return reg.offset >= kFirstCounter || reg.name.starts_with("LOG_") ||
           (reg.name.starts_with("OVERFLOW_") && reg.name != "OVERFLOW_STATUS");
}

const std::vector<ErrorCode>& error_codes() {
    static const std::vector<ErrorCode> table = {
        {0, "NONE", "no error"},
        {1, "BAD_OPCODE", "unknown opcode; address of the command"},
        {2, "BAD_FIELD", "a field of a command is outside its range; address of the command"},
        {3, "TOKEN_OVERFLOW", "a token counter is full; address 0"},
        {4, "BUFFER_RANGE", "an access beyond a buffer; address of the command"},
        {5, "FETCH_SLVERR", "SLVERR on a command fetch; address of the burst"},
        {6, "FETCH_DECERR", "DECERR on a command fetch; address of the burst"},
        {7, "LOAD_SLVERR", "SLVERR on a load; address of the burst"},
        {8, "LOAD_DECERR", "DECERR on a load; address of the burst"},
        {9, "STORE_SLVERR", "SLVERR on a store; address of the burst"},
        {10, "STORE_DECERR", "DECERR on a store; address of the burst"},
        {11, "WATCHDOG", "no progress for WATCHDOG_CYCLES; see UNIT_STATE; address 0"},
        {12, "OVERFLOW", "an accumulation overflowed and on_overflow is trap; address 0"},
        {13, "BAD_PROGRAM", "PROGRAM_ADDR is not 64-byte aligned; the address"},
        {14, "BAD_DATA", "stored data is malformed; address of the load command"},
    };
    return table;
}

uint32_t register_offset(std::string_view name) {
    for (const Register& reg : registers()) {
        if (reg.name == name) return reg.offset;
    }
    throw std::out_of_range("no register called " + std::string(name));
}

std::string_view error_name(uint32_t code) {
    for (const ErrorCode& error : error_codes()) {
        if (error.code == code) return error.name;
    }
    return "UNKNOWN";
}

uint32_t error_value(std::string_view name) {
    for (const ErrorCode& error : error_codes()) {
        if (error.name == name) return error.code;
    }
    throw std::out_of_range("no error called " + std::string(name));
}

}  // namespace arraywright::isa
