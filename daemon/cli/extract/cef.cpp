// ArcSight's Common Event Format, version 0. In the header backslash and bar are escaped, in the values of
// the extension backslash and equals sign; line breaks do not occur, as a value with a control character is
// shown without it and kept in `raw`.
#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <string_view>
#include <utility>

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
constexpr char kSequenceKey[] = "externalId", kTimeKey[] = "rt", kRunKey[] = "cn1", kRunLabel[] = "run";
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

/// A value as it was before escaped().
std::string unescaped(std::string_view value) {
  std::string text;
  text.reserve(value.size());
  for (auto at = value.find('\\'); at != value.npos && at + 1 < value.size(); at = value.find('\\')) {
    (text += value.substr(0, at)) += value[at + 1];
    value.remove_prefix(at + 2);
  }
  return text += value;
}

/// The values of the keys that are read, in the line; of one that comes twice the last.
class Values {
 public:
  void add(std::string_view key, std::string_view value) {
    if (key.ends_with("Label")) return;
    // They come in the order of kRead, so that the next is mostly the one.
    for (std::size_t passed = 0; passed < kRead.size(); ++passed) {
      auto const at = (next_ + passed) % kRead.size();
      if (kRead[at] != key) continue;
      values_[at] = value;
      next_ = at + 1;
      return;
    }
  }
  /// Empty where there is none.
  std::string of(std::string_view key) const {
    return unescaped(values_[static_cast<std::size_t>(std::ranges::find(kRead, key) - kRead.begin())]);
  }

 private:
  static constexpr auto kRead = [] {
    std::array<std::string_view, std::size(kKeys) + 4> keys{kSequenceKey, kTimeKey, kRunKey};
    std::ranges::transform(kKeys, keys.begin() + 3, [](Key const& key) { return std::string_view{key.key}; });
    keys.back() = kRawKey;
    return keys;
  }();
  std::array<std::string_view, kRead.size()> values_;
  std::size_t next_ = 0;
};

/// Whether an odd number of backslashes stands at the end.
bool ends_escaping(std::string_view text) {
  auto const last = text.find_last_not_of('\\');
  return (last == text.npos ? text.size() : text.size() - last - 1) % 2 == 1;
}

/// An equals sign without a backslash ends a key; what stands before the key's space
/// belongs to the value before it. Points into `extension`.
Values values_in(std::string_view extension) {
  Values values;
  std::string_view key;
  std::size_t begun = 0;  // where what follows the key does
  for (auto at = extension.find('='); at != extension.npos; at = extension.find('=', at + 1)) {
    auto const text = extension.substr(begun, at - begun);
    if (ends_escaping(text)) continue;
    auto const space = text.rfind(' ');
    if (!key.empty()) values.add(key, text.substr(0, space == text.npos ? 0 : space));
    key = space == text.npos ? text : text.substr(space + 1);
    begun = at + 1;
  }
  if (!key.empty()) values.add(key, extension.substr(begun));
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
  auto extension = kSequenceKey + ("=" + std::to_string(row.sequence));
  add_value(extension, kTimeKey, std::to_string(since_1970.count()), "");
  add_value(extension, kRunKey, std::to_string(row.run.value()), kRunLabel);
  for (auto const& [value, key, label] : kKeys) add_value(extension, key, row.*value, label);
  add_value(extension, kRawKey, raw_text(row), kRawLabel);
  return header(row) + extension;
}

std::optional<AuditRow> read_cef(std::string_view line) {
  auto const values = values_in(extension_of(line));
  auto const sequence = parse_integer(values.of(kSequenceKey)), time = parse_integer(values.of(kTimeKey)),
             run = parse_integer(values.of(kRunKey));
  auto const raw = read_raw_text(values.of(kRawKey));
  // As far as the system clock reaches.
  constexpr std::int64_t kEarliest = -9'223'372'036'854, kLatest = 9'223'372'036'854;
  if (!sequence || !time || !run || !raw || *time < kEarliest || *time > kLatest) return std::nullopt;
  AuditRow row;
  row.sequence = *sequence;
  row.time = Time{} + std::chrono::milliseconds{*time};
  row.run = RunId{*run};
  for (auto const& [value, key, label] : kKeys) row.*value = values.of(key);
  return restore(row, *raw) ? std::optional{std::move(row)} : std::nullopt;
}

}  // namespace dirsync::cli
