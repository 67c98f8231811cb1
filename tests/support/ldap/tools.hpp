#pragma once
#include <string>
#include <utility>
#include <vector>

namespace dirsync::test {

struct LdapLogin {
  std::string uri, dn, password;
  std::string ca_file;
};

/// OpenLDAP's command line tools against one server, for what a test does to it or asks it without the code
/// under test. Throws std::runtime_error with the tool's words when the server refuses.
class LdapTools {
 public:
  explicit LdapTools(LdapLogin login) : login_(std::move(login)) {}

  /// Change records (RFC 2849); one without a changetype is an addition.
  void modify(std::string const& records) const;
  /// Entries as LDIF without folded lines; the whole subtree of `base`.
  std::string search(std::string const& base, std::string const& filter,
                     std::vector<std::string> const& attributes = {}) const;
  /// The root DSE's attributes, operational ones included.
  std::string root() const;
  /// The first value, as it stands in LDIF (base64 when not plain text); empty when there is none.
  std::string value(std::string const& dn, std::string const& attribute) const;
  /// Binds as somebody else; throws when that is refused.
  void bind_as(std::string const& dn, std::string const& password) const;

 private:
  std::string ask(std::string const& base, std::string const& scope, std::string const& filter,
                  std::vector<std::string> const& attributes) const;
  LdapLogin login_;
};

}  // namespace dirsync::test
