#pragma once
// The lines of an extract of the audit trail. Each says everything of its row, so that the row can be read
// back byte by byte; there is one spelling of each row. docs/audit.md describes them. Thread: any.
#include <optional>
#include <string>
#include <string_view>

#include "sync/model/record.hpp"

namespace dirsync::cli {

enum class ExtractFormat { jsonl, csv, cef };
char const* to_text(ExtractFormat format);
/// Nothing when there is no format of that name.
std::optional<ExtractFormat> extract_format(std::string_view name);

/// What stands before the first row, with its line feed; empty but for CSV.
std::string head_of(ExtractFormat format);
/// With its line feed.
std::string line_of(ExtractFormat format, AuditRow const& row);
/// `line`: without its line feed. Nothing unless line_of() writes exactly this line.
std::optional<AuditRow> row_of(ExtractFormat format, std::string_view line);

// One format each; reading takes what looks like a line, row_of() compares.
std::string line_as_jsonl(AuditRow const& row);
std::optional<AuditRow> read_jsonl(std::string_view line);
std::string line_as_csv(AuditRow const& row);
/// Safe to open in a spreadsheet, and in one line.
std::string csv_cell(std::string const& value);
std::string head_as_csv();
std::optional<AuditRow> read_csv(std::string_view line);
std::string line_as_cef(AuditRow const& row);
std::optional<AuditRow> read_cef(std::string_view line);

}  // namespace dirsync::cli
