#pragma once
// Cells of CSV (RFC 4180) that are safe to open in a spreadsheet. Thread: any.
#include <string>
#include <string_view>

namespace dirsync::cli {

/// Stands before what could be taken for a formula, and before what begins with it: at the beginning of a
/// cell, and after each kOtherSeparator in it.
inline constexpr char kCsvGuard = '\'';
/// Parts cells for spreadsheets of countries that write decimal commas, whatever is quoted.
inline constexpr char kOtherSeparator = ';';

/// `value` as a cell, quoted where it must be. What is not printable, line ends and tabs among it, is `?`.
std::string safe_csv_cell(std::string const& value);
/// The value of such a cell, which is without its quotes already.
std::string without_csv_guards(std::string_view cell);

}  // namespace dirsync::cli
