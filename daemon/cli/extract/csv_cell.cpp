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
  auto text = printable(value, std::string::npos);
  if (std::ranges::any_of(kGuarded, [&text](auto beginning) { return text.starts_with(beginning); }))
    text.insert(text.begin(), kCsvGuard);
  if (text.find_first_of("\",") == std::string::npos) return text;
  std::string quoted = "\"";
  for (auto const c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace dirsync::cli
