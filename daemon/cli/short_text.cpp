#include "daemon/cli/short_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace dirsync::cli {
namespace {

constexpr std::size_t kShort = 12, kWhole = 64;
constexpr std::string_view kHex = "0123456789abcdef";

/// The byte that a pair of hexadecimal digits stands for.
std::optional<char> escaped_byte(std::string_view pair) {
  unsigned value = 0;
  auto const [end, failure] = std::from_chars(pair.data(), pair.data() + pair.size(), value, 16);
  if (pair.size() != 2 || failure != std::errc{} || end != pair.data() + pair.size()) return std::nullopt;
  return static_cast<char>(value);
}

}  // namespace

std::string short_digest(PlanDigest const& digest) { return digest.value().substr(0, kShort); }

std::string with_short_digests(std::string_view text) {
  std::string shortened;
  while (!text.empty()) {
    auto const start = std::min(text.find_first_of(kHex), text.size());
    shortened += text.substr(0, start);
    text.remove_prefix(start);
    auto const size = std::min(text.find_first_not_of(kHex), text.size());
    shortened += text.substr(0, size == kWhole ? kShort : size);
    text.remove_prefix(size);
  }
  return shortened;
}

std::string name_in_dn(std::string_view dn) {
  auto const equals = dn.find('=');
  if (equals == dn.npos) return std::string{dn};
  std::string name;
  for (auto at = equals + 1; at < dn.size() && dn[at] != ',' && dn[at] != '+'; ++at) {
    if (dn[at] != '\\' || at + 1 == dn.size()) {
      name.push_back(dn[at]);
      continue;
    }
    auto const byte = escaped_byte(dn.substr(at + 1, 2));
    name.push_back(byte.value_or(dn[at + 1]));
    at += byte ? 2 : 1;
  }
  return name.empty() ? std::string{dn} : name;
}

}  // namespace dirsync::cli
