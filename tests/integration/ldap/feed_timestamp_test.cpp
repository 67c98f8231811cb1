#include "ldap/feed/timestamp_poll.hpp"

#include <optional>

#include "ldap/feed/feed_cookie.hpp"
#include "tests/integration/ldap/feed_fixture.hpp"
#include "tests/support/ldap/ldif.hpp"
#include "tests/support/ldap/slapd.hpp"

namespace dirsync::ldap {
namespace {

using test::group_dn;
using test::person_dn;
using test::uuid;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using What = FeedEvent::What;

struct GivenAServerWithoutAFeed : FollowerFixture {
  std::optional<test::Slapd> slapd;

  static std::string ldif() {
    return test::ldif_tree() + test::ldif_person("ann", 1) + test::ldif_person("bob", 2);
  }

  void start(test::Slapd::Options const& options) {
    slapd.emplace(options);
    settings.name = "corp";
    settings.uris = {slapd->uri()};
    settings.timeouts = {std::chrono::seconds{10}, std::chrono::seconds{30}, std::chrono::hours{1}};
    scope = {{"ou=people,dc=example,dc=com", "ou=groups,dc=example,dc=com"},
             "(|(objectClass=inetOrgPerson)(objectClass=groupOfNames))",
             {"cn", "mail", "member"}};
  }
  void SetUp() override {
    FollowerFixture::SetUp();
    start({.ldif = ldif()});
  }

  std::unique_ptr<Follower> begun() { return FollowerFixture::begun(follow_by_timestamp); }

