// Which entries are read as groups: what the server's schema says of their classes.
#include <gmock/gmock.h>

#include <regex>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// The classes of several schemas that directories in the field have, and two of a company's own.
std::vector<std::string> schema_lines() {
  auto const group_class = [](std::string const& oid, std::string const& rest) {
    return "objectclass ( 1.3.6.1.4.1.99999.2." + oid + " " + rest + " )";
  };
  return {
      "attributetype ( 1.2.840.113556.1.4.750 NAME 'groupType' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 "
      "SINGLE-VALUE )",
      group_class("1", "NAME 'groupOfMembers' SUP top STRUCTURAL MUST cn MAY ( member $ description )"),
      group_class("2", "NAME 'groupOfEntries' SUP top STRUCTURAL MUST cn MAY ( member $ owner )"),
      "objectclass ( 1.2.840.113556.1.5.8 NAME 'Group' SUP top STRUCTURAL MUST ( groupType $ cn ) MAY "
      "( member $ description ) )",
      group_class("3", "NAME 'squad' SUP groupOfMembers STRUCTURAL MAY businessCategory"),
      group_class("4", "NAME 'crewList' SUP top AUXILIARY MAY ( uniqueMember $ memberUid )"),
      group_class("5", "NAME 'bag' SUP top STRUCTURAL MUST cn"),
      group_class("6", "NAME 'leader' SUP top AUXILIARY MAY member"),
      "attributetype ( 1.3.6.1.4.1.99999.3.1 NAME ( 'teamMember' 'tm' ) SUP member )",
      group_class("7", "NAME 'team' SUP top STRUCTURAL MUST cn MAY teamMember"),
      "attributetype ( 1.3.6.1.4.1.99999.3.2 NAME 'playerDn' SUP distinguishedName )",
      group_class("8", "NAME 'players' SUP top STRUCTURAL MUST cn MAY playerDn")};
}

/// One way to write a group that is none of the four usual classes.
struct Kind {
  std::string name, classes, attribute;  // classes: whole lines
};

void PrintTo(Kind const& kind, std::ostream* out) { *out << kind.name; }

Kind const kMembers{"groupOfMembers", "objectClass: groupOfMembers\n", "member"};

class GivenASchemaOfSeveralGroups : public World {
 protected:
  void SetUp() override {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    slapd_options_.global_lines = schema_lines();
    World::SetUp();
    sync(0);
    ASSERT_NO_FATAL_FAILURE(expect_in_sync());
  }

  static std::string value_of(Kind const& kind, Person const& person) {
    return kind.attribute == "memberUid" ? person.uid : person.dn();
  }
  /// Also in `company`.
  void add_group(Kind const& kind, std::string const& cn, std::vector<std::string> const& uids) {
    Group group{.cn = cn, .people = uids};
    auto record = "dn: " + group.dn() + "\nchangetype: add\n" + kind.classes + "cn: " + cn + "\n";
    for (auto const& uid : uids) record += kind.attribute + ": " + value_of(kind, company.person(uid)) + "\n";
    modify_directory(record);
    company.groups.push_back(std::move(group));
  }
  void nest(std::string const& inner, std::string const& outer) {
    modify_directory("dn: " + company.group(outer).dn() +
                     "\nchangetype: modify\nadd: member\nmember: " + company.group(inner).dn() + "\n");
    company.group(outer).groups.push_back(inner);
  }
  /// As a migration does it: the entry keeps its id, its name and its members.
  void migrate(std::string const& cn, std::string const& to) {
    auto content = slapd_->backup();
    auto const start = content.find("dn: cn=" + cn + ",ou=groups");
    ASSERT_NE(start, std::string::npos);
    auto const end = content.find("\n\n", start);
    auto const entry = std::regex_replace(content.substr(start, end - start), std::regex{"groupOfNames"}, to);
    slapd_->restore(content.replace(start, end - start, entry));
  }
  std::string planned() { return json::serialize(document(run({"plan", "--json"}))); }
};

class GivenGroupsOfAnotherKind : public GivenASchemaOfSeveralGroups,
                                 public testing::WithParamInterface<Kind> {};

