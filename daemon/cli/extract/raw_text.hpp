#pragma once
// How formats without nested values keep what they cannot show: "name:digits" in hexadecimal, with spaces
// between. Thread: any.
#include <optional>
#include <string>
#include <string_view>

#include "daemon/cli/extract/row_fields.hpp"

namespace dirsync::cli {

/// Of all fields that are not plain; empty when all are.
std::string raw_text(AuditRow const& row);
std::optional<RawFields> read_raw_text(std::string_view text);

}  // namespace dirsync::cli
