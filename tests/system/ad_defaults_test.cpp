// Active Directory: what is taken for a person, and how people are called, when nothing is configured;
// members of other domains.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/ldap/ldif.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr char kUsers[] = "cn=Users,dc=example,dc=com";
constexpr char kChild[] = "dc=child1,dc=example,dc=com";
constexpr char kChildUsers[] = "cn=Users,dc=child1,dc=example,dc=com";
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
                    unsigned type, std::string const& base = kUsers) {
    ++number_;
    char const domain = base == kUsers ? '\3' : '\4';
    std::string const sid{'\1',   '\5', '\0', '\0', '\0',    '\0', '\0', '\5', '\x15', '\0',
                          '\0',   '\0', '\1', '\0', '\0',    '\0', '\2', '\0', '\0',   '\0',
                          domain, '\0', '\0', '\0', number_, '\4', '\0', '\0'};
    return "dn: cn=" + cn + "," + base + "\nchangetype: add\nobjectClass: " + object_class +
           "\nsAMAccountName: " + account + "\nsAMAccountType: " + std::to_string(type) + "\n" +
           ldif_line("objectGUID", std::string(16, number_)) + ldif_line("objectSid", sid);
  }
  void add_user(std::string const& cn, std::string const& account, unsigned type,
                std::string const& base = kUsers) {
    modify_directory(entry(cn, account, "user", type, base) +
                     "userAccountControl: 512\nprimaryGroupID: 513\n");
  }
  /// By which corp's groups name the entry that was added last, where it is of another forest.
  std::string foreign_principal_of_last() const {
    return "CN=S-1-5-21-1-2-4-" + std::to_string(4 * 256 + number_) +
           ",CN=ForeignSecurityPrincipals,dc=example,dc=com";
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

TEST_F(GivenAnActiveDirectory, WhenARuleHidesTheStatesOfAccountsThenTheReadIsNotAccepted) {
  for (auto const* name : {"carl", "dora", "emil"}) add_user(name, name, kOrdinary);
  EXPECT_NE(run({"sync"}).exit, 5);
  forget_calls();
  slapd_options_.access.insert(slapd_options_.access.begin(), "access to attrs=userAccountControl by * none");
  slapd_->reconfigure(slapd_options_);
  auto const plan = sync(5);
  auto const& reason = plan.at("targets").at("vault").at("reasons").at(0).as_object();
  EXPECT_EQ(text_at(reason, "code"), "attributes");
  EXPECT_THAT(text_at(reason, "text"), HasSubstr("showed useraccountcontrol of 0 people"));
  EXPECT_EQ(writes(), 0);
}

/// pam-hangar has members of a child domain: zoe by her DN, crew with yan in it, and xin by a SID.
class GivenMembersOfAChildDomain : public GivenAnActiveDirectory {
 protected:
  void SetUp() override {
    GivenAnActiveDirectory::SetUp();
    modify_directory(
        std::string{"dn: "} + kChild +
        "\nchangetype: add\nobjectClass: dcObject\nobjectClass: organization\ndc: child1\no: c\n");
    modify_directory(std::string{"dn: "} + kChildUsers + "\nchangetype: add\nobjectClass: container\n");
    add_user("Zoe Z", "zoe", kOrdinary, kChildUsers);
    add_user("Yan Y", "yan", kOrdinary, kChildUsers);
    modify_directory(entry("crew", "crew", "group", 536870912, kChildUsers) + "member: cn=Yan Y," +
                     kChildUsers + "\n");
    add_user("Xin X", "xin", kOrdinary, kChildUsers);
    auto const xin = foreign_principal_of_last();
    modify_directory(std::string{"dn: cn=pam-hangar,"} + kUsers +
                     "\nchangetype: modify\nadd: member\nmember: cn=Zoe Z," + kChildUsers +
                     "\nmember: cn=crew," + kChildUsers + "\nmember: " + xin + "\n");
  }
  void configure_child() {
    std::ofstream{config_file(), std::ios::app}
        << "\n[directory.child]\nuris = [\"" << slapd_->tls_uri() << "\"]\nbase = \"" << kChild
        << "\"\nflavour = \"ad\"\nbind = { dn = \"" << kReaderDn << "\", password = { file = \""
        << configuration.ldap_password_file << "\" } }\ntls = { ca_file = \"" << slapd_->ca_file()
        << "\" }\nretry = { attempts = 1 }\n";
  }
  /// Who is to be added to hangar.
  static std::set<std::string> added(json::object const& plan) {
    std::set<std::string> names;
    for (auto const& change : plan.at("targets").at("vault").at("changes").as_array())
      if (text_at(change.as_object(), "verb") == "add")
        names.insert(text_at(change.as_object(), "principal"));
    return names;
  }
  static std::vector<std::string> notices(json::object const& plan, std::string const& code) {
    std::vector<std::string> texts;
    for (auto const& notice : plan.at("targets").at("vault").at("notices").as_array())
      if (text_at(notice.as_object(), "code") == code) texts.push_back(text_at(notice.as_object(), "text"));
    return texts;
  }
  json::object plan() { return json::parse(run({"plan", "--json"}).out).as_object(); }
  void add_member(std::string const& dn) {
    modify_directory(std::string{"dn: cn=pam-hangar,"} + kUsers +
                     "\nchangetype: modify\nadd: member\nmember: " + dn + "\n");
  }
};

/// Everybody who ever logged in is in that principal, and no directory has it as an entry.
TEST_F(GivenMembersOfAChildDomain, WhenAGroupHoldsAWellKnownPrincipalThenItIsNobody) {
  add_member("CN=S-1-5-11,CN=ForeignSecurityPrincipals,dc=example,dc=com");
  configure_child();
  auto const planned = plan();
  EXPECT_EQ(added(planned), (std::set<std::string>{"anna", "zoe", "yan", "xin"}));
  EXPECT_THAT(notices(planned, "unresolved"),
              Contains(AllOf(HasSubstr("3 member values of cn=pam-hangar"), HasSubstr("S-1-5-11"))));
}

TEST_F(GivenMembersOfAChildDomain, WhenAGroupHasNobodyButThemThenItIsToldThatItNamesNobody) {
  modify_directory(entry("pam-far", "pam-far", "group", 536870912) + "member: cn=Zoe Z," + kChildUsers +
                   "\n");
  constexpr char kTold[] = "no value names a person of directory corp in far";
  EXPECT_THAT(json::serialize(plan()), HasSubstr(kTold));
  configure_child();
  EXPECT_THAT(json::serialize(plan()), Not(HasSubstr(kTold)));
}

TEST_F(GivenMembersOfAChildDomain, WhenOneOfThemIsCalledLikeOneOfOursThenNeitherIsTakenForTheOther) {
  add_user("Anna C", "anna", kOrdinary, kChildUsers);
  add_member(std::string{"cn=Anna C,"} + kChildUsers);
  auto const alone = plan();
  EXPECT_THAT(added(alone), Contains("anna"));
  EXPECT_THAT(notices(alone, "unresolved"), Contains(HasSubstr("6 member values of cn=pam-hangar")));
  configure_child();
  auto const both = plan();
  EXPECT_THAT(added(both), AllOf(Contains("zoe"), Not(Contains("anna"))));
  EXPECT_THAT(notices(both, "ambiguous"), Contains(AllOf(HasSubstr("cn=Anna A"), HasSubstr("cn=Anna C"))));
}

TEST_F(GivenMembersOfAChildDomain, WhenItIsNotConfiguredThenToldByGroupAndEverythingElseGoesOn) {
  auto const planned = plan();
  EXPECT_THAT(added(planned), AllOf(Contains("anna"), Not(Contains("zoe"))));
  // With the trust and the machine account, which are nobody either.
  EXPECT_THAT(notices(planned, "unresolved"),
              Contains(AllOf(HasSubstr("5 member values of cn=pam-hangar"), HasSubstr("S-1-5-21-1-2-4-"))));
}

TEST_F(GivenMembersOfAChildDomain, WhenItIsConfiguredThenResolvedThereByDnByNestingAndBySid) {
  configure_child();
  auto const planned = plan();
  EXPECT_THAT(added(planned), AllOf(Contains("anna"), Contains("zoe"), Contains("yan"), Contains("xin")));
  EXPECT_THAT(notices(planned, "unresolved"), Contains(HasSubstr("2 member values of cn=pam-hangar")));
  auto const& changes = planned.at("targets").at("vault").at("changes").as_array();
  auto const path_of = [&changes](std::string_view name) {
    for (auto const& change : changes)
      if (text_at(change.as_object(), "principal") == name) return text_at(change.as_object(), "path");
    return std::string{};
  };
  EXPECT_EQ(path_of("yan"), std::string{"cn=pam-hangar,"} + kUsers + " > cn=crew," + kChildUsers +
                                " > cn=Yan Y," + kChildUsers);
}

}  // namespace
}  // namespace dirsync::test
