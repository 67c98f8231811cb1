// Distinguished names, as directories, targets and configurations write them.
#include "sync/model/dn.hpp"

#include <ldap.h>

#include <string>

#include "sync/model/schema.hpp"
#include "sync/model/text.hpp"
#include "tests/fuzz/target.hpp"

namespace dirsync::fuzz {
namespace {

/// As libldap understands RFC 4514; false as well: it takes more than that, such as names of types with
/// options, escaped bytes that are no UTF-8, and other white space than spaces.
bool is_dn(std::string const& text) {
  if (text.find_first_of(";\\#\r\n\t") != text.npos) return false;
  LDAPDN parsed = nullptr;
  auto const is = ldap_str2dn(text.c_str(), &parsed, LDAP_DN_FORMAT_LDAPV3) == LDAP_SUCCESS;
  ldap_dnfree(parsed);
  return is;
}

void climb(std::string const& normalized) {
  std::string_view at = normalized;
  while (auto const parent = parent_of(at)) {
    require(parent->size() < at.size());
    require(is_below(normalized, *parent));
    at = *parent;
  }
  require(at.empty());
}

}  // namespace
}  // namespace dirsync::fuzz

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace dirsync;
  std::string const text{fuzz::as_text(data, size)};
  static DnKeys const keys_of_server{builtin_schema()};
  auto const common = normalized_dn(text);
  auto const keys = keys_of_server.of(text);
  fuzz::require(common.has_value() == keys.has_value());
  if (common) {
    fuzz::require(keys->common == *common && keys->of_server() == *common);
    fuzz::climb(*common);
  } else {
    fuzz::require(text.find('\0') != text.npos || !is_utf8(text) || !fuzz::is_dn(text));
  }
  without_optional_uid(text);
  return 0;
}
