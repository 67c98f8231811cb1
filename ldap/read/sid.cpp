#include "ldap/read/sid.hpp"

#include <charconv>

namespace dirsync::ldap {

std::optional<Sid> parse_sid(std::string_view bytes) {
  // Revision, count, six bytes of authority, then the sub-authorities, four bytes each, little-endian.
  constexpr std::size_t kHead = 8, kEach = 4, kMost = 15;
  auto const at = [bytes](std::size_t place) { return static_cast<unsigned char>(bytes[place]); };
  if (bytes.size() < kHead || at(0) != 1) return std::nullopt;
  auto const count = std::size_t{at(1)};
  if (count == 0 || count > kMost || bytes.size() != kHead + count * kEach) return std::nullopt;
  auto const last = bytes.size() - kEach;
  std::uint32_t rid = 0;
  for (auto place = bytes.size(); place > last; --place) rid = rid << 8 | at(place - 1);
  return Sid{std::string{bytes.substr(0, last)}, rid};
}

std::optional<std::uint32_t> parse_rid(std::string_view text) {
  std::uint32_t rid = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), rid);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return rid;
}

}  // namespace dirsync::ldap
