#pragma once
#include <memory>
#include <string>

#include "tests/integration/directories/fixture.hpp"
#include "tests/support/ldap/slapd.hpp"

namespace dirsync::ldap {

struct OpenLdapServer {
  static constexpr char kSuffix[] = "dc=example,dc=com";
  static constexpr char kReader[] = "cn=dirsyncd,dc=example,dc=com";
  static constexpr char kReaderPassword[] = "reader";
  static constexpr char kPersonRdn[] = "uid";

  struct Running : test::Slapd {
    using Slapd::Slapd;
    test::LdapTools tools() const {
      return test::LdapTools{{uri(), "cn=admin,dc=example,dc=com", "secret", ca_file()}};
    }
  };
  static std::unique_ptr<Running> start() {
    auto const ldif = test::ldif_tree() +
                      "dn: cn=dirsyncd,dc=example,dc=com\nobjectClass: applicationProcess\n"
                      "objectClass: simpleSecurityObject\ncn: dirsyncd\nuserPassword: reader\n\n" +
                      ServerFixture<OpenLdapServer>::area_ldif("crowd") +
                      ServerFixture<OpenLdapServer>::crowd_ldif();
    return std::make_unique<Running>(test::Slapd::Options{
        .ldif = ldif,
        .access = {"access to attrs=userPassword by anonymous auth by * none",
                   std::string{"access to * by dn.exact=\""} + kReader + "\" read by anonymous auth"}});
  }
  static std::string person_lines(std::string const& name) {
    return "objectClass: inetOrgPerson\nuid: " + name + "\ncn: " + name + "\nsn: " + name + "\n";
  }
  static std::string group_lines(std::string const& name) {
    return "objectClass: groupOfNames\ncn: " + name + "\n";
  }
};

}  // namespace dirsync::ldap
