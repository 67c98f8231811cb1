// The searches of dynamic groups, which whoever may write a group can make up.
#include "ldap/search/member_url.hpp"

#include <string>

#include "tests/fuzz/target.hpp"

namespace dirsync::fuzz {
namespace {

/// RFC 4516, 2.1: whatever is not unreserved may be escaped.
std::string escaped(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string url;
  for (unsigned char const byte : text) {
    url.push_back('%');
    url.push_back(kDigits[byte >> 4U]);
    url.push_back(kDigits[byte & 15U]);
  }
  return url;
}

char const* scope_name(ldap::Scope scope) {
  if (scope == ldap::Scope::base) return "base";
  return scope == ldap::Scope::one ? "one" : "sub";
}

}  // namespace
}  // namespace dirsync::fuzz

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace dirsync;
  auto const parsed = ldap::parse_member_url(std::string{fuzz::as_text(data, size)});
  if (!parsed) return 0;
  auto const again = "ldap:///" + fuzz::escaped(parsed->base) + "??" + fuzz::scope_name(parsed->scope) + "?" +
                     fuzz::escaped(parsed->filter);
  auto const same = ldap::parse_member_url(again);
  fuzz::require(same && *same == *parsed);
  return 0;
}
