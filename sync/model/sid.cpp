#include "sync/model/sid.hpp"

#include <algorithm>
#include <cstdint>

#include "sync/model/text.hpp"

namespace dirsync {
namespace {

/// The SID itself, of a principal of one domain.
std::optional<std::string> sid_in(std::string_view text) {
  constexpr std::string_view kDomain = "S-1-5-21-";
  auto const is_part = [](char c) { return c == '-' || ('0' <= c && c <= '9'); };
  if (text.size() <= kDomain.size() || !ascii_iequal(text.substr(0, kDomain.size()), kDomain) ||
      !std::ranges::all_of(text.substr(kDomain.size()), is_part))
    return std::nullopt;
  return std::string{kDomain} + std::string{text.substr(kDomain.size())};
}

}  // namespace

std::optional<std::string> sid_text(std::string_view bytes) {
  // Revision, count, six bytes of authority, big-endian, then the sub-authorities, four bytes each,
  // little-endian.
  constexpr std::size_t kAuthority = 2, kHead = 8, kEach = 4, kMost = 15;
  auto const at = [bytes](std::size_t place) { return static_cast<unsigned char>(bytes[place]); };
  if (bytes.size() < kHead || at(0) != 1) return std::nullopt;
  auto const count = std::size_t{at(1)};
  if (count == 0 || count > kMost || bytes.size() != kHead + count * kEach) return std::nullopt;
  std::uint64_t authority = 0;
  for (auto place = kAuthority; place < kHead; ++place) authority = authority << 8 | at(place);
  auto text = "S-1-" + std::to_string(authority);
  for (auto start = kHead; start < bytes.size(); start += kEach) {
    std::uint32_t part = 0;
    for (auto place = start + kEach; place > start; --place) part = part << 8 | at(place - 1);
    text += "-" + std::to_string(part);
  }
  return text;
}

std::optional<std::string> foreign_principal(std::string_view value) {
  constexpr std::string_view kNaming = "cn=", kContainer = "cn=foreignsecurityprincipals,";
  auto const lower = ascii_lower(value);
  if (!lower.starts_with(kNaming)) return sid_in(value);
  auto const end = lower.find(',');
  if (end == std::string::npos || !std::string_view{lower}.substr(end + 1).starts_with(kContainer))
    return std::nullopt;
  return sid_in(value.substr(kNaming.size(), end - kNaming.size()));
}

}  // namespace dirsync
