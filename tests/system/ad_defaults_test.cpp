// What is taken for a person in Active Directory, and how people are called there, when nothing is
// configured.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/ldap/ldif.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char kUsers[] = "cn=Users,dc=example,dc=com";
constexpr unsigned kOrdinary = 805306368, kMachine = 805306369, kTrust = 805306370;

std::vector<std::string> ad_schema() {
  auto const type = [](std::string const& oid, std::string const& name, std::string const& rule,
                       std::string const& syntax) {
    return "attributetype ( 1.2.840.113556.1.4." + oid + " NAME '" + name + "' EQUALITY " + rule +
           " SYNTAX 1.3.6.1.4.1.1466.115.121.1." + syntax + " SINGLE-VALUE )";
  };
  auto const number = [&type](std::string const& oid, std::string const& name) {
    return type(oid, name, "integerMatch", "27");
  };
  return {
      "attributetype ( 1.3.6.1.4.1.99999.3.1 NAME 'supportedCapabilities' EQUALITY "
      "objectIdentifierMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
      type("2", "objectGUID", "octetStringMatch", "40"),
      type("146", "objectSid", "octetStringMatch", "40"),
      type("221", "sAMAccountName", "caseIgnoreMatch", "15"),
      number("8", "userAccountControl"),
      number("98", "primaryGroupID"),
      number("302", "sAMAccountType"),
      "objectclass ( 1.2.840.113556.1.3.23 NAME 'container' SUP top STRUCTURAL MUST cn )",
      "objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP top STRUCTURAL MUST ( cn $ sAMAccountName ) "
      "MAY ( objectGUID $ objectSid $ userAccountControl $ primaryGroupID $ sAMAccountType ) )",
      "objectclass ( 1.2.840.113556.1.5.8 NAME 'group' SUP top STRUCTURAL MUST ( cn $ sAMAccountName ) "
      "MAY ( objectGUID $ objectSid $ member $ sAMAccountType ) )"};
}

/// slapd that says in its root DSE to be a domain controller.
class GivenAnActiveDirectory : public World {
 protected:
  void SetUp() override {
    auto const root = folder_.path() / "root.ldif";
    std::ofstream{root} << "dn:\nsupportedCapabilities: 1.2.840.113556.1.4.800\n";
    slapd_options_.global_lines = ad_schema();
    slapd_options_.global_lines.push_back("rootDSE " + root.string());
    configuration.groups_base = kUsers;
    configuration.directory_keys = "flavour = \"ad\"\n";
    World::SetUp();
    modify_directory(std::string{"dn: "} + kUsers + "\nchangetype: add\nobjectClass: container\n");
    add_user("Anna A", "anna", kOrdinary);
    add_user("Bert B", "bert", kOrdinary);
    add_user("CHILD1$", "CHILD1$", kTrust);
    add_user("PC7$", "PC7$", kMachine);
    modify_directory(entry("pam-hangar", "pam-hangar", "group", 536870912) + "member: cn=Anna A," + kUsers +
                     "\nmember: cn=CHILD1$," + kUsers + "\nmember: cn=PC7$," + kUsers + "\n");
    auto text = configuration.text();
    auto const start = text.find("users = {"), end = text.find("retry", start);
    // The World's own filter would hide what is tested.
    text.replace(
        start, end - start,
        std::string{"users = { base = \""} + kUsers + "\" }\ngroups = { base = \"" + kUsers + "\" }\n");
    std::ofstream{config_file()} << text;
  }

  std::string entry(std::string const& cn, std::string const& account, std::string const& object_class,
                    unsigned type) {
    ++number_;
    std::string const sid{'\1', '\5', '\0', '\0', '\0',    '\0', '\0', '\5', '\x15', '\0',
                          '\0', '\0', '\1', '\0', '\0',    '\0', '\2', '\0', '\0',   '\0',
                          '\3', '\0', '\0', '\0', number_, '\4', '\0', '\0'};
    return "dn: cn=" + cn + "," + kUsers + "\nchangetype: add\nobjectClass: " + object_class +
           "\nsAMAccountName: " + account + "\nsAMAccountType: " + std::to_string(type) + "\n" +
           ldif_line("objectGUID", std::string(16, number_)) + ldif_line("objectSid", sid);
  }
  void add_user(std::string const& cn, std::string const& account, unsigned type) {
    modify_directory(entry(cn, account, "user", type) + "userAccountControl: 512\nprimaryGroupID: 513\n");
  }

 private:
  char number_ = 20;
};

TEST_F(GivenAnActiveDirectory, WhenNothingIsConfiguredThenOrdinaryAccountsArePeopleByTheirAccountName) {
  auto const planned = run({"plan", "--json"});
  EXPECT_THAT(planned.out, AllOf(HasSubstr("\"anna\""), HasSubstr("cn=Anna A,cn=Users")));
  EXPECT_THAT(planned.out,
              AllOf(Not(HasSubstr("\"principal\":\"CHILD1$\"")), Not(HasSubstr("\"principal\":\"PC7$\"")),
                    Not(HasSubstr("\"principal\":\"bert\""))));
}

}  // namespace
}  // namespace dirsync::test
