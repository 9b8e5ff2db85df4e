// A file of the generated output. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace arraywright::emit {

/// `path` is relative to the output folder, with forward slashes.
struct File {
    std::string path;
    std::string text;
};

}  // namespace arraywright::emit
