#include "daemon/doctor/unresolved.hpp"

#include <gmock/gmock.h>

#include "daemon/doctor/check.hpp"

namespace dirsync::doctor {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

struct GivenMemberValues : testing::Test {
  GivenMemberValues() {
    std::vector<SnapshotBuilder::Attribute> const attributes{{"uid", {"ann"}}};
    builder.add_person(EntryId{"p"}, "uid=ann,ou=people,dc=x", attributes);
    group = builder.add_group(EntryId{"g"}, "cn=staff,ou=groups,dc=x", {});
  }
  /// Why the value of the group names nobody.
  Cause cause_of_dn(std::string const& value) {
    builder.add_member_dn(group, value);
    return only_cause();
  }
  Cause cause_of_uid(std::string const& value) {
    builder.add_member_uid(group, value);
    return only_cause();
  }
  Cause only_cause() {
    auto const snapshot = std::move(builder).build({});
    EXPECT_TRUE(snapshot);
    findings = unresolved_by_cause(*snapshot, {"dc=x", "ou=people,dc=x", "ou=groups,dc=x"});
    EXPECT_EQ(findings.size(), 1U);
    return findings.empty() ? Cause::not_read : findings.begin()->first;
  }
  SnapshotBuilder builder{"corp"};
  GroupIndex group = 0;
  std::map<Cause, CauseFinding> findings;
};

TEST_F(GivenMemberValues, WhenNothingHasTheDnThenItsEntryIsGone) {
  EXPECT_EQ(cause_of_uid("uid=bob,ou=people,dc=x"), Cause::gone);
  EXPECT_THAT(findings.at(Cause::gone).examples,
              ElementsAre("\"uid=bob,ou=people,dc=x\" in \"cn=staff,ou=groups,dc=x\""));
}
TEST_F(GivenMemberValues, WhenOnlyTheCaseDiffersThenThatIsTheCause) {
  EXPECT_EQ(cause_of_uid("ANN"), Cause::other_case);
}
TEST_F(GivenMemberValues, WhenTheNameIsOfAnotherDomainThenThatIsTheCause) {
  EXPECT_EQ(cause_of_uid("ann@example.com"), Cause::other_domain);
}
TEST_F(GivenMemberValues, WhenNobodyHasTheNameThenItIsGone) { EXPECT_EQ(cause_of_uid("bob"), Cause::gone); }
TEST_F(GivenMemberValues, WhenTheDnIsCutShortThenThatIsTheCause) {
  EXPECT_EQ(cause_of_dn("uid=ann"), Cause::relative_name);
}
TEST_F(GivenMemberValues, WhenTheDnIsOfAnotherTreeThenThatIsTheCause) {
  EXPECT_EQ(cause_of_dn("uid=ann,dc=y"), Cause::other_domain);
}
TEST_F(GivenMemberValues, WhenTheDnIsBesideTheBasesThenThatIsTheCause) {
  EXPECT_EQ(cause_of_dn("uid=bob,ou=left,dc=x"), Cause::outside_bases);
}
TEST_F(GivenMemberValues, WhenNothingIsAtTheDnThenItIsGone) {
  EXPECT_EQ(cause_of_dn("uid=bob,ou=people,dc=x"), Cause::gone);
}

TEST(GivenEachCause, WhenToldThenThereIsSomethingToDo) {
  for (auto const cause : {Cause::other_case, Cause::relative_name, Cause::other_domain, Cause::outside_bases,
                           Cause::not_read, Cause::gone}) {
    EXPECT_NE(std::string{explanation(cause, true)}, "");
    EXPECT_NE(std::string{explanation(cause, true)}, explanation(cause, false));
    EXPECT_NE(std::string{remedy(cause)}, "");
  }
}

}  // namespace
}  // namespace dirsync::doctor
