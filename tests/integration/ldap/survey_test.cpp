// A survey of a real slapd of which nothing is said but where it is.
#include "ldap/survey/survey.hpp"

#include <gmock/gmock.h>

#include "tests/integration/ldap/fixture.hpp"

namespace dirsync::ldap {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

struct GivenAnUnknownSlapd : LdapFixture {
  Stop stop;

  void start(std::string const& more, test::Slapd::Options options = {}) {
    options.ldif =
        test::ldif_tree() + test::ldif_person("ann", 1) + test::ldif_person("bob", 2) +
        test::ldif_group("staff", 100, {member(test::person_dn("ann")), member(test::person_dn("bob"))}) +
        test::ldif_group("all", 101, {member(test::group_dn("staff"))}) + more;
    slapd.emplace(options);
  }
  /// Where it is, and no more.
  Settings unknown() const {
    Settings settings;
    settings.name = "corp";
    settings.uris = {slapd->tls_uri()};
    settings.tls.ca_file = slapd->ca_file();
    settings.timeouts = {std::chrono::seconds{10}, std::chrono::seconds{10}, std::chrono::seconds{60}};
    return settings;
  }
  Survey must_survey(Settings const& settings, SurveyBounds bounds = {}) {
    auto seen = survey(settings, stop, bounds);
    EXPECT_TRUE(seen) << (seen ? "" : text(seen.error()));
    return seen ? *std::move(seen) : Survey{};
  }
  static AttributeLook look(Survey const& seen, std::string const& name) {
    for (auto const& one : seen.people.attributes)
      if (one.name == name) return one;
    ADD_FAILURE() << "no look at " << name;
    return {};
  }
};

TEST_F(GivenAnUnknownSlapd, WhenSurveyedThenKindContextAndBasesAreFound) {
  start("");
  auto const seen = must_survey(unknown());
  EXPECT_EQ(seen.server.flavour, Flavour::openldap);
  EXPECT_THAT(seen.server.vendor, HasSubstr("OpenLDAP"));
  EXPECT_EQ(seen.server.schema_remark, "");
  EXPECT_THAT(seen.server.naming_contexts, ElementsAre("dc=example,dc=com"));
  EXPECT_EQ(seen.base, "dc=example,dc=com");
  EXPECT_EQ(seen.people.base, kPeople);
  EXPECT_EQ(seen.groups.base, kGroups);
}

TEST_F(GivenAnUnknownSlapd, WhenSurveyedThenGroupsAreCountedWithTheirKindsAndNesting) {
  start("");
  auto const groups = must_survey(unknown()).groups;
  EXPECT_EQ(groups.looked.entries, 2U);
  EXPECT_TRUE(groups.looked.is_all());
  EXPECT_EQ(groups.memberships, 3U);
  ASSERT_EQ(groups.kinds.size(), 1U);
  EXPECT_THAT(groups.kinds[0].classes, ElementsAre("groupOfNames"));
  EXPECT_TRUE(groups.kinds[0].is_read);
  EXPECT_EQ(groups.kinds[0].attributes.at("member"), 2U);
  ASSERT_EQ(groups.largest.size(), 2U);
  EXPECT_EQ(groups.largest[0].dn, test::group_dn("staff"));
  EXPECT_EQ(groups.largest[0].members, 2U);
  EXPECT_EQ(groups.nested, 1U);
  EXPECT_EQ(groups.nested_example, test::group_dn("staff"));
}

TEST_F(GivenAnUnknownSlapd, WhenClassesOtherThanGroupsNameMembersThenTheyAreToldAsNotRead) {
  start("dn: cn=role," + std::string{kGroups} +
        "\nobjectClass: device\nobjectClass: extensibleObject\ncn: role\nmember: " + test::person_dn("ann") +
        "\n\n");
  auto const groups = must_survey(unknown()).groups;
  EXPECT_EQ(groups.looked.entries, 2U);
  EXPECT_EQ(groups.memberships, 3U);
  EXPECT_THAT(groups.kinds, Contains(Field(&GroupKind::is_read, false)));
}

TEST_F(GivenAnUnknownSlapd, WhenTwoPeopleHaveTheSameValueInAnotherCaseThenTheyAreTwins) {
  auto const other = "uid=other," + std::string{kPeople};
  start("dn: " + other +
        "\nobjectClass: inetOrgPerson\nuid: other\ncn:  ANN \nsn: x\nmail: other@example.com\n\n");
  auto const seen = must_survey(unknown());
  auto const names = look(seen, "cn");
  EXPECT_EQ(names.people, 3U);
  EXPECT_EQ(names.shared_values, 1U);
  ASSERT_EQ(names.examples.size(), 1U);
  EXPECT_THAT(names.examples[0].dns, ElementsAre(test::person_dn("ann"), other));
  EXPECT_TRUE(look(seen, "uid").is_unique());
  EXPECT_EQ(look(seen, "entryUUID").people, 3U);
  EXPECT_EQ(look(seen, "sAMAccountName").people, 0U);
}

TEST_F(GivenAnUnknownSlapd, WhenTheBoundIsReachedThenItIsSaid) {
  start("");
  auto const seen = must_survey(unknown(), {.entries = 1});
  EXPECT_EQ(seen.people.looked.entries, 1U);
  EXPECT_THAT(seen.people.looked.cut, HasSubstr("first 1 entry was"));
  EXPECT_FALSE(seen.groups.looked.is_all());
}

TEST_F(GivenAnUnknownSlapd, WhenALimitOfTheServerCutsASearchThenTheLimitIsSaid) {
  test::Slapd::Options options;
  options.database_lines = {"limits anonymous size=unlimited size.prtotal=1"};
  start("", options);
  auto const seen = must_survey(unknown());
  EXPECT_THAT(seen.people.looked.cut, HasSubstr("result 4"));
}

TEST_F(GivenAnUnknownSlapd, WhenThereIsAReferralEntryThenItIsTold) {
  start(
      "dn: ou=branch,dc=example,dc=com\nobjectClass: referral\nobjectClass: extensibleObject\nou: branch\n"
      "ref: ldap://127.0.0.1:1/ou=branch,dc=example,dc=com\n\n");
  auto const referrals = must_survey(unknown()).referrals;
  EXPECT_EQ(referrals.entries, 1U);
  EXPECT_THAT(referrals.examples, ElementsAre("ou=branch,dc=example,dc=com"));
  EXPECT_EQ(referrals.met, 1U);
}

TEST_F(GivenAnUnknownSlapd, WhenSomeoneIsDisabledThenTheAttributeIsTold) {
  start("dn: uid=old," + std::string{kPeople} +
        "\nobjectClass: inetOrgPerson\nobjectClass: shadowAccount\nuid: old\ncn: old\nsn: old\nshadowExpire: "
        "1\n\n");
  auto const disabled = must_survey(unknown()).people.disabled;
  ASSERT_EQ(disabled.size(), 1U);
  EXPECT_EQ(disabled[0].attribute, "shadowExpire");
  EXPECT_EQ(disabled[0].people, 1U);
  EXPECT_EQ(disabled[0].disabled, 1U);
  EXPECT_TRUE(disabled[0].is_evaluated);
}

TEST_F(GivenAnUnknownSlapd, WhenABaseIsSaidThenItIsLookedAtAndNoOther) {
  start("");
  auto settings = unknown();
  settings.users.base = kGroups;
  auto const seen = must_survey(settings);
  EXPECT_EQ(seen.people.base, kGroups);
  EXPECT_EQ(seen.people.looked.entries, 0U);
}

TEST_F(GivenAnUnknownSlapd, WhenABaseDoesNotExistThenThatIsAnErrorAndNotAnEmptyAnswer) {
  start("");
  auto settings = unknown();
  settings.groups.base = "ou=nowhere,dc=example,dc=com";
  auto const seen = survey(settings, stop);
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, LdapErrc::base_missing);
}

TEST_F(GivenAnUnknownSlapd, WhenThePasswordIsWrongThenThatIsTheError) {
  start("");
  auto settings = unknown();
  settings.bind.method = Bind::Method::simple;
  settings.bind.dn = "cn=admin,dc=example,dc=com";
  settings.bind.password = Secret{"wrong"};
  auto const seen = survey(settings, stop);
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, LdapErrc::bind_refused);
}

TEST_F(GivenAnUnknownSlapd, WhenItIsStoppedBeforehandThenItEnds) {
  start("");
  stop.request();
  auto const seen = survey(unknown(), stop);
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, LdapErrc::cancelled);
}

}  // namespace
}  // namespace dirsync::ldap
