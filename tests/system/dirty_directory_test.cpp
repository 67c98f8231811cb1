// Values and entries of a directory that are not as they should be: told by name, and nothing else stops.
#include <gmock/gmock.h>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char kNis[] = "cn=pam-nis,ou=groups,dc=example,dc=com";

/// In sync, with a posixGroup beside the others.
class GivenACompanyWithANisGroup : public World {
 protected:
  void SetUp() override {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    World::SetUp();
    add_nis_group("pam-nis",
                  "memberUid: u01\nmemberUid: u02\nmemberUid: u03\nmemberUid: u05\nmemberUid: u06\n");
    sync(0);
    ASSERT_EQ(nis(), (std::set<std::string>{"u01", "u02", "u03", "u05", "u06"}));
  }
  void add_nis_group(std::string const& cn, std::string const& members) {
    modify_directory("dn: cn=" + cn +
                     ",ou=groups,dc=example,dc=com\nchangetype: add\nobjectClass: posixGroup\ncn: " + cn +
                     "\ngidNumber: 5001\n" + members);
  }
  std::set<std::string> nis() const { return vault_->memberships().at("nis"); }
  void put_into_nis(std::string const& value) {
    modify_directory("dn: " + std::string{kNis} +
                     "\nchangetype: modify\nadd: memberUid\nmemberUid: " + value + "\n");
  }
  void take_out_of_nis(std::string const& value) {
    modify_directory("dn: " + std::string{kNis} +
                     "\nchangetype: modify\ndelete: memberUid\nmemberUid: " + value + "\n");
  }
  std::string dn(std::string const& uid) const { return company.person(uid).dn(); }
  std::string synced(int exit) { return json::serialize(sync(exit)); }
  /// Everything but the group nis is as the rest of the company wants it.
  void expect_the_rest_in_sync(std::set<std::string> const& without = {}) {
    vault_before_["nis"] = nis();
    expect_in_sync(without);
  }
};

// --- a user name comes to mean nobody ---

struct Renaming {
  char const* name;
  std::string (*records)(std::string const& u02, std::string const& u26);
  bool is_shared;  // by two entries, so that whoever has something by it keeps it
};

class GivenAUserNameThatStopsMeaningSomebody : public GivenACompanyWithANisGroup,
                                               public testing::WithParamInterface<Renaming> {
 protected:
  void SetUp() override {
    GivenACompanyWithANisGroup::SetUp();
    modify_directory(GetParam().records(dn("u02"), dn("u26")));
    take_out_of_nis("u05");
    leave("u17", "pam-windows");
  }
};

TEST_P(GivenAUserNameThatStopsMeaningSomebody, WhenSomebodyLeavesThatGroupThenTheyWaitForAnotherRead) {
  EXPECT_THAT(synced(3),
              AllOf(HasSubstr("\"code\":\"unresolved\""), HasSubstr(std::string{kNis} + " names nobody")));
  EXPECT_EQ(nis(), (std::set<std::string>{"u01", "u02", "u03", "u05", "u06"}));
  EXPECT_FALSE(vault_->memberships().at("windows").contains("u17")) << "what it does not feed goes on";
  auto const text = synced(0);
  std::set<std::string> const left{"u01", "u03", "u06"};
  auto with_them = left;
  with_them.insert("u02");
  EXPECT_EQ(nis(), GetParam().is_shared ? with_them : left);
  EXPECT_EQ(text.find("\"code\":\"ambiguous\"") != std::string::npos, GetParam().is_shared);
  EXPECT_THAT(run({"status"}).out, HasSubstr("1 member value of " + std::string{kNis}));
  expect_chain_holds();
}

INSTANTIATE_TEST_SUITE_P(
    Renamings, GivenAUserNameThatStopsMeaningSomebody,
    testing::Values(Renaming{"Twin",
                             [](std::string const&, std::string const&) -> std::string {
                               return "dn: ou=partners,ou=people,dc=example,dc=com\nchangetype: add\n"
                                      "objectClass: organizationalUnit\nou: partners\n\n"
                                      "dn: uid=u02,ou=partners,ou=people,dc=example,dc=com\nchangetype: add\n"
                                      "objectClass: inetOrgPerson\nuid: u02\ncn: Partner\nsn: Partner\n"
                                      "mail: partner@example.org\n";
                             },
                             true},
                    Renaming{"SecondValueOnTheirOwnEntry",
                             [](std::string const&, std::string const& u26) {
                               return "dn: " + u26 + "\nchangetype: modify\nadd: uid\nuid: u02\n";
                             },
                             true},
                    Renaming{"Renamed",
                             [](std::string const& u02, std::string const&) {
                               return "dn: " + u02 +
                                      "\nchangetype: modrdn\nnewrdn: uid=u02-smith\ndeleteoldrdn: 1\n";
                             },
                             false},
                    Renaming{"CapitalLetter",
                             [](std::string const& u02, std::string const&) {
                               return "dn: " + u02 +
                                      "\nchangetype: modify\ndelete: uid\nuid: u02\n-\nadd: uid\nuid: U02\n";
                             },
                             false}),
    [](auto const& tested) { return std::string{tested.param.name}; });

