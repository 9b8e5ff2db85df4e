// Load and store commands. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/transfers.hpp"

namespace arraywright::compile {

namespace {

isa::Command one_run(isa::Unit unit, int32_t layer, int64_t address, int64_t buffer,
                     int64_t bytes) {
    isa::Command command(unit, layer);
    command.set("address", address);
    command.set("buffer", buffer);
    command.set("run_bytes", bytes);
    command.set("count_x", 1);
    command.set("count_y", 1);
    return command;
}

}  // namespace

isa::Command load_command(int32_t layer, LoadTarget target, int64_t address, int64_t buffer,
                          int64_t bytes) {
    isa::Command command = one_run(isa::Unit::kLoad, layer, address, buffer, bytes);
    command.set("target", target);
    command.set("cols", 1);
    return command;
}

void set_weight_form(isa::Command& load, const Layer& layer, const plan::Plan& plan,
                     int32_t columns, int64_t tiles) {
    load.set("cols", columns);
    if (!plan.decodes_weights()) return;
    load.set("listed", layer.form.listed ? 1 : 0);
    load.set("structured", layer.form.structured ? 1 : 0);
    load.set("bitmap", layer.form.bitmap ? 1 : 0);
    load.set("codes", layer.form.codes);
    load.set("tiles", tiles);
}

isa::Command store_command(int32_t layer, int64_t address, int64_t buffer, int64_t bytes) {
    return one_run(isa::Unit::kStore, layer, address, buffer, bytes);
}

}  // namespace arraywright::compile
