// What a feed tells of a real slapd while it follows it.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <future>

#include "tests/integration/ldap/sync_feed_fixture.hpp"

namespace dirsync::ldap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct GivenAFeed : SyncFeedFixture {
  Settings settings() const {
    auto settings = LdapFixture::settings();
    settings.users.filter = "(&(objectClass=inetOrgPerson)(!(employeeType=left)))";
    return settings;
  }
  void SetUp() override {
    SyncFeedFixture::SetUp();
    first = follow(settings());
  }
  FeedNews first;
};

TEST_F(GivenAFeed, WhenItBeginsThenItSaysToLookEverywhere) {
  EXPECT_NE(first.look_everywhere, "");
  EXPECT_THAT(first.events, IsEmpty());
  EXPECT_NE(first.cookie, "");
  EXPECT_EQ(feed->kind(), FeedKind::syncrepl);
  EXPECT_THAT(feed->choice().passed_over, IsEmpty());
}

TEST_F(GivenAFeed, WhenAnAttributeOfInterestChangesThenTheEntryIsToldWithItsTime) {
  auto const before = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  slapd->modify(replacing("ann", "mail", "new@example.com"));
  auto const news = must_get_next();
  ASSERT_THAT(in_words(news.events), ElementsAre("changed " + test::person_dn("ann")));
  EXPECT_EQ(news.events.front().id, id(kAnn));
  ASSERT_TRUE(news.events.front().changed_at);
  EXPECT_GE(*news.events.front().changed_at, before);
  EXPECT_LE(*news.events.front().changed_at, std::chrono::system_clock::now());
  EXPECT_NE(news.cookie, first.cookie);
}

TEST_F(GivenAFeed, WhenAnotherAttributeChangesThenThatIsNoNews) {
  slapd->modify(replacing("ann", "description", "of no interest") +
                replacing("ann", "mail", "ann@example.com"));
  EXPECT_THAT(events_until_last(), IsEmpty());
}

TEST_F(GivenAFeed, WhenAPersonComesIsRenamedAndGoesThenEachIsTold) {
  slapd->modify("dn: " + test::person_dn("cyd") +
                "\nchangetype: add\nobjectClass: inetOrgPerson\nuid: cyd\ncn: cyd\nsn: cyd\n\n" + "dn: " +
                test::person_dn("cyd") + "\nchangetype: modrdn\nnewrdn: cn=cyd\ndeleteoldrdn: 0\n\n" +
                deleting("cn=cyd,ou=people,dc=example,dc=com"));
  auto const events = events_until_last();
  // An entry that was renamed or deleted by the time slapd sends it may come as it is then, or not at all.
  ASSERT_THAT(events, testing::Not(IsEmpty()));
  EXPECT_EQ(events.back().what, FeedEvent::What::deleted);
  for (auto const& event : events) EXPECT_EQ(event.id, events.front().id);
}

TEST_F(GivenAFeed, WhenOnlyTheNameOfAnEntryChangesThenThatIsNews) {
  slapd->modify("dn: " + test::person_dn("ann") +
                "\nchangetype: modrdn\nnewrdn: sn=ann\ndeleteoldrdn: 0\n\n");
  EXPECT_THAT(in_words(events_until_last()), ElementsAre("changed sn=ann,ou=people,dc=example,dc=com"));
}

TEST_F(GivenAFeed, WhenAPersonLeavesTheFilterAndComesBackThenDeletedAndChanged) {
  slapd->modify(replacing("ann", "employeeType", "left"));
  auto const gone = events_until_last();
  ASSERT_THAT(in_words(gone), ElementsAre("deleted " + test::person_dn("ann")));
  EXPECT_EQ(gone.front().id, id(kAnn));
  slapd->modify(replacing("ann", "employeeType", "staff"));
  EXPECT_THAT(in_words(events_until_last()), ElementsAre("changed " + test::person_dn("ann")));
}

TEST_F(GivenAFeed, WhenAGroupsMembersChangeThenTheGroupIsTold) {
  slapd->modify("dn: " + test::group_dn("staff") +
                "\nchangetype: modify\nadd: member\nmember: " + test::person_dn("bob") + "\n\n");
  auto const news = must_get_next();
  ASSERT_THAT(in_words(news.events), ElementsAre("changed " + test::group_dn("staff")));
  EXPECT_EQ(news.events.front().id, id(kStaffGroup));
}

TEST_F(GivenAFeed, WhenAnEntryOutsideOfTheBasesChangesThenThatIsNoNews) {
  slapd->modify("dn: cn=printer,dc=example,dc=com\nchangetype: add\nobjectClass: device\ncn: printer\n\n");
  EXPECT_THAT(events_until_last(), IsEmpty());
}

TEST_F(GivenAFeed, WhenTheServerEndsThenAnErrorAndTheNextCallLosesNothing) {
  auto stopping = std::async(std::launch::async, [this] { slapd->stop(); });
  auto const cut = next();
  stopping.get();
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, Failure::transient) << text(cut.error());
  EXPECT_FALSE(next());
  slapd->start();
  slapd->modify(replacing("ann", "mail", "new@example.com"));
  auto const news = must_get_next();
  auto const told = in_words(news.events);
  EXPECT_TRUE(!news.look_everywhere.empty() ||
              std::ranges::count(told, "changed " + test::person_dn("ann")) == 1);
  EXPECT_THAT(events_until_last(), IsEmpty());
}

TEST_F(GivenAFeed, WhenCancelledThenTheWaitEndsAndTheNextCallGoesOn) {
  boost::asio::cancellation_signal stop;
  std::optional<Result<FeedNews>> result;
  boost::asio::co_spawn(io, keep_result(feed->next(), result),
                        boost::asio::bind_cancellation_slot(stop.slot(), boost::asio::detached));
  io.restart();
  io.poll();
  stop.emit(boost::asio::cancellation_type::terminal);
  io.run();
  ASSERT_TRUE(result);
  ASSERT_FALSE(*result);
  EXPECT_EQ(result->error().code, LdapErrc::cancelled);
  slapd->modify(replacing("ann", "mail", "new@example.com"));
  EXPECT_THAT(in_words(must_get_next().events), ElementsAre("changed " + test::person_dn("ann")));
}

struct GivenNoOverlay : SyncFeedFixture {
  void SetUp() override { slapd.emplace(test::Slapd::Options{.ldif = small_ldif()}); }
};

TEST_F(GivenNoOverlay, WhenFollowedThenInTheNextBestWayWithTheReason) {
  EXPECT_NE(follow().look_everywhere, "");
  EXPECT_EQ(feed->kind(), FeedKind::timestamp_poll);
  EXPECT_THAT(feed->choice().passed_over,
              ElementsAre(testing::AllOf(HasSubstr("syncrepl: "), HasSubstr("overlay syncprov"))));
}

TEST_F(GivenNoOverlay, WhenTheModuleIsThereAloneThenInTheNextBestWayAsWell) {
  slapd.emplace(test::Slapd::Options{.ldif = small_ldif(), .global_lines = {"moduleload syncprov"}});
  EXPECT_NE(follow().look_everywhere, "");
  EXPECT_EQ(feed->kind(), FeedKind::timestamp_poll);
  EXPECT_THAT(feed->choice().passed_over, ElementsAre(HasSubstr("syncrepl: ")));
}

}  // namespace
}  // namespace dirsync::ldap
