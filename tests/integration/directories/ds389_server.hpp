#pragma once
#include <memory>
#include <string>

#include "tests/integration/directories/fixture.hpp"
#include "tests/support/ldap/ds389.hpp"

namespace dirsync::ldap {

struct Ds389Server {
  static constexpr char kSuffix[] = "dc=example,dc=com";
  static constexpr char kReader[] = "cn=dirsyncd,dc=example,dc=com";
  static constexpr char kReaderPassword[] = "reader";
  static constexpr char kPersonRdn[] = "uid";

  static std::unique_ptr<test::Ds389> start() {
    auto const ldif =
        std::string{
            "dn: dc=example,dc=com\nobjectClass: domain\ndc: example\n"
            "aci: (targetattr=\"*\")(version 3.0; acl \"dirsyncd reads\"; allow (read, search) "
            "userdn=\"ldap:///cn=dirsyncd,dc=example,dc=com\";)\n\n"
            "dn: cn=dirsyncd,dc=example,dc=com\nobjectClass: applicationProcess\n"
            "objectClass: simpleSecurityObject\ncn: dirsyncd\nuserPassword: reader\n\n"} +
        ServerFixture<Ds389Server>::area_ldif("crowd") + ServerFixture<Ds389Server>::crowd_ldif();
    return std::make_unique<test::Ds389>(test::Ds389::Options{.ldif = ldif});
  }
  static std::string person_lines(std::string const& name) {
    return "objectClass: inetOrgPerson\nuid: " + name + "\ncn: " + name + "\nsn: " + name + "\n";
  }
  static std::string group_lines(std::string const& name) {
    return "objectClass: groupOfNames\ncn: " + name + "\n";
  }
};
using Ds389Fixture = ServerFixture<Ds389Server>;

}  // namespace dirsync::ldap
