// Command set: the one table behind the RTL decoder, the compiler's encoder and the listing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace arraywright::isa {

/// A command is 16 words of 32 bits, little-endian.
constexpr int32_t kCommandBytes = 64;
constexpr int32_t kCommandWords = 16;

/// Units in token order.
enum class Unit : uint8_t { kLoad = 0, kCompute = 1, kVector = 2, kStore = 3 };
constexpr int32_t kUnits = 4;
std::string_view unit_name(Unit unit);

/// The vector unit executes two kinds of commands.
enum class Opcode : uint8_t { kLoad = 1, kCompute = 2, kVector = 3, kStore = 4, kCombine = 5 };
constexpr int32_t kOpcodes = 5;
std::string_view opcode_name(Opcode opcode);
Unit unit_of(Opcode opcode);

/// How wide a field is in one design: its width in the command, or a width of the plan. Fields
/// cut to a plan's width must have zeros above it, else BAD_FIELD; modular ones just wrap.
enum class Width {
    kField,
    kBusAddress,
    kBuffer,
    kActivation,
    kActivationModular,
    kColumnModular,
    kWeight,
    kAccumulator,
    kParameter,
    kLane,
    kColumns,
    kTarget,  ///< one bit less without lookup tables
    kTable,   ///< absent, then 0, without lookup tables
    kMode,    ///< absent, then 0, without window and packing
    kWindow,  ///< absent, then 0, without the depthwise window
    kStructured,
    kListed,
    kBitmap,
    kCodes,       ///< absent, then 0, without structured weights, block skip, codecs, codebook
    kTiles,       ///< a number of weight tiles; absent without any of these
    kCoded,       ///< absent, then 0, without codecs
    kCodedField,  ///< absent without codecs
    kSlot         ///< entries of the block table; absent without codecs
};

/// A field of a command; a field of more than 32 bits continues in the next word.
struct CommandField {
    std::string_view name;
    int32_t word;
    int32_t lsb;
    int32_t bits;
    Width width;
    bool nonzero;  ///< zero raises BAD_FIELD
    bool is_signed;
    std::string_view description;

    /// Modular: bits beyond the design's width mean nothing.
    bool wraps() const {
        return width == Width::kActivationModular || width == Width::kColumnModular;
    }
};

/// Fields of word 0, common to all commands: opcode, wait, signal, layer.
const std::vector<CommandField>& header_fields();
/// Fields of the commands of one opcode, beside the header.
const std::vector<CommandField>& command_fields(Opcode opcode);

/// A value that a field cannot hold.
class FieldOverflow : public std::out_of_range {
public:
    using std::out_of_range::out_of_range;
};

/// One encoded command.
class Command {
public:
    Command() = default;
    Command(Opcode opcode, int32_t layer);
    /// The command of `unit` with the unit's own name.
    Command(Unit unit, int32_t layer)
        : Command(static_cast<Opcode>(static_cast<int>(unit) + 1), layer) {}
    explicit Command(const uint8_t* bytes);  ///< reads kCommandBytes

    Opcode opcode() const;
    Unit unit() const { return unit_of(opcode()); }
    /// Sets a field by name; throws FieldOverflow when the value does not fit.
    void set(std::string_view field, int64_t value);
    int64_t get(std::string_view field) const;
    const std::array<uint32_t, kCommandWords>& words() const { return words_; }
    /// One line: unit, layer, tokens, fields that are not zero.
    std::string text() const;

private:
    std::array<uint32_t, kCommandWords> words_{};
};

}  // namespace arraywright::isa
