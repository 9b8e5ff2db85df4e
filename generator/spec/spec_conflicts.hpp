// Values of a spec that are fine alone but exclude each other. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "generator/spec/diagnostics.hpp"
#include "generator/spec/spec.hpp"

namespace arraywright::spec {

/// Where each field ("array.rows") came from.
struct FieldOrigins {
    std::map<std::string, Location> given;  ///< written in the file, and valid
    std::set<std::string> bad;              ///< reported: nothing can be said about these
};

/// Reports conflicts at the field that is most likely to be changed, with notes at the others.
void check_conflicts(const Spec& spec, const FieldOrigins& origins, Diagnostics& diagnostics);

}  // namespace arraywright::spec
