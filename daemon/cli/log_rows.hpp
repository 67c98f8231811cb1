#pragma once
// How `log` writes rows of the audit trail.
#include <string>
#include <vector>

#include "daemon/cli/arguments.hpp"
#include "sync/model/record.hpp"

namespace dirsync::cli {

enum class RowForm { table, json, csv };
/// Of --json and --format.
RowForm row_form(Arguments const& arguments);

/// Names of the columns of a table, and its cells; not printable yet.
std::vector<std::string> table_head();
std::vector<std::string> table_row(AuditRow const& row);

/// A row on a line of its own, without the line feed; of a table with two spaces between cells, and a dash in
/// the place of an empty one. Printable but for JSON, in which control characters are still to be escaped.
std::string row_line(RowForm form, AuditRow const& row);
/// The line before the first row; empty where there is none.
std::string head_line(RowForm form);

/// Writes a line of row_line() to standard output.
void show_row_line(RowForm form, std::string const& line);

}  // namespace dirsync::cli
