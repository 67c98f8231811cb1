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

/// In one pass, for a row with nothing but printable ASCII, as most are; nothing for others. A trail is long,
/// and all of it is written anew to check an extract of it.
std::optional<std::string> plain_jsonl(AuditRow const& row) {
  std::string line;
  line.reserve(1024);
  line += "{\"seq\":" + std::to_string(row.sequence) + ",\"time\":\"" + rfc3339(row.time) +
          "\",\"run\":" + std::to_string(row.run.value());
  for (auto const& [name, value] : text_fields()) {
    line.append(",\"").append(name).append("\":\"");
    for (auto const c : row.*value) {
      if (c < ' ' || c > '~') return std::nullopt;
      if (c == '"' || c == '\\') line.push_back('\\');
      line.push_back(c);
    }
    line.push_back('"');
  }
  line.push_back('}');
  return line;
}

/// A line from left to right; every step says whether it goes on as expected.
class JsonlScanner {
 public:
  explicit JsonlScanner(std::string_view line) : rest_(line) {}
  bool is_at_end() const { return rest_.empty(); }
  bool take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  /// Up to the next comma.
  bool number(std::int64_t& value) {
    auto const digits = rest_.substr(0, rest_.find(','));
    auto const read = parse_integer(digits);
    rest_.remove_prefix(digits.size());
    value = read.value_or(0);
    return read.has_value();
  }
  /// What stands between quotation marks; false where anything but these and backslashes is escaped.
  bool text(std::string& value) {
    if (!take("\"")) return false;
    for (value.clear(); !rest_.empty(); rest_.remove_prefix(1)) {
      if (take("\"")) return true;
      if (take("\\") && !rest_.starts_with('"') && !rest_.starts_with('\\')) return false;
      value.push_back(rest_.front());
    }
    return false;
  }

 private:
  std::string_view rest_;
};

/// What plain_jsonl() writes; nothing for all else, which may be a line as well.
std::optional<AuditRow> read_plain_jsonl(std::string_view line) {
  JsonlScanner scanner{line};
  AuditRow row;
  std::int64_t run = 0;
  std::string time;
  if (!scanner.take("{\"seq\":") || !scanner.number(row.sequence) || !scanner.take(",\"time\":") ||
      !scanner.text(time) || !scanner.take(",\"run\":") || !scanner.number(run))
    return std::nullopt;
  for (auto const& [name, value] : text_fields())
    if (!scanner.take(",\"") || !scanner.take(name) || !scanner.take("\":") || !scanner.text(row.*value))
      return std::nullopt;
  auto const read = parse_rfc3339(time);
  if (!scanner.take("}") || !scanner.is_at_end() || !read) return std::nullopt;
  row.time = *read;
  row.run = RunId{run};
  return row;
}
}  // namespace

std::string line_as_jsonl(AuditRow const& row) {
  if (auto plain = plain_jsonl(row)) return *std::move(plain);
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
  if (auto plain = read_plain_jsonl(line)) return plain;
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
