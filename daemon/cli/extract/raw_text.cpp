#include "daemon/cli/extract/raw_text.hpp"

#include "sync/model/hex.hpp"

namespace dirsync::cli {

std::string raw_text(AuditRow const& row) {
  std::string text;
  for (auto const& [name, value] : text_fields())
    if (!is_plain(row.*value))
      text += (text.empty() ? "" : " ") + std::string{name} + ":" + to_hex(row.*value);
  return text;
}

std::optional<RawFields> read_raw_text(std::string_view text) {
  RawFields raw;
  while (!text.empty()) {
    auto const item = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    auto const colon = item.find(':');
    if (colon == item.npos) return std::nullopt;
    auto bytes = from_hex(item.substr(colon + 1));
    if (!bytes) return std::nullopt;
    raw.emplace_back(item.substr(0, colon), std::move(*bytes));
  }
  return raw;
}

}  // namespace dirsync::cli
