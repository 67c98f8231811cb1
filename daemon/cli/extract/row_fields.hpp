#pragma once
// The fields of an audit row as people and other programs get to see them. Thread: any.
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sync/model/record.hpp"

namespace dirsync::cli {

struct RowField {
  char const* name;  // as docs/json.md has it
  std::string AuditRow::*value;
};

/// All that are text, in the order of docs/json.md: after `seq`, `time` and `run`.
std::span<RowField const> text_fields();

/// By name, what a format cannot show as it is.
using RawFields = std::vector<std::pair<std::string, std::string>>;

/// Puts the bytes of `raw` into the row's fields, in place of what was shown of them. False for a name that
/// is none.
bool restore(AuditRow& row, RawFields const& raw);

/// For formats of one line a row: nothing in `text` breaks the line, steers a terminal or is no text.
bool is_plain(std::string const& text);

}  // namespace dirsync::cli
