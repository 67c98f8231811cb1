// ArcSight's Common Event Format, version 0. In the header backslash and bar are escaped, in the values of
// the extension backslash and equals sign; line breaks do not occur, as a value with a control character is
// shown without it and kept in `raw`.
#include <algorithm>
#include <chrono>
#include <set>
#include <utility>
#include <vector>

#include "daemon/cli/extract/formats.hpp"
#include "daemon/cli/extract/raw_text.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

/// The key that a field has, and the label of keys that need one.
struct Key {
  std::string AuditRow::*value;
  char const* key;
  char const* label;  // "" for keys that the format itself names
};
constexpr Key kKeys[] = {
    {&AuditRow::phase, "cat", ""},       {&AuditRow::target, "destinationServiceName", ""},
    {&AuditRow::verb, "act", ""},        {&AuditRow::group, "cs1", "group"},
    {&AuditRow::principal, "duser", ""}, {&AuditRow::dn, "cs2", "dn"},
    {&AuditRow::id, "duid", ""},         {&AuditRow::rule, "cs3", "rule"},
    {&AuditRow::path, "cs4", "path"},    {&AuditRow::plan, "cs5", "plan"},
    {&AuditRow::actor, "suser", ""},     {&AuditRow::result, "outcome", ""},
    {&AuditRow::detail, "reason", ""},   {&AuditRow::previous, "flexString1", "prev"},
    {&AuditRow::hash, "cs6", "hash"}};
constexpr char kRawKey[] = "flexString2", kRawLabel[] = "raw";

/// Version of the layout, in the place of the device's version.
constexpr char kHeader[] = "CEF:0|dirsyncd|dirsyncd|1|";

std::string escaped(std::string const& value, char special) {
  auto text = printable(value, std::string::npos);
  char const specials[] = {'\\', special, '\0'};
  for (auto at = text.find_first_of(specials); at != std::string::npos;
       at = text.find_first_of(specials, at + 2))
    text.insert(at, 1, '\\');
  return text;
}

/// 0 to 10.
int severity(AuditRow const& row) {
  static std::set<std::string> const kFailed{"failed", "unknown", "refuse", "unmarked", "new-key"};
  static std::set<std::string> const kWaiting{"hold", "blocked", "skipped", "unverified"};
  return kFailed.contains(row.result) ? 7 : kWaiting.contains(row.result) ? 5 : 3;
}

std::string header(AuditRow const& row) {
  auto const kind = row.verb.empty() ? row.phase : row.phase + ":" + row.verb;
  auto const name = (row.verb.empty() ? row.phase : row.verb) + " " + row.result;
  return kHeader + escaped(kind, '|') + "|" + escaped(name, '|') + "|" + std::to_string(severity(row)) + "|";
}

void add_value(std::string& extension, std::string_view key, std::string const& value,
               std::string_view label) {
  if (value.empty()) return;
  (((extension += ' ') += key) += '=') += escaped(value, '=');
  if (!label.empty()) (((extension += ' ') += key) += "Label=") += label;
}

/// What a line has, by key; a few, so that looking through them is quick.
class Values {
 public:
  void add(std::string key, std::string value) { all_.emplace_back(std::move(key), std::move(value)); }
  /// That of the last of the key; empty where there is none. It may be moved from.
  std::string& of(std::string_view key) {
    auto const found = std::ranges::find(all_.rbegin(), all_.rend(), key, &Value::first);
    return found == all_.rend() ? none_ : found->second;
  }

 private:
  using Value = std::pair<std::string, std::string>;
  std::vector<Value> all_;
  std::string none_;
};

/// An equals sign without a backslash ends a key; what stands before the key's space
/// belongs to the value before it.
Values values_in(std::string_view extension) {
  Values values;
  std::string text, key;
  for (std::size_t at = 0; at < extension.size(); ++at) {
    auto const plain = extension.substr(at, extension.substr(at).find_first_of("\\="));
    text += plain;
    at += plain.size();
    if (at == extension.size()) break;
    auto const c = extension[at];
    if (c == '\\' && at + 1 < extension.size()) {
      text.push_back(extension[++at]);
    } else if (c == '=') {
      auto const space = text.rfind(' ');
      auto const start = space == text.npos ? 0 : space + 1;
      if (!key.empty()) values.add(key, text.substr(0, space == text.npos ? 0 : space));
      key = text.substr(start);
      text.clear();
    } else {
      text.push_back(c);
    }
  }
  if (!key.empty()) values.add(key, text);
  return values;
}

/// What follows the header's seven bars.
std::string_view extension_of(std::string_view line) {
  auto bars = 7;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\')
      ++at;
    else if (line[at] == '|' && --bars == 0)
      return line.substr(at + 1);
  }
  return {};
}
}  // namespace

std::string line_as_cef(AuditRow const& row) {
  using std::chrono::milliseconds;
  auto const since_1970 = std::chrono::floor<milliseconds>(row.time).time_since_epoch();
  auto extension = "externalId=" + std::to_string(row.sequence) +
                   " rt=" + std::to_string(since_1970.count()) + " cn1=" + std::to_string(row.run.value()) +
                   " cn1Label=run";
  for (auto const& [value, key, label] : kKeys) add_value(extension, key, row.*value, label);
  add_value(extension, kRawKey, raw_text(row), kRawLabel);
  return header(row) + extension;
}

std::optional<AuditRow> read_cef(std::string_view line) {
  auto values = values_in(extension_of(line));
  auto const sequence = parse_integer(values.of("externalId")), time = parse_integer(values.of("rt")),
             run = parse_integer(values.of("cn1"));
  auto const raw = read_raw_text(values.of(kRawKey));
  // As far as the system clock reaches.
  constexpr std::int64_t kEarliest = -9'223'372'036'854, kLatest = 9'223'372'036'854;
  if (!sequence || !time || !run || !raw || *time < kEarliest || *time > kLatest) return std::nullopt;
  AuditRow row;
  row.sequence = *sequence;
  row.time = Time{} + std::chrono::milliseconds{*time};
  row.run = RunId{*run};
  for (auto const& [value, key, label] : kKeys) row.*value = std::move(values.of(key));
  return restore(row, *raw) ? std::optional{std::move(row)} : std::nullopt;
}

}  // namespace dirsync::cli
