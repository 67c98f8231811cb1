#include "ldap/read/group_classes.hpp"

#include <gmock/gmock.h>

#include "ldap/errors.hpp"

namespace dirsync::ldap {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

ClassDefinition of(std::string const& name, std::vector<std::string> sups, std::vector<std::string> mays) {
  return {
      .oid = "1.9." + name, .names = {name}, .sups = std::move(sups), .musts = {}, .mays = std::move(mays)};
}

struct GivenASchemaOfGroups : testing::Test {
  static Schema with(std::vector<ClassDefinition> classes) {
    std::vector<TypeDefinition> types;
    for (auto const* name : {"member", "uniqueMember", "memberUid", "memberURL", "roleOccupant", "cn"})
      types.push_back({.oid = std::string{"2.9."} + name,
                       .names = {name},
                       .sup = "",
                       .equality = "",
                       .ordering = "",
                       .substrings = "",
                       .syntax = ""});
    return {std::move(types), std::move(classes)};
  }
  static std::string filter(std::vector<ClassDefinition> classes, Flavour flavour = Flavour::openldap) {
    return group_classes(with(std::move(classes)), traits_of(flavour), {}).value().filter;
  }
};

constexpr char kOwn[] =
    "(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup)(objectClass="
    "groupOfURLs)";

TEST_F(GivenASchemaOfGroups, WhenItHasNoMoreThanTheUsualClassesThenTheyAreRead) {
  auto const usual = std::string{"(|"} + kOwn + ")";
  EXPECT_EQ(filter({}), usual);
  EXPECT_EQ(filter({of("groupOfNames", {}, {"member"}), of("ipaHostGroup", {"groupOfNames"}, {}),
                    of("device", {}, {"cn"})}),
            usual);
}

TEST_F(GivenASchemaOfGroups, WhenAnotherClassAllowsMembersThenItIsReadUnlessItIsAPersons) {
  EXPECT_EQ(filter({of("groupOfMembers", {}, {"member"}), of("squad", {"groupOfMembers"}, {"cn"})}),
            std::string{"(|"} + kOwn + "(&(objectClass=groupOfMembers)(!(objectClass=person))))");
  EXPECT_THAT(filter({of("crew", {}, {"MEMBERUID"})}), HasSubstr("(objectClass=crew)"));
  EXPECT_THAT(filter({of("crew", {}, {"2.9.memberURL"})}), HasSubstr("(objectClass=crew)"));
}

TEST_F(GivenASchemaOfGroups, WhenAClassAllowsASubtypeOfMemberThenItIsReadWhereTheServerAnswersWithIt) {
  auto const schema = [](bool finds_subtypes) {
    auto const type = [](std::string const& name, std::string const& sup) -> TypeDefinition {
      return {.oid = "2.9." + name,
              .names = {name},
              .sup = sup,
              .equality = "",
              .ordering = "",
              .substrings = "",
              .syntax = ""};
    };
    ServerHabits habits;
    habits.finds_subtypes = finds_subtypes;
    return Schema{{type("member", ""), type("teamMember", "member"), type("captain", "teamMember")},
                  {of("team", {}, {"captain"})},
                  habits};
  };
  auto const filter_of = [](Schema const& one) {
    return group_classes(one, traits_of(Flavour::openldap), {}).value().filter;
  };
  EXPECT_THAT(filter_of(schema(true)), HasSubstr("(objectClass=team)"));
  EXPECT_THAT(filter_of(schema(false)), Not(HasSubstr("(objectClass=team)")));
  EXPECT_TRUE(allow_members(schema(true), traits_of(Flavour::openldap), {"top", "TEAM"}));
  EXPECT_FALSE(allow_members(schema(true), traits_of(Flavour::openldap), {"top", "nothing"}));
}

TEST_F(GivenASchemaOfGroups, WhenAClassAllowsOccupantsAloneThenOnlyEntriesThatHaveAnyAreRead) {
  EXPECT_THAT(
      filter({of("organizationalRole", {}, {"roleOccupant"})}),
      HasSubstr(
          "(&(objectClass=organizationalRole)(|(roleOccupant=*)(!(objectClass=simpleSecurityObject))))"));
}

TEST_F(GivenASchemaOfGroups, WhenAnAbstractClassAllowsMembersThenThoseBelowItAreRead) {
  auto top = of("top", {}, {"member"});
  top.is_abstract = true;
  EXPECT_THAT(filter({top, of("crew", {"top"}, {})}),
              AllOf(HasSubstr("(objectClass=crew)"), Not(HasSubstr("objectClass=top"))));
}

TEST_F(GivenASchemaOfGroups, WhenClassesFormARingThenOneOfThemFindsAll) {
  EXPECT_THAT(filter({of("a", {"c"}, {}), of("b", {"a"}, {}), of("c", {"b"}, {"member"})}),
              AllOf(HasSubstr("(objectClass=a)"), Not(HasSubstr("(objectClass=b)"))));
}

TEST_F(GivenASchemaOfGroups, WhenTheServerIsActiveDirectoryThenMemberUidMakesNoGroup) {
  auto const classes = {of("group", {}, {"member", "memberUid"}), of("posixGroup", {}, {"memberUid"}),
                        of("groupOfUniqueNames", {}, {"uniqueMember"})};
  EXPECT_EQ(filter(classes, Flavour::active_directory),
            "(|(objectClass=group)(&(objectClass=groupOfUniqueNames)(!(objectClass=person))))");
}

TEST_F(GivenASchemaOfGroups, WhenClassesAreConfiguredThenTheyAloneAreReadAndTheOthersAreKnown) {
  auto const schema = with({of("groupOfNames", {}, {"member"}), of("crew", {"groupOfNames"}, {}),
                            of("squad", {}, {"member"}), of("organizationalRole", {}, {"roleOccupant"})});
  auto const read = group_classes(schema, traits_of(Flavour::openldap),
                                  {.classes = {"GROUPOFNAMES"}, .member_attributes = {}});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->filter, "(objectClass=GROUPOFNAMES)");
  EXPECT_THAT(read->unread, ElementsAre("squad", "organizationalRole"));
}

TEST_F(GivenASchemaOfGroups, WhenAConfiguredClassIsUnknownToTheServerThenRefused) {
  GroupKinds const kinds{.classes = {"groupOfNmaes"}, .member_attributes = {}};
  auto schema = with({});
  auto const refused = group_classes(schema, traits_of(Flavour::openldap), kinds);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, LdapErrc::bad_setup);
  EXPECT_THAT(refused.error().context, HasSubstr("groupOfNmaes"));
  schema.set_remark("hidden");
  EXPECT_TRUE(group_classes(schema, traits_of(Flavour::openldap), kinds));
}

TEST_F(GivenASchemaOfGroups, WhenTheServerHidesItThenTheBuiltInOneKnowsTheUsualClasses) {
  auto const read = group_classes(builtin_schema(), traits_of(Flavour::openldap), {});
  EXPECT_THAT(read.value().filter,
              AllOf(HasSubstr("(objectClass=groupOfMembers)"), HasSubstr("(objectClass=groupOfEntries)")));
}

}  // namespace
}  // namespace dirsync::ldap
