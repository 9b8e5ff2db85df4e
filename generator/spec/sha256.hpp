// SHA-256 of a byte string (FIPS 180-4). SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace arraywright::spec {

/// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace arraywright::spec