TEST_P(GivenGroupsOfAnotherKind, WhenTheyAreSelectedNestedAndLeftThenAsAnyGroup) {
  add_group(GetParam(), "pam-hangar", {"u01", "u02", "u03"});
  add_group(GetParam(), "inner", {"u04", "u05"});
  nest("inner", company.groups.at(0).cn);
  sync(0);
  expect_in_sync();
  company.group("pam-hangar").people = {"u01", "u03"};
  modify_directory("dn: " + company.group("pam-hangar").dn() +
                   "\nchangetype: modify\ndelete: " + GetParam().attribute + "\n" + GetParam().attribute +
                   ": " + value_of(GetParam(), company.person("u02")) + "\n");
  sync(0);
  expect_in_sync();
  expect_chain_holds();
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, GivenGroupsOfAnotherKind,
    testing::Values(kMembers, Kind{"groupOfEntries", "objectClass: groupOfEntries\n", "member"},
                    Kind{"Group", "objectClass: Group\ngroupType: 2147483650\n", "member"},
                    Kind{"squad", "objectClass: squad\nbusinessCategory: ops\n", "member"},
                    Kind{"subtype", "objectClass: team\n", "teamMember"},
                    Kind{"bothTypes", "objectClass: team\nobjectClass: leader\n", "tm"},
                    Kind{"role", "objectClass: organizationalRole\n", "roleOccupant"},
                    Kind{"auxiliary", "objectClass: bag\nobjectClass: crewList\n", "uniqueMember"},
                    Kind{"names", "objectClass: bag\nobjectClass: crewList\n", "memberUid"}),
    [](auto const& kind) { return kind.param.name; });

class GivenGroupsThatAreMigrated : public GivenASchemaOfSeveralGroups,
                                   public testing::WithParamInterface<char const*> {};

TEST_P(GivenGroupsThatAreMigrated, WhenTheClassIsAnotherThenNothingChangesAndWhoLeavesIsTakenOut) {
  for (auto const* cn : {"pam-windows", "team-a"}) ASSERT_NO_FATAL_FAILURE(migrate(cn, GetParam()));
  forget_calls();
  sync(0);
  EXPECT_EQ(writes(), 0);
  leave("u17", "pam-windows");
  leave("u02", "team-a");
  sync(0);
  expect_in_sync();
}

INSTANTIATE_TEST_SUITE_P(Classes, GivenGroupsThatAreMigrated,
                         testing::Values("groupOfMembers", "groupOfEntries", "squad"));

TEST_F(GivenASchemaOfSeveralGroups, WhenAGroupIsEmptyThenItIsReadAndAServiceAccountIsNot) {
  add_group(kMembers, "pam-void", {});
  modify_directory(
      "dn: cn=pam-clerk,ou=groups,dc=example,dc=com\nchangetype: add\n"
      "objectClass: organizationalRole\ncn: pam-clerk\n\n"
      "dn: cn=pam-robot,ou=groups,dc=example,dc=com\nchangetype: add\n"
      "objectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: pam-robot\nuserPassword: "
      "secret\n");
  auto const plan = planned();
  EXPECT_THAT(plan, AllOf(HasSubstr("\"void\""), HasSubstr("\"clerk\""), Not(HasSubstr("robot"))));
}

TEST_F(GivenASchemaOfSeveralGroups, WhenAPersonMayHaveMembersThenAPersonItStays) {
  auto const& person = company.person("u01");
  modify_directory("dn: " + person.dn() +
                   "\nchangetype: modify\nadd: objectClass\nobjectClass: leader\n-\n"
                   "add: member\nmember: " +
                   company.person("u02").dn() + "\n");
  configuration.groups_base = "dc=example,dc=com";
  configure();
  sync(0);
  expect_in_sync();
}

class GivenClassesThatAreNamed : public GivenASchemaOfSeveralGroups {
 protected:
  /// Keys of the directory's groups.
  void configure_groups(std::string const& keys) {
    configuration.groups_base = "ou=groups,dc=example,dc=com\", " + keys + ", scope = \"sub";
    configure();
  }
  std::string told(int exit) { return json::serialize(sync(exit)); }
};

