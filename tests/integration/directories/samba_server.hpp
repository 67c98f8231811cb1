#pragma once
#include <memory>
#include <string>

#include "tests/integration/directories/fixture.hpp"
#include "tests/support/ldap/samba_dc.hpp"

namespace dirsync::ldap {

struct SambaServer {
  static constexpr char kSuffix[] = "DC=example,DC=test";
  static constexpr char kReader[] = "dirsyncd@EXAMPLE.TEST";
  static constexpr char const* kReaderPassword = test::SambaDc::kPassword;
  static constexpr char kPersonRdn[] = "CN";

  static std::unique_ptr<test::SambaDc> start() {
    return std::make_unique<test::SambaDc>(test::SambaDc::Options{.ldif = domain_ldif()});
  }
  /// Account names are those of the whole domain, so they get a number.
  static std::string person_lines(std::string const& name) {
    return "objectClass: user\nsAMAccountName: " + name + next_number() +
           "\nunicodePwd:: IgBQAGEAcwBzAHcAMAByAGQALgAxACIA\nuserAccountControl: 512\n";  // kPassword
  }
  static std::string group_lines(std::string const& name) {
    return "objectClass: group\nsAMAccountName: " + name + next_number() + "\n";
  }

 private:
  static std::string next_number() {
    static int number = 0;
    return std::to_string(++number);
  }
  /// The account that reads, and the crowd.
  static std::string domain_ldif() {
    using Fixture = ServerFixture<SambaServer>;
    auto ldif =
        "dn: CN=dirsyncd,CN=Users,DC=example,DC=test\nobjectClass: user\nsAMAccountName: dirsyncd\n"
        "userAccountControl: 512\nclearTextPassword:: UABhAHMAcwB3ADAAcgBkAC4AMQA=\n\n" +  // kPassword
        Fixture::area_ldif("crowd");
    for (int number = 0; number < Fixture::kCrowd; ++number)
      ldif += "dn: " + Fixture::crowd_dn(number) + "\nobjectClass: contact\n\n";
    return ldif + Fixture::crowd_ldif();
  }
};
using SambaFixture = ServerFixture<SambaServer>;

}  // namespace dirsync::ldap
