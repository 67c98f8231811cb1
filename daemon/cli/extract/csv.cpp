// CSV (RFC 4180, with line feeds alone), safe to open in a spreadsheet: what could be taken for a formula has
// an apostrophe before it, and what begins with an apostrophe gets another.
#include "daemon/cli/extract/csv_cell.hpp"
#include "daemon/cli/extract/formats.hpp"
#include "daemon/cli/extract/raw_text.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
constexpr std::size_t kNumbers = 3;  // seq, time, run: columns that are no text fields

/// The value of the cell that `line` begins with, which is taken off it with the comma behind it.
std::string take_cell(std::string_view& line) {
  std::string value;
  auto is_quoted = line.starts_with('"');
  if (is_quoted) {
    line.remove_prefix(1);
  } else {
    value = line.substr(0, line.find(','));
    line.remove_prefix(value.size());
  }
  while (!line.empty()) {
    if (is_quoted && line.front() != '"') {
      auto const up_to_quote = line.substr(0, line.find('"'));
      value += up_to_quote;
      line.remove_prefix(up_to_quote.size());
      continue;
    }
    auto const c = line.front();
    line.remove_prefix(1);
    if (is_quoted && c == '"') {
      if (!line.starts_with('"')) {
        is_quoted = false;
        continue;
      }
      line.remove_prefix(1);
    } else if (!is_quoted && c == ',') {
      break;
    }
    value.push_back(c);
  }
  return without_csv_guards(value);
}
}  // namespace

std::string head_as_csv() {
  std::string line = "seq,time,run";
  for (auto const& field : text_fields()) line += "," + std::string{field.name};
  return line + ",raw";
}

std::string line_as_csv(AuditRow const& row) {
  auto line = std::to_string(row.sequence) + "," + rfc3339(row.time) + "," + std::to_string(row.run.value());
  for (auto const& field : text_fields()) (line += ',') += safe_csv_cell(row.*field.value);
  (line += ',') += safe_csv_cell(raw_text(row));
  return line;
}

std::optional<AuditRow> read_csv(std::string_view line) {
  std::vector<std::string> cells;
  cells.reserve(kNumbers + text_fields().size() + 1);
  for (std::size_t n = 0; n < kNumbers + text_fields().size() + 1; ++n) cells.push_back(take_cell(line));
  auto const sequence = parse_integer(cells[0]), run = parse_integer(cells[2]);
  auto const time = parse_rfc3339(cells[1]);
  auto const raw = read_raw_text(cells.back());
  if (!sequence || !time || !run || !raw) return std::nullopt;
  AuditRow row;
  row.sequence = *sequence;
  row.time = *time;
  row.run = RunId{*run};
  auto at = kNumbers;
  for (auto const& field : text_fields()) row.*field.value = std::move(cells[at++]);
  return restore(row, *raw) ? std::optional{std::move(row)} : std::nullopt;
}

}  // namespace dirsync::cli
