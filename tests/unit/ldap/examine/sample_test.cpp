#include "ldap/examine/sample.hpp"

#include <gmock/gmock.h>

#include "ldap/errors.hpp"
#include "ldap/examine/servers.hpp"

namespace dirsync::ldap {
namespace {
using testing::ElementsAre;
using testing::IsEmpty;

SampledEntry entry(std::string dn, std::vector<SampledEntry::Attribute> attributes) {
  return {.dn = std::move(dn), .attributes = std::move(attributes)};
}

TEST(GivenASample, WhenAttributesAreCountedThenAnyNameOfATypeWillDo) {
  std::vector<SampledEntry> const people{entry("uid=a", {{"uid", {"a"}}, {"mail", {}}}),
                                         entry("uid=b", {{"UID;lang-de", {"b"}}})};
  std::vector<AskedAttribute> const asked{{"userid", "member_name", true, true},
                                          {"mail", "member_name", true, true},
                                          {"uid", "group_name", false, true}};
  auto const shown = attributes_shown(asked, builtin_schema(), people, {});
  ASSERT_EQ(shown.size(), 3U);
  EXPECT_EQ(shown[0].shown, 2U);
  EXPECT_TRUE(shown[0].is_known);
  EXPECT_EQ(shown[1].shown, 0U);
  EXPECT_EQ(shown[2].shown, 0U);
}

TEST(GivenAMisspeltName, WhenAttributesAreCountedThenTheNearestOneIsNamed) {
  auto const shown =
      attributes_shown({{"employetype", "users.disabled", true, false}}, builtin_schema(), {}, {});
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_FALSE(shown[0].is_known);
  EXPECT_EQ(shown[0].nearest, "employeeType");
}

TEST(GivenASample, WhenAFilterIsEvaluatedThenWhoeverItFitsIsNamed) {
  std::vector<SampledEntry> const people{entry("uid=a", {{"employeeType", {"Disabled"}}}),
                                         entry("uid=b", {})};
  auto const filter = Filter::parse("(employeeType=disabled)");
  ASSERT_TRUE(filter);
  auto const fit = fitting(*filter, builtin_schema(), people);
  ASSERT_TRUE(fit);
  EXPECT_THAT(*fit, ElementsAre("uid=a"));
}

TEST(GivenTwoAnswers, WhenTheyDifferThenAllAreCountedAndAFewNamed) {
  FilterFinding finding;
  note_differences({"a", "b", "c", "d", "e"}, {"e", "f"}, finding);
  EXPECT_EQ(finding.ours, 5U);
  EXPECT_EQ(finding.theirs, 2U);
  EXPECT_EQ(finding.different, 5U);
  EXPECT_THAT(finding.only_ours, ElementsAre("a", "b", "c"));
  EXPECT_THAT(finding.only_theirs, ElementsAre("f"));
  FilterFinding same;
  note_differences({"b", "a"}, {"a", "b"}, same);
  EXPECT_EQ(same.different, 0U);
  EXPECT_THAT(same.only_ours, IsEmpty());
}

TEST(GivenAConnectionThatFailed, WhenItsErrorIsReadThenItTellsTheStep) {
  using Step = ServerFinding::Step;
  EXPECT_EQ(step_of({LdapErrc::tls_failed, "server a: TLS handshake: no"}), Step::tls);
  EXPECT_EQ(step_of({LdapErrc::timed_out, "server a: TLS handshake: no answer"}), Step::tls);
  EXPECT_EQ(step_of({LdapErrc::bad_setup, "server a: the TLS settings cannot be used"}), Step::tls);
  EXPECT_EQ(step_of({LdapErrc::connect_failed, "server a: no connection: refused"}), Step::connection);
  EXPECT_EQ(step_of({LdapErrc::bind_refused, "server a: bind as \"x\": result 49"}), Step::logon);
}

}  // namespace
}  // namespace dirsync::ldap
