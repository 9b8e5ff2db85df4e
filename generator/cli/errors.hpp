// Exit codes and the error that ends a command with one line. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace arraywright::cli {

/// What the process returns. Scripts rely on these numbers.
enum ExitCode {
    kPassed = 0,
    kInputWrong = 1,
    kUsageOrInternal = 2,
    kMismatch = 3,
    kOverflow = 4,
    kHang = 5,
    kInterrupted = 130,
};

/// A result cannot be written. `what` is the whole line for the user.
class OutputError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace arraywright::cli
