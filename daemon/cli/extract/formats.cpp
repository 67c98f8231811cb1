#include "daemon/cli/extract/formats.hpp"

#include "sync/model/assert.hpp"

namespace dirsync::cli {

char const* to_text(ExtractFormat format) {
  switch (format) {
    case ExtractFormat::jsonl:
      return "jsonl";
    case ExtractFormat::csv:
      return "csv";
    case ExtractFormat::cef:
      return "cef";
  }
  DIRSYNC_ASSERT(!"a format");
}

std::optional<ExtractFormat> extract_format(std::string_view name) {
  for (auto const format : {ExtractFormat::jsonl, ExtractFormat::csv, ExtractFormat::cef})
    if (name == to_text(format)) return format;
  return std::nullopt;
}

std::string head_of(ExtractFormat format) {
  return format == ExtractFormat::csv ? head_as_csv() + "\n" : std::string{};
}

std::string line_of(ExtractFormat format, AuditRow const& row) {
  switch (format) {
    case ExtractFormat::jsonl:
      return line_as_jsonl(row) + "\n";
    case ExtractFormat::csv:
      return line_as_csv(row) + "\n";
    case ExtractFormat::cef:
      return line_as_cef(row) + "\n";
  }
  DIRSYNC_ASSERT(!"a format");
}

std::optional<AuditRow> row_of(ExtractFormat format, std::string_view line) {
  auto row = format == ExtractFormat::jsonl ? read_jsonl(line)
             : format == ExtractFormat::csv ? read_csv(line)
                                            : read_cef(line);
  if (!row) return std::nullopt;
  auto const written = line_of(format, *row);
  if (written.size() != line.size() + 1 || !written.starts_with(line)) return std::nullopt;
  return row;
}

}  // namespace dirsync::cli