// --- DNs in the place of user names ---

class GivenADnInThePlaceOfAUserName : public GivenACompanyWithANisGroup,
                                      public testing::WithParamInterface<char const*> {};

TEST_P(GivenADnInThePlaceOfAUserName, WhenItNamesAPersonThenTheyAreMeant) {
  put_into_nis(GetParam());
  EXPECT_THAT(synced(0), Not(HasSubstr("\"code\":\"unresolved\"")));
  EXPECT_TRUE(nis().contains("u09"));
  expect_the_rest_in_sync();
}

INSTANTIATE_TEST_SUITE_P(Spellings, GivenADnInThePlaceOfAUserName,
                         testing::Values("uid=u09,ou=people,dc=example,dc=com",
                                         "UID=u09, OU=people, DC=example, DC=com",
                                         "uid=u09;ou=people;dc=example;dc=com",
                                         "0.9.2342.19200300.100.1.1=U09,ou=people,dc=example,dc=com"));

// --- values that could name nothing ---

TEST_F(GivenACompanyWithANisGroup,
       WhenADnInThePlaceOfANameNamesNobodyThenThatGroupLosesNobodyAndTheRestGoesOn) {
  take_out_of_nis("u05");
  put_into_nis("uid=u05,ou=people,dc=example,dc=com;uid=u06");  // in the form of LDAPv2
  disable("u02");
  leave("u17", "pam-windows");
  EXPECT_THAT(synced(3), AllOf(HasSubstr("\"code\":\"unresolved\""), HasSubstr("dc=com;uid=u06")));
  EXPECT_EQ(nis(), (std::set<std::string>{"u01", "u03", "u05", "u06"}));
  expect_the_rest_in_sync({"u02"});
}

class GivenAValueThatIsNoName : public GivenACompanyWithANisGroup,
                                public testing::WithParamInterface<char const*> {};

TEST_P(GivenAValueThatIsNoName, WhenItTakesThePlaceOfANameThenThatGroupLosesNobodyAndTheRestGoesOn) {
  take_out_of_nis("u05");
  put_into_nis(GetParam());
  disable("u02");
  leave("u17", "pam-windows");
  EXPECT_THAT(synced(3),
              AllOf(HasSubstr("\"code\":\"damaged\""), HasSubstr(kNis + std::string{" has 1 member value"})));
  EXPECT_EQ(nis(), (std::set<std::string>{"u01", "u03", "u05", "u06"})) << "whoever is disabled leaves";
  EXPECT_FALSE(vault_->memberships().at("windows").contains("u17"));
  expect_the_rest_in_sync({"u02"});
}

TEST_P(GivenAValueThatIsNoName, WhenItStandsInAGroupOfNoRuleThenItIsToldAndNothingElse) {
  add_nis_group("misc", "memberUid: u09\nmemberUid: " + std::string{GetParam()} + "\n");
  leave("u17", "pam-windows");
  EXPECT_THAT(synced(0), AllOf(HasSubstr("\"code\":\"damaged\""), HasSubstr("cn=misc,ou=groups")));
  expect_the_rest_in_sync();
}

INSTANTIATE_TEST_SUITE_P(Values, GivenAValueThatIsNoName,
                         testing::Values("uid=u05,ou=people,dc=example,dc=com;u06", "a=b,", "=u05",
                                         "uid=u05,ou=people,dc"));

// --- names that fall together ---

/// The escaped end of the RDN, and the whole uid in base64.
struct OddName {
  char const *end, *uid;
};

class GivenANameWithAnInvisibleEnd : public GivenACompanyWithANisGroup,
                                     public testing::WithParamInterface<OddName> {};

TEST_P(GivenANameWithAnInvisibleEnd, WhenItFallsTogetherWithAnotherThenThatOneKeepsEverything) {
  modify_directory("dn: uid=u01" + std::string{GetParam().end} +
                   ",ou=people,dc=example,dc=com\nchangetype: add\nobjectClass: inetOrgPerson\nuid:: " +
                   GetParam().uid + "\ncn: Person 01\nsn: Person\n");
  leave("u17", "pam-windows");
  sync(0);
  EXPECT_TRUE(nis().contains("u01"));
  expect_the_rest_in_sync();
}

INSTANTIATE_TEST_SUITE_P(Ends, GivenANameWithAnInvisibleEnd,
                         testing::Values(OddName{"\\0D", "dTAxDQ=="}, OddName{"\\0A", "dTAxCg=="},
                                         OddName{"\\09", "dTAxCQ=="}, OddName{"\\E2\\80\\8B", "dTAx4oCL"}));

}  // namespace
}  // namespace dirsync::test
