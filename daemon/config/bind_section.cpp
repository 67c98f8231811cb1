// How dirsyncd logs on to a directory.
#include <array>
#include <initializer_list>

#include "daemon/config/sections.hpp"

namespace dirsync::config {
namespace {

using Method = ldap::Bind::Method;

void refuse_keys(Section& section, std::initializer_list<char const*> keys, std::string const& method) {
  for (auto const* const key : keys) {
    section.find(key);
    if (section.has(key)) {
      section.problem(ConfigErrc::conflict, key,
                      section.key_path(key) + " has a meaning with method = \"" + method +
                          "\" only; remove it or change method");
    }
  }
}

/// MIT krb5, "Keytab file format": 5 and the version.
bool is_keytab(std::string const& content) {
  return content.starts_with("\x05\x01") || content.starts_with("\x05\x02");
}

/// It holds keys, and is kept like a secret.
std::string read_keytab(Section& section) {
  auto const path = section.text("keytab");
  if (!path) return {};
  if (!path->starts_with('/')) {
    section.problem(ConfigErrc::malformed, "keytab",
                    section.key_path("keytab") + " must be an absolute path");
    return {};
  }
  if (section.reading().secrets() == Secrets::leave) return *path;
  auto content = section.reading().environment().file(*path, privacy_of(section, *path));
  if (!content) {
    auto const insecure = content.error().code == ConfigErrc::insecure;
    section.problem(insecure ? ConfigErrc::insecure : ConfigErrc::unreadable, "keytab",
                    section.key_path("keytab") + ": " + content.error().context);
    return {};
  }
  if (!is_keytab(*content)) {
    section.problem(ConfigErrc::malformed, "keytab",
                    section.key_path("keytab") + ": " + *path +
                        " is no keytab; write one with kadmin's ktadd, or ktpass");
  }
  wipe(*content);
  return *path;
}

bool is_principal(std::string const& text) {
  auto const at = text.find('@');
  return at != text.npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == text.npos;
}

}  // namespace

ldap::Bind read_bind(Section section) {
  constexpr std::array<std::pair<std::string_view, Method>, 4> kMethods{{{"simple", Method::simple},
                                                                         {"external", Method::external},
                                                                         {"gssapi", Method::gssapi},
                                                                         {"anonymous", Method::anonymous}}};
  ldap::Bind bind;
  bind.method = section.choice<Method>("method", Method::simple, kMethods);
  if (bind.method == Method::simple) {
    bind.dn = read_dn(section, "dn",
                      "who dirsyncd logs on as, such as \"cn=dirsyncd,ou=services,dc=example,dc=com\"");
    bind.password = read_secret(section, "password");
  } else {
    refuse_keys(section, {"dn", "password"}, "simple");
  }
  if (bind.method == Method::gssapi) {
    bind.keytab = read_keytab(section);
    auto const principal = section.text("principal");
    bind.principal = principal.value_or("");
    if (principal && !is_principal(*principal)) {
      section.problem(ConfigErrc::malformed, "principal",
                      section.key_path("principal") + " is written \"NAME@REALM\"");
    }
  } else {
    refuse_keys(section, {"keytab", "principal"}, "gssapi");
  }
  return bind;
}

}  // namespace dirsync::config
