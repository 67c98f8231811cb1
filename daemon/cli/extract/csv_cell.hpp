#pragma once
// Cells of CSV (RFC 4180) that are safe to open in a spreadsheet. Thread: any.
#include <string>

namespace dirsync::cli {

/// Stands before a cell that could be taken for a formula, and before one that begins with it.
inline constexpr char kCsvGuard = '\'';

/// `value` as a cell, quoted where it must be. What is not printable, line ends and tabs among it, is `?`.
std::string safe_csv_cell(std::string const& value);

}  // namespace dirsync::cli
