// The words of spec.yaml for enumerations: one table for reading and printing.
// SPDX-License-Identifier: Apache-2.0
#include "generator/spec/spec_names.hpp"

#include <stdexcept>

namespace arraywright::spec {
namespace {

template <typename Enum>
std::string found_name(const std::vector<std::pair<std::string, Enum>>& names, Enum wanted) {
    for (const auto& [name, value] : names) {
        if (value == wanted) return name;
    }
    throw std::logic_error("an enumeration value without a name");
}

}  // namespace

const std::vector<std::pair<std::string, Dataflow>>& dataflow_names() {
    static const std::vector<std::pair<std::string, Dataflow>> names = {
        {"broadcast", Dataflow::kBroadcast}, {"weight_stationary", Dataflow::kWeightStationary}};
    return names;
}

const std::vector<std::pair<std::string, OnOverflow>>& on_overflow_names() {
    static const std::vector<std::pair<std::string, OnOverflow>> names = {
        {"wrap", OnOverflow::kWrap},
        {"saturate", OnOverflow::kSaturate},
        {"trap", OnOverflow::kTrap}};
    return names;
}

const std::vector<std::pair<std::string, Target>>& target_names() {
    static const std::vector<std::pair<std::string, Target>> names = {{"generic", Target::kGeneric},
                                                                      {"xilinx7", Target::kXilinx7},
                                                                      {"ecp5", Target::kEcp5},
                                                                      {"ice40", Target::kIce40},
                                                                      {"asic", Target::kAsic}};
    return names;
}

std::string name_of(Dataflow dataflow) {
    return found_name(dataflow_names(), dataflow);
}
std::string name_of(OnOverflow on_overflow) {
    return found_name(on_overflow_names(), on_overflow);
}
std::string name_of(Target target) {
    return found_name(target_names(), target);
}

}  // namespace arraywright::spec
