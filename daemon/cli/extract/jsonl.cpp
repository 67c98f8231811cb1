// JSON, one object a line: the fields of `log --json`, and `raw` with the bytes, in hexadecimal digits, of
// each field that is no UTF-8.
#include "daemon/cli/extract/formats.hpp"
#include "daemon/cli/extract/row_fields.hpp"
#include "daemon/cli/screen.hpp"
#include "sync/model/hex.hpp"
#include "sync/model/json.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
constexpr char kRaw[] = "raw";
}

std::string line_as_jsonl(AuditRow const& row) {
  boost::json::object object{{"seq", row.sequence}, {"time", rfc3339(row.time)}, {"run", row.run.value()}};
  boost::json::object raw;
  for (auto const& [name, value] : text_fields()) {
    object[name] = as_utf8(row.*value);
    if (!is_utf8(row.*value)) raw[name] = to_hex(row.*value);
  }
  if (!raw.empty()) object[kRaw] = std::move(raw);
  return with_escaped_controls(boost::json::serialize(object));
}

std::optional<AuditRow> read_jsonl(std::string_view line) {
  auto const document = parse_json(line);
  if (!document || !document->is_object()) return std::nullopt;
  auto const& object = document->get_object();
  auto const sequence = integer_at(object, "seq"), run = integer_at(object, "run");
  auto const time = parse_rfc3339(text_at(object, "time"));
  if (!sequence || !run || !time) return std::nullopt;
  AuditRow row;
  row.sequence = *sequence;
  row.time = *time;
  row.run = RunId{*run};
  for (auto const& [name, value] : text_fields()) row.*value = text_at(object, name);
  RawFields raw;
  for (auto const& [name, digits] : object_at(object, kRaw)) {
    auto bytes = digits.is_string() ? from_hex(std::string{digits.get_string()}) : std::nullopt;
    if (!bytes) return std::nullopt;
    raw.emplace_back(name, std::move(*bytes));
  }
  return restore(row, raw) ? std::optional{std::move(row)} : std::nullopt;
}

}  // namespace dirsync::cli
