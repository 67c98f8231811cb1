// Few words in place of many.
#include <gmock/gmock.h>

#include "daemon/cli/change_words.hpp"
#include "daemon/cli/progress_line.hpp"
#include "daemon/cli/short_text.hpp"
#include "tests/unit/cli/plans.hpp"

namespace dirsync::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(GivenADn, WhenNamedThenByTheValueOfItsFirstPart) {
  EXPECT_EQ(name_in_dn("uid=ada,ou=people,dc=x"), "ada");
  EXPECT_EQ(name_in_dn("cn=Lovelace\\, Ada,ou=people"), "Lovelace, Ada");
  EXPECT_EQ(name_in_dn("cn=\\C3\\96l+uid=7,dc=x"), "Öl");
  EXPECT_EQ(name_in_dn("memberUid ada"), "memberUid ada");
  EXPECT_EQ(name_in_dn("cn="), "cn=");
  EXPECT_EQ(name_in_dn("cn=a\\"), "a\\");
}

TEST(GivenATextWithADigest, WhenShortenedThenThatAlone) {
  auto const digest = "95566da2716f" + std::string(52, '0');
  EXPECT_EQ(with_short_digests("approve " + digest + "; dead beef"), "approve 95566da2716f; dead beef");
  EXPECT_EQ(with_short_digests(digest + "0"), digest + "0");
}

TEST(GivenAChange, WhenItsReasonIsShortenedThenNoDnIsLeft) {
  test::PlanMaker made;
  EXPECT_EQ(short_why(Change{made.add("ops", "ada")}), "");
  EXPECT_EQ(short_why(Change{made.add("ops", "ada", {"inner"})}), "via inner");
  EXPECT_EQ(short_why(Change{made.add("ops", "ada", {"outer", "inner"})}), "via outer > inner");
  EXPECT_EQ(short_why(Change{made.remove("ops", "bob")}), "no longer a member");
  EXPECT_EQ(short_why(Change{made.remove_disabled("ops", "ann")}), "disabled: (employeeType=disabled)");
  auto created = made.add("ops", "hal");
  created.why += "; no such user yet: one is created";
  EXPECT_EQ(short_why(created), "no such user yet: one is created");
  auto left = made.remove("ops", "bob");
  left.why += ", or came through a nested group that is no longer found";
  EXPECT_EQ(short_why(left), "no longer a member, or came through a nested group that is no longer found");
  auto another = made.remove("ops", "bob");
  another.why = another.dn + " is a member as bob2 now, not as bob any more";
  EXPECT_EQ(short_why(another), "a member as bob2 now, not as bob any more");
}

TEST(GivenAChange, WhenItsSourcesAreAskedForThenThoseOfItsPath) {
  test::PlanMaker made;
  EXPECT_THAT(sources_of(made.add("ops", "ada", {"inner"})), ElementsAre(test::group_dn("pam-ops")));
  auto united = made.remove("ops", "bob");
  united.path = "cn=a,dc=x, cn=b,dc=x";
  EXPECT_THAT(sources_of(united), ElementsAre("cn=a,dc=x", "cn=b,dc=x"));
  united.path = "cn=a, ou=groups, dc=x";
  EXPECT_THAT(sources_of(united), ElementsAre("cn=a, ou=groups, dc=x"));
  EXPECT_THAT(sources_of(made.change(Verb::delete_group, "ops")), IsEmpty());
}

TEST(GivenSomethingThatTakesTime, WhenToldThenWithCountsRateAndTimeLeft) {
  using namespace std::chrono_literals;
  EXPECT_EQ(progress_text({.what = "planning", .read = {}, .elapsed = 2500ms}), "planning, 2 s");
  EXPECT_EQ(progress_text({.what = "reading", .read = {{"corp", 12'000}}, .elapsed = 1500ms}),
            "reading corp: 12,000 entries, 8,000/s");
  EXPECT_EQ(progress_text({.what = "reading", .read = {{"corp", 1}, {"hr", 2'500}}, .elapsed = 300ms}),
            "reading corp: 1 entry, hr: 2,500 entries");
  EXPECT_EQ(
      progress_text({.what = "applying changes", .done = 300, .total = 1200, .read = {}, .elapsed = 7500ms}),
      "applying changes: 300 of 1,200, 40/s, 22 s left");
  EXPECT_EQ(
      progress_text({.what = "applying changes", .done = 10, .total = 12'000, .read = {}, .elapsed = 2s}),
      "applying changes: 10 of 12,000, 5/s, 39 min left");
  EXPECT_EQ(progress_text({.what = "applying changes", .done = 0, .total = 3, .read = {}, .elapsed = 10ms}),
            "applying changes: 0 of 3");
  EXPECT_EQ(progress_text({.what = "a\033[2J", .read = {}, .elapsed = 1s}), "a?[2J, 1 s");
}

}  // namespace
}  // namespace dirsync::cli