TEST_F(GivenClassesThatAreNamed, WhenAGroupIsMigratedToAnotherThenItsPeopleStayAndTheClassIsTold) {
  configure_groups("classes = [\"groupOfNames\"]");
  sync(0);
  ASSERT_NO_FATAL_FAILURE(migrate("pam-windows", "groupOfMembers"));
  forget_calls();
  auto const text = json::serialize(document(run({"sync", "--json"})));
  EXPECT_THAT(text, AllOf(HasSubstr("is of class groupOfMembers now"), HasSubstr("groups.classes")));
  EXPECT_EQ(writes(), 0);
  expect_in_sync();
}

TEST_F(GivenClassesThatAreNamed, WhenAGroupNamesOneOfAnotherClassThenItIsTold) {
  configure_groups("classes = [\"groupOfNames\", \"groupOfUniqueNames\"]");
  add_group(kMembers, "inner", {"u04", "u05"});
  nest("inner", company.groups.at(0).cn);
  EXPECT_THAT(planned(),
              AllOf(HasSubstr("unread-class"), HasSubstr("cn=inner,ou=groups"), HasSubstr("groupOfMembers")));
}

TEST_F(GivenClassesThatAreNamed, WhenTheServerHasNoSuchClassThenNothingIsRead) {
  configure_groups("classes = [\"groupOfNmaes\"]");
  EXPECT_THAT(told(5), HasSubstr("groupOfNmaes"));
}

TEST_F(GivenASchemaOfSeveralGroups, WhenTheListsOfOneEntryDifferThenTheDnsCountAndItIsTold) {
  Kind const both{"both", "objectClass: groupOfMembers\nobjectClass: crewList\nmemberUid: u05\n", "member"};
  add_group(both, "pam-hangar", {"u01", "u02"});
  EXPECT_THAT(json::serialize(sync(0)), AllOf(HasSubstr("two-lists"), HasSubstr("cn=pam-hangar")));
  expect_in_sync();
}

TEST_F(GivenClassesThatAreNamed, WhenMemberUidIsNamedThenBothListsCount) {
  configure_groups("member_attributes = [\"member\", \"memberUid\"]");
  sync(0);  // else the changed settings and what follows from them wait for an approval
  Kind const both{"both", "objectClass: groupOfMembers\nobjectClass: crewList\nmemberUid: u05\n", "member"};
  add_group(both, "pam-hangar", {"u01", "u02"});
  company.group("pam-hangar").people.push_back("u05");
  sync(0);
  expect_in_sync();
}

TEST_F(GivenASchemaOfSeveralGroups, WhenAGroupNamesAnEntryOfNeitherKindThenItsClassIsTold) {
  modify_directory(
      "dn: cn=other,ou=groups,dc=example,dc=com\nchangetype: add\nobjectClass: players\ncn: other\n"
      "playerDn: " +
      company.person("u05").dn() + "\n");
  modify_directory("dn: " + company.groups.at(0).dn() +
                   "\nchangetype: modify\nadd: member\nmember: cn=other,ou=groups,dc=example,dc=com\n"
                   "member: cn=nobody,ou=groups,dc=example,dc=com\n");
  EXPECT_THAT(json::serialize(sync(0)),
              AllOf(HasSubstr("unread-class"), HasSubstr("cn=other,ou=groups"),
                    HasSubstr("of class players, which is read neither"), HasSubstr("2 member values")));
  expect_in_sync();
}

TEST_F(GivenASchemaOfSeveralGroups, WhenAGroupNamesAnAliasThenItIsToldAndNotFollowed) {
  modify_directory(
      "dn: cn=other,ou=groups,dc=example,dc=com\nchangetype: add\nobjectClass: alias\n"
      "objectClass: extensibleObject\ncn: other\naliasedObjectName: " +
      company.person("u05").dn() + "\n");
  modify_directory("dn: " + company.groups.at(0).dn() +
                   "\nchangetype: modify\nadd: member\nmember: cn=other,ou=groups,dc=example,dc=com\n");
  EXPECT_THAT(json::serialize(sync(0)), AllOf(HasSubstr("\"alias\""), HasSubstr("cn=other,ou=groups")));
  expect_in_sync();
}

}  // namespace
}  // namespace dirsync::test
