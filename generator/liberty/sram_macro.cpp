// Macros from their Liberty groups. SPDX-License-Identifier: Apache-2.0
#include "generator/liberty/sram_macro.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <initializer_list>
#include <map>

namespace arraywright::liberty {

namespace {

const Group* find_group(const Group& parent, const std::string& name) {
    const auto found = std::find_if(parent.groups.begin(), parent.groups.end(),
                                    [&](const Group& group) { return group.name == name; });
    return found == parent.groups.end() ? nullptr : &*found;
}

/// Whether a timing group of the pin or bus names `clock`.
bool is_timed_by(const Group& pin, const std::string& clock) {
    return std::any_of(pin.groups.begin(), pin.groups.end(), [&](const Group& group) {
        if (group.name == "timing") return group.attribute("related_pin") == clock;
        return group.name == "pin" && is_timed_by(group, clock);
    });
}

/// "WEN" of "A_WEN".
std::string last_part(const std::string& name) {
    std::string part = name.substr(name.rfind('_') + 1);
    std::transform(part.begin(), part.end(), part.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return part;
}

class MacroReader {
public:
    MacroReader(const std::string& file, const Group& library, const Group& cell)
        : file_(file), cell_(cell) {
        for (const Group& type : library.groups) {
            if (type.name == "type")
                widths_[type.title()] = std::atoi(type.attribute("bit_width").c_str());
        }
    }

    SramMacro read(const Group& memory) {
        macro_.cell = cell_.title();
        macro_.file = file_;
        macro_.area = std::atof(cell_.attribute("area").c_str());
        macro_.address_bits = std::atoi(memory.attribute("address_width").c_str());
        macro_.bits = std::atoi(memory.attribute("word_width").c_str());
        if (macro_.address_bits < 1 || macro_.address_bits > 30 || macro_.bits < 1)
            fail("its memory group has no address_width or no word_width");
        macro_.words = int64_t{1} << macro_.address_bits;
        read_data_ports();
        for (const Group& pin : cell_.groups) {
            const bool is_input = pin.attribute("direction") == "input";
            if ((pin.name != "pin" && pin.name != "bus") || !is_input) continue;
            const std::string name = pin.title();
            if (name == macro_.clock || name == macro_.address || name == macro_.write_data)
                continue;
            if (is_timed_by(pin, macro_.clock)) {
                control(pin);
            } else {
                macro_.idle_inputs.emplace_back(name, width(pin));
            }
        }
        if (macro_.write_enable.empty()) fail("it has no write enable (WE...) timed by its clock");
        if (macro_.enable.empty() && macro_.read_enable.empty())
            fail("it has neither an enable nor a read enable: what it has read would not hold");
        if (macro_.area <= 0) fail("it has no area");
        return macro_;
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw Error(fmt::format("{}: SRAM macro {}: {}", file_, cell_.title(), what));
    }

    int32_t width(const Group& pin) const {
        if (pin.name == "pin") return 1;
        const auto type = widths_.find(pin.attribute("bus_type"));
        if (type == widths_.end()) fail(fmt::format("{} has no type with a width", pin.title()));
        return type->second;
    }

    void check_width(const Group& bus, int32_t bits) const {
        if (width(bus) != bits)
            fail(fmt::format("bus {} has {} bits, its memory group says {}", bus.title(),
                             width(bus), bits));
    }

    /// A second port for tests may write, too: that of the address that is read counts.
    void read_data_ports() {
        for (const Group& bus : cell_.groups) {
            const Group* read = bus.name == "bus" ? find_group(bus, "memory_read") : nullptr;
            if (read == nullptr) continue;
            if (!macro_.read_data.empty()) fail("more than one port reads");
            macro_.read_data = bus.title();
            check_width(bus, macro_.bits);
            macro_.address = read->attribute("address");
        }
        for (const Group& bus : cell_.groups) {
            const Group* write = bus.name == "bus" ? find_group(bus, "memory_write") : nullptr;
            if (write == nullptr || write->attribute("address") != macro_.address) continue;
            if (!macro_.write_data.empty()) fail("more than one bus is written at its address");
            macro_.write_data = bus.title();
            check_width(bus, macro_.bits);
            macro_.clock = write->attribute("clocked_on");
        }
        if (macro_.write_data.empty() || macro_.clock.empty())
            fail("it has no bus with memory_write and one with memory_read of one address");
        for (const Group& bus : cell_.groups) {
            if (bus.name == "bus" && bus.title() == macro_.address)
                check_width(bus, macro_.address_bits);
        }
    }

    /// A pin that the clock samples is one of these, by its name.
    void control(const Group& pin) {
        const auto is_one_of =
            [part = last_part(pin.title())](std::initializer_list<const char*> names) {
                return std::any_of(names.begin(), names.end(),
                                   [&](const char* name) { return part == name; });
            };
        std::string* role = nullptr;
        const bool is_mask = width(pin) == macro_.bits &&
                             is_one_of({"BM", "BWE", "BWEN", "BWEB", "WEM", "WMASK", "MASK"});
        if (is_mask && macro_.bits > 1) {
            role = &macro_.mask;
        } else if (width(pin) != 1) {
            fail(
                fmt::format("bus {} is neither address nor data nor a mask (BM, BWE, BWEN, BWEB, "
                            "WEM, WMASK, MASK) of {} bits",
                            pin.title(), macro_.bits));
        } else if (is_one_of({"WE", "WEN", "WEB", "GWE", "GWEN", "WR"})) {
            role = &macro_.write_enable;
        } else if (is_one_of({"RE", "REN", "REB", "OE", "OEN"})) {
            role = &macro_.read_enable;
        } else if (is_one_of({"EN", "ME", "MEN", "CE", "CEN", "CEB", "CS", "CSN", "CSB"})) {
            role = &macro_.enable;
        } else {
            fail(
                fmt::format("{} is timed by the clock and none of the enables that are known "
                            "(WE, RE, CE and the like)",
                            pin.title()));
        }
        if (!role->empty())
            fail(fmt::format("{} and {} look like the same pin", *role, pin.title()));
        *role = pin.title();
    }

    const std::string& file_;
    const Group& cell_;
    std::map<std::string, int32_t> widths_;
    SramMacro macro_;
};

}  // namespace

std::vector<SramMacro> read_sram_macros(const std::string& file) {
    const Group library = read_liberty(file);
    std::vector<SramMacro> macros;
    for (const Group& cell : library.groups) {
        const Group* memory = cell.name == "cell" ? find_group(cell, "memory") : nullptr;
        if (memory != nullptr) macros.push_back(MacroReader(file, library, cell).read(*memory));
    }
    if (macros.empty())
        throw Error(fmt::format("{}: no cell of it has a memory group: no SRAM macro", file));
    return macros;
}

}  // namespace arraywright::liberty
