#include "daemon/cli/extract/csv_cell.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "sync/model/text.hpp"

namespace dirsync::cli {

namespace {

/// Most values: nothing in them could be taken for a formula, or is not shown as it is.
bool needs_no_guard(std::string_view value) {
  constexpr std::string_view kFormulas = "=+-@'";
  auto const is_plain = [](char c) { return c >= ' ' && c <= '~' && c != kOtherSeparator; };
  return std::ranges::all_of(value, is_plain) &&
         (value.empty() || kFormulas.find(value.front()) == kFormulas.npos);
}

std::string guarded(std::string const& value) {
  /// The last four are the full-width forms of the first four, which some spreadsheets take as these.
  static constexpr std::array<std::string_view, 9> kGuarded{
      "=", "+", "-", "@", "'", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
  std::string text;
  auto begins = true;
  auto const shown = printable(value, std::string::npos);
  for (std::string_view rest = shown; !rest.empty(); rest.remove_prefix(1)) {
    if (begins && std::ranges::any_of(kGuarded, [rest](auto formula) { return rest.starts_with(formula); }))
      text.push_back(kCsvGuard);
    text.push_back(rest.front());
    begins = rest.front() == kOtherSeparator;
  }
  return text;
}

}  // namespace

std::string safe_csv_cell(std::string const& value) {
  auto text = needs_no_guard(value) ? value : guarded(value);
  if (text.find_first_of("\",") == std::string::npos) return text;
  for (auto at = text.find('"'); at != std::string::npos; at = text.find('"', at + 2))
    text.insert(at, 1, '"');
  text.insert(0, 1, '"');
  text.push_back('"');
  return text;
}

std::string without_csv_guards(std::string_view cell) {
  if (cell.find(kCsvGuard) == cell.npos) return std::string{cell};
  std::string value;
  auto begins = true;
  for (auto const c : cell) {
    if (!begins || c != kCsvGuard) value.push_back(c);
    begins = c == kOtherSeparator;
  }
  return value;
}

}  // namespace dirsync::cli
