#include "daemon/cli/extract/csv_cell.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "sync/model/text.hpp"

namespace dirsync::cli {

std::string safe_csv_cell(std::string const& value) {
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
  if (text.find_first_of("\",") == std::string::npos) return text;
  std::string quoted = "\"";
  for (auto const c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string without_csv_guards(std::string_view cell) {
  std::string value;
  auto begins = true;
  for (auto const c : cell) {
    if (!begins || c != kCsvGuard) value.push_back(c);
    begins = c == kOtherSeparator;
  }
  return value;
}

}  // namespace dirsync::cli
