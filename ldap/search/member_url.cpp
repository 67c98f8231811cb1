#include "ldap/search/member_url.hpp"

#include <optional>

#include "ldap/connect/handles.hpp"
#include "ldap/errors.hpp"
#include "ldap/search/search.hpp"

namespace dirsync::ldap {
namespace {

using UrlPtr = std::unique_ptr<LDAPURLDesc, FreeWith<ldap_free_urldesc>>;

std::string text_or(char const* text, char const* otherwise) {
  return text == nullptr || *text == '\0' ? otherwise : text;
}

}  // namespace

Result<MemberUrl> parse_member_url(std::string const& url) {
  auto const bad = [](std::string what) { return Error{LdapErrc::bad_member_url, std::move(what)}; };
  LDAPURLDesc* raw = nullptr;
  auto const whole = url.find('\0') == std::string::npos;
  if (!whole || ldap_url_parse(url.c_str(), &raw) != LDAP_URL_SUCCESS) return bad("is not an LDAP URL");
  UrlPtr const parsed{raw};
  if (std::string_view{raw->lud_scheme} != "ldap") return bad("is not an ldap:// URL");
  if (raw->lud_host != nullptr && *raw->lud_host != '\0')
    return bad("names a server, " + std::string{raw->lud_host});
  if (raw->lud_crit_exts > 0) return bad("has an extension that must be understood");
  auto const left_out = raw->lud_scope == LDAP_SCOPE_DEFAULT;  // RFC 4516, 2
  auto const scope = left_out ? std::optional{Scope::base} : scope_of(raw->lud_scope);
  if (!scope) return bad("has another scope than base, one or sub");
  return MemberUrl{text_or(raw->lud_dn, ""), *scope, text_or(raw->lud_filter, "(objectClass=*)")};
}

}  // namespace dirsync::ldap
