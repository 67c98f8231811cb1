#include "sync/model/rdn.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "sync/model/dn.hpp"
#include "sync/model/hex.hpp"

namespace dirsync {
namespace {

/// "a=b+c=d" -> its pairs, each normalized.
std::vector<std::string_view> pairs_of(std::string_view relative) {
  std::vector<std::string_view> pairs;
  std::size_t start = 0;
  for (std::size_t at = 0; at < relative.size(); ++at) {
    if (relative[at] == '\\') {
      ++at;
    } else if (relative[at] == '+') {
      pairs.push_back(relative.substr(start, at - start));
      start = at + 1;
    }
  }
  pairs.push_back(relative.substr(start));
  return pairs;
}

/// As text of a DN, whatever the value holds (RFC 4514, 2.4).
std::string pair_of(std::string_view attribute, std::string_view value) {
  auto text = std::string{attribute} + "=";
  for (auto const byte : value) text += "\\" + to_hex(std::string_view{&byte, 1});
  return text;
}

}  // namespace

std::optional<std::string_view> value_in_rdn(std::string_view normalized, std::string_view attribute,
                                             std::span<std::string_view const> values) {
  auto const parent = parent_of(normalized);
  if (!parent) return std::nullopt;
  auto const relative = normalized.substr(0, normalized.size() - parent->size() - (parent->empty() ? 0 : 1));
  auto const pairs = pairs_of(relative);
  auto const names_it = [&pairs, attribute](std::string_view value) {
    auto const pair = normalized_dn(pair_of(attribute, value));
    return pair && std::ranges::find(pairs, std::string_view{*pair}) != pairs.end();
  };
  auto const found = std::ranges::find_if(values, names_it);
  return found == values.end() ? std::nullopt : std::optional{*found};
}

std::string_view first_value(std::string_view dn) {
  auto end = dn.find(',');
  while (end != std::string_view::npos && end > 0 && dn[end - 1] == '\\') end = dn.find(',', end + 1);
  auto const part = dn.substr(0, end);
  auto const equals = part.find('=');
  return equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1);
}

}  // namespace dirsync
