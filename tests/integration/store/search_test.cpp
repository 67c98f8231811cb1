// Who is found by a part of a name, rows before others, and what days came to.
#include <gmock/gmock.h>

#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct GivenPeopleToSearch : OpenStore {
  std::vector<std::string> found(std::string const& part, std::size_t most = 50) {
    std::vector<std::string> names;
    for (auto const& person : store.intervals().find_people(part, most).value())
      names.push_back(person.principal);
    return names;
  }
};

TEST_F(GivenPeopleToSearch, WhenAPartIsTypedThenBeginningsComeFirst) {
  for (auto const* const name : {"joanna", "Anna", "anne", "bob"}) apply(add(name));
  EXPECT_THAT(found("ann"), ElementsAre("Anna", "anne", "joanna"));
  EXPECT_THAT(found("ANN", 2), ElementsAre("Anna", "anne"));
  EXPECT_THAT(found("uid=bo"), ElementsAre("bob")) << "by a part of the DN";
  EXPECT_THAT(found("nobody"), IsEmpty());
  EXPECT_THAT(found(""), IsEmpty());
}

TEST_F(GivenPeopleToSearch, WhenAPartHasCharactersThatMeanSomethingElsewhereThenTheyAreCharacters) {
  for (auto const* const name : {"a%b", "a_b", "a'b", "äöü", "مدير"}) apply(add(name));
  EXPECT_THAT(found("%"), ElementsAre("a%b"));
  EXPECT_THAT(found("_"), ElementsAre("a_b"));
  EXPECT_THAT(found("'"), ElementsAre("a'b"));
  EXPECT_THAT(found("ÄÖ"), ElementsAre("äöü"));
  EXPECT_THAT(found("مد"), ElementsAre("مدير"));
}

TEST_F(GivenPeopleToSearch, WhenAPartOfADnHasOtherLettersThanAsciiThenItsCaseDoesNotMatter) {
  auto named_by_dn = add("mesut");
  named_by_dn.dn = "CN=Özil\\, Mesut,OU=Müller,DC=example,DC=com";
  apply(named_by_dn);
  for (auto const* const part : {"özil", "ÖZIL", "Özil", "müller"})
    EXPECT_THAT(found(part), ElementsAre("mesut")) << part;
  EXPECT_THAT(found("ößil"), IsEmpty());
}

TEST_F(GivenPeopleToSearch, WhenMembersAreCountedThenThoseOfNowCount) {
  apply(add("ann"));
  apply(add("bob"));
  auto gone = add("bob");
  gone.verb = Verb::remove;
  apply(gone);
  auto const group = store.intervals().find_groups("Operators", "vault", std::nullopt).value().at(0);
  EXPECT_EQ(store.intervals().count_members(group.number).value(), 1);
}

TEST_F(GivenPeopleToSearch, WhenRowsBeforeAnotherAreAskedForThenTheNewestOfThem) {
  for (auto const* const name : {"ann", "bob", "cid", "dan"}) apply(add(name));
  AuditFilter filter;
  filter.limit = 2;
  filter.before_sequence = rows().back().sequence;
  auto const before = rows(filter);
  ASSERT_THAT(before, SizeIs(2));
  EXPECT_EQ(before[0].principal, "bob");
  EXPECT_EQ(before[1].principal, "cid");
}

TEST_F(GivenPeopleToSearch, WhenDaysAreAskedForThenEachHasWhatItCameTo) {
  apply(add("ann"));
  auto gone = add("ann");
  gone.verb = Verb::remove;
  auto settled = with(gone, Outcome::done);
  settled.delay = 40ms;
  ASSERT_TRUE(store.settle(intend(gone), settled));
  apply(add("bob"), Outcome::failed);
  auto const days = store.daily_figures(clock->now() - 24h).value();
  ASSERT_EQ(days.size(), 1U);
  auto const& [name, day] = *days.begin();
  EXPECT_EQ(name, "2026-11-21");
  EXPECT_EQ(day.runs, 1);
  EXPECT_EQ(day.added, 1);
  EXPECT_EQ(day.removed, 1);
  EXPECT_EQ(day.failed, 1);
  EXPECT_THAT(day.removal_delays, ElementsAre(40ms));
  EXPECT_THAT(store.daily_figures(clock->now() + 24h).value(), IsEmpty());
}

TEST_F(GivenPeopleToSearch, WhenARunHasNoEndThenItFailedUnlessItIsTheNewest) {
  auto const failed = [this] {
    return store.daily_figures(clock->now() - 24h).value().begin()->second.runs_failed;
  };
  EXPECT_EQ(failed(), 0) << "it is under way";
  ASSERT_TRUE(store.begin_run({clock->now(), "sync", "uid:0 (root)", "config-1"}));
  EXPECT_EQ(failed(), 1);
}

}  // namespace
}  // namespace dirsync::store
