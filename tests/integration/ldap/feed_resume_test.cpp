// Where a feed goes on: after a restart of ours, of the server, and with cookies that are worth nothing.
#include <gmock/gmock.h>

#include "ldap/feed/content_sync.hpp"
#include "ldap/feed/feed_cookie.hpp"
#include "tests/integration/ldap/sync_feed_fixture.hpp"

namespace dirsync::ldap {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

struct GivenAnEndedFeed : SyncFeedFixture {
  void SetUp() override {
    SyncFeedFixture::SetUp();
    cookie = follow().cookie;
    feed.reset();
  }
  void change_ann_and_delete_bob() const {
    slapd->modify(replacing("ann", "mail", "new@example.com") + deleting(test::person_dn("bob")));
  }
  void expect_look_everywhere(FeedNews const& news) const {
    EXPECT_NE(news.look_everywhere, "");
    EXPECT_THAT(news.events, IsEmpty());
  }
  std::string cookie;
};

TEST_F(GivenAnEndedFeed, WhenItGoesOnThenWhatItMissedIsTold) {
  change_ann_and_delete_bob();
  auto const news = go_on(cookie);
  EXPECT_EQ(news.look_everywhere, "");
  ASSERT_EQ(news.events.size(), 2U);
  for (auto const& event : news.events)
    EXPECT_EQ(event.id, event.what == FeedEvent::What::changed ? id(kAnn) : id(kBob));
  EXPECT_NE(news.events[0].what, news.events[1].what);
  EXPECT_NE(news.cookie, cookie);
}

TEST_F(GivenAnEndedFeed, WhenNothingWasMissedThenItWaits) {
  feed.emplace(settings(), query());
  feed->resume(cookie);
  EXPECT_THAT(events_until_last(), IsEmpty());
}

TEST_F(GivenAnEndedFeed, WhenTheServerRestartedAndDeletionsAreForgottenThenEverywhere) {
  change_ann_and_delete_bob();
  slapd->stop();
  slapd->start();
  expect_look_everywhere(go_on(cookie));
  EXPECT_THAT(events_until_last(), IsEmpty());
}

TEST_F(GivenAnEndedFeed, WhenTheServerKeepsNoSessionLogThenEverywhere) {
  slapd->reconfigure(options({}));
  change_ann_and_delete_bob();
  expect_look_everywhere(go_on(cookie));
}

TEST_F(GivenAnEndedFeed, WhenTheServerWasPutBackThenEverywhere) {
  auto const backup = slapd->backup();
  feed.emplace(settings(), query());
  feed->resume(cookie);
  slapd->modify(replacing("ann", "mail", "new@example.com"));
  auto const newer = must_get_next().cookie;
  feed.reset();
  slapd->restore(backup);
  auto const news = go_on(newer);
  expect_look_everywhere(news);
  // From there on it goes on.
  EXPECT_THAT(events_until_last(), IsEmpty());
}

TEST_F(GivenAnEndedFeed, WhenTheCookieIsNoneThenEverywhere) {
  for (auto const& broken : {std::string{"garbage"}, std::string{"{}"}, cookie.substr(1)})
    expect_look_everywhere(go_on(broken));
}

TEST_F(GivenAnEndedFeed, WhenTheServersPartOfTheCookieIsBrokenThenEverywhere) {
  auto broken = parse_feed_cookie(cookie).value();
  broken.position = to_position({"garbage", "garbage"});
  expect_look_everywhere(go_on(to_document(broken)));
}

TEST_F(GivenAnEndedFeed, WhenOneBasesPartOfTheCookieIsMissingThenEverywhere) {
  auto broken = parse_feed_cookie(cookie).value();
  broken.position = to_position({cookies_of(broken.position, 2).value().front()});
  expect_look_everywhere(go_on(to_document(broken)));
}

TEST_F(GivenAnEndedFeed, WhenSomethingElseIsFollowedThenEverywhere) {
  auto other = settings();
  other.users.filter = "(objectClass=person)";
  expect_look_everywhere(go_on(other, cookie));
  other = settings();
  other.users.base = "dc=example,dc=com";
  expect_look_everywhere(go_on(other, cookie));
}

TEST_F(GivenAnEndedFeed, WhenAnotherAccountFollowsThenEverywhere) {
  auto other = settings();
  other.tls.plaintext = true;
  other.bind.method = Bind::Method::simple;
  other.bind.dn = "cn=admin,dc=example,dc=com";
  other.bind.password = Secret{"secret"};
  expect_look_everywhere(go_on(other, cookie));
}

TEST_F(GivenAnEndedFeed, WhenAnotherServerAnswersThenEverywhere) {
  slapd.emplace(options({"syncprov-sessionlog 1000"}, {"serverID 5"}));
  change_the_last();
  auto const of_five = follow().cookie;
  slapd.emplace(options({"syncprov-sessionlog 1000"}, {"serverID 6"}));
  change_the_last();
  expect_look_everywhere(go_on(of_five));
}

TEST_F(GivenAnEndedFeed, WhenThereIsNobodyThenItFollowsAllTheSame) {
  auto empty = options();
  empty.ldif = test::ldif_tree();
  slapd.emplace(empty);
  expect_look_everywhere(follow());
  slapd->modify("dn: " + test::person_dn("ann") +
                "\nchangetype: add\nobjectClass: inetOrgPerson\nuid: ann\ncn: ann\nsn: ann\n\n");
  EXPECT_THAT(in_words(must_get_next().events), UnorderedElementsAre("changed " + test::person_dn("ann")));
}

}  // namespace
}  // namespace dirsync::ldap