  void set(std::string const& uid, std::string const& attribute, std::string const& value) const {
    slapd->modify("dn: " + person_dn(uid) + "\nchangetype: modify\nreplace: " + attribute + "\n" + attribute +
                  ": " + value + "\n\n");
  }
  void add_group(std::string const& cn, std::string const& member) const {
    slapd->modify("dn: " + group_dn(cn) + "\nchangetype: add\nobjectClass: groupOfNames\ncn: " + cn +
                  "\nmember: " + person_dn(member) + "\n\n");
  }
};

TEST_F(GivenAServerWithoutAFeed, WhenAnEntryIsAddedThenToldWithItsTime) {
  auto const follower = begun();
  EXPECT_EQ(follower->kind(), FeedKind::timestamp_poll);
  add_group("staff", "ann");
  auto const event = event_of(*follower, group_dn("staff"));
  EXPECT_EQ(event.what, What::changed);
  EXPECT_TRUE(event.changed_at);
}

TEST_F(GivenAServerWithoutAFeed, WhenAnEntryChangesTwiceWithinASecondThenTheSecondIsToldAsWell) {
  auto const follower = begun();
  set("ann", "mail", "first@example.com");
  EXPECT_EQ(event_of(*follower, person_dn("ann")).id, EntryId{uuid(1)});
  set("ann", "mail", "second@example.com");
  set("ann", "mail", "third@example.com");
  EXPECT_EQ(event_of(*follower, person_dn("ann")).id, EntryId{uuid(1)});
}

TEST_F(GivenAServerWithoutAFeed, WhenTheFeedBeganThenWhatWasBeforeIsNotTold) {
  auto const follower = begun();
  set("bob", "mail", "new@example.com");
  EXPECT_THAT(dns(events_until(*follower, person_dn("bob"))), ElementsAre(person_dn("bob")));
}

TEST_F(GivenAServerWithoutAFeed, WhenAnAttributeWithoutInterestChangesThenNothingIsTold) {
  auto const follower = begun();
  set("ann", "description", "x");
  set("bob", "mail", "new@example.com");
  EXPECT_THAT(dns(events_until(*follower, person_dn("bob"))), ElementsAre(person_dn("bob")));
}

TEST_F(GivenAServerWithoutAFeed, WhenAnEntryIsDeletedThenNothingIsTold) {
  auto const follower = begun();
  slapd->modify("dn: " + person_dn("ann") + "\nchangetype: delete\n\n");
  set("bob", "mail", "new@example.com");
  EXPECT_THAT(dns(events_until(*follower, person_dn("bob"))), ElementsAre(person_dn("bob")));
}

TEST_F(GivenAServerWithoutAFeed, WhenTheEntryThatChangedLastIsDeletedThenLookEverywhereAndGoOn) {
  auto late = test::ldif_person("zoe", 3);
  late.insert(late.size() - 1, "modifyTimestamp: 20250101000000Z\n");
  auto early = test::ldif_person("ann", 1);
  early.insert(early.size() - 1, "modifyTimestamp: 20200101000000Z\n");
  start({.ldif = test::ldif_tree() + early + late});
  auto const follower = begun();
  slapd->modify("dn: " + person_dn("zoe") + "\nchangetype: delete\n\n");
  EXPECT_THAT(look_everywhere(*follower), HasSubstr("no longer found"));
  set("ann", "mail", "new@example.com");
  EXPECT_EQ(event_of(*follower, person_dn("ann")).id, EntryId{uuid(1)});
}

TEST_F(GivenAServerWithoutAFeed, WhenItHidesTimesSinceTheLastFeedThenTheNextDoesNotSeemToFollow) {
  begun();
  start({.ldif = ldif(), .access = {"access to attrs=modifyTimestamp by * none", "access to * by * read"}});
  auto document = parse_feed_cookie(cookie).value();
  document.server = slapd->uri();
  auto const next = follow(follow_by_timestamp, to_document(document));
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code, LdapErrc::not_readable) << text(next.error());
}

TEST_F(GivenAServerWithoutAFeed, WhenAnEntryIsRenamedThenToldUnderTheNewName) {
  auto const follower = begun();
  slapd->modify("dn: " + person_dn("ann") + "\nchangetype: modrdn\nnewrdn: uid=anna\ndeleteoldrdn: 1\n\n");
  EXPECT_EQ(event_of(*follower, person_dn("anna")).id, EntryId{uuid(1)});
}

TEST_F(GivenAServerWithoutAFeed, WhenItRestartsThenTheNextFollowerGoesOn) {
  auto const follower = begun();
  slapd->stop();
  auto const news = follower->next();
  slapd->start();
  ASSERT_FALSE(news);
  EXPECT_EQ(news.error().code, LdapErrc::cut) << text(news.error());
  set("ann", "mail", "new@example.com");
  auto const next = follow(follow_by_timestamp, cookie);
  ASSERT_TRUE(next) << text(next.error());
  EXPECT_EQ(event_of(**next, person_dn("ann")).id, EntryId{uuid(1)});
}

TEST_F(GivenAServerWithoutAFeed, WhenTheCookieIsOfAnotherServerThenLookEverywhere) {
  begun();
  auto document = parse_feed_cookie(cookie).value();
  document.server = "ldap://elsewhere.example.com";
  auto const next = follow(follow_by_timestamp, to_document(document));
  ASSERT_TRUE(next) << text(next.error());
  EXPECT_THAT(look_everywhere(**next), Not(IsEmpty()));
}

TEST_F(GivenAServerWithoutAFeed, WhenStoppedThenTheWaitEnds) {
  auto const follower = begun();
  EXPECT_EQ(stopped(*follower), LdapErrc::cancelled);
}

TEST_F(GivenAServerWithoutAFeed, WhenThereIsNoEntryYetThenTheFirstIsTold) {
  start({.ldif = test::ldif_tree()});
  auto const follower = begun();
  add_group("staff", "ann");
  EXPECT_EQ(event_of(*follower, group_dn("staff")).what, What::changed);
}

TEST_F(GivenAServerWithoutAFeed, WhenAnEntryIsStampedInTheFutureThenTheOthersAreToldAllTheSame) {
  auto future = test::ldif_person("zoe", 3);
  future.insert(future.size() - 1, "modifyTimestamp: 20990101000000Z\n");
  start({.ldif = ldif() + future});
  auto const follower = begun();
  set("ann", "mail", "new@example.com");
  EXPECT_EQ(event_of(*follower, person_dn("ann")).id, EntryId{uuid(1)});
}

TEST_F(GivenAServerWithoutAFeed, WhenItHidesWhenEntriesChangedThenNotReadable) {
  start({.ldif = ldif(), .access = {"access to attrs=modifyTimestamp by * none", "access to * by * read"}});
  auto const follower = follow(follow_by_timestamp);
  ASSERT_FALSE(follower);
  EXPECT_EQ(follower.error().code, LdapErrc::not_readable) << text(follower.error());
}

}  // namespace
}  // namespace dirsync::ldap
