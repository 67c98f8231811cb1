// What a feed tells of a real 389 Directory Server.
#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>

#include "ldap/feed/content_sync.hpp"
#include "ldap/feed/feed_cookie.hpp"
#include "ldap/feed/ldap_feed.hpp"
#include "tests/support/ldap/ds389.hpp"
#include "tests/support/ldap/ldif.hpp"

namespace dirsync::ldap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

boost::asio::awaitable<void> keep_news(LdapFeed& feed, std::optional<Result<FeedNews>>& news) {
  news.emplace(co_await feed.next());
}

std::string person(std::string const& uid) {
  return "dn: " + test::person_dn(uid) + "\nobjectClass: inetOrgPerson\nuid: " + uid + "\ncn: " + uid +
         "\nsn: " + uid + "\nmail: " + uid + "@example.com\n\n";
}

std::string replacing(std::string const& uid, std::string const& attribute, std::string const& value) {
  return "dn: " + test::person_dn(uid) + "\nchangetype: modify\nreplace: " + attribute + "\n" + attribute +
         ": " + value + "\n\n";
}

struct GivenA389Feed : testing::Test {
  static std::unique_ptr<test::Ds389> start(std::vector<std::string> const& plugins) {
    test::Ds389::Options options;
    options.ldif =
        "dn: dc=example,dc=com\nobjectClass: domain\ndc: example\n\n"
        "dn: ou=people,dc=example,dc=com\nobjectClass: organizationalUnit\nou: people\n\n"
        "dn: ou=groups,dc=example,dc=com\nobjectClass: organizationalUnit\nou: groups\n\n" +
        person("ann") + person("bob") + person("last");
    options.plugins = plugins;
    return std::make_unique<test::Ds389>(options);
  }
  /// For all tests, which leave the people as they were.
  static void SetUpTestSuite() {
    server = start({"Content Synchronization", "Retro Changelog Plugin"});
    // Of deleted entries the change log would not know the id otherwise.
    server->tools().modify(
        "dn: cn=Retro Changelog Plugin,cn=plugins,cn=config\nchangetype: modify\nadd: nsslapd-attribute\n"
        "nsslapd-attribute: nsuniqueid:targetUniqueId\n\n");
    server->stop();
    server->start();
  }
  static void TearDownTestSuite() { server.reset(); }

  static Settings settings(test::Ds389 const& from) {
    Settings settings;
    settings.name = "corp";
    settings.uris = {from.uri()};
    settings.base = "dc=example,dc=com";
    settings.users = {"ou=people,dc=example,dc=com", ""};
    settings.groups = {"ou=groups,dc=example,dc=com", ""};
    settings.tls.plaintext = true;
    settings.bind.method = Bind::Method::simple;
    settings.bind.dn = "cn=Directory Manager";
    settings.bind.password = Secret{"secret123"};
    return settings;
  }
  static DirectoryQuery query() {
    DirectoryQuery query;
    query.person_attributes = {"mail"};
    return query;
  }

  Result<FeedNews> next() {
    std::optional<Result<FeedNews>> news;
    boost::asio::co_spawn(io, keep_news(*feed, news), boost::asio::detached);
    io.restart();
    io.run();
    return std::move(news).value();
  }
  FeedNews must_get_next() {
    auto news = next();
    EXPECT_TRUE(news) << (news ? "" : text(news.error()));
    return news ? std::move(*news) : FeedNews{};
  }
  FeedNews follow(std::string cookie = {}) {
    feed.emplace(settings(*server), query());
    if (!cookie.empty()) feed->resume(std::move(cookie));
    return must_get_next();
  }
  static EntryId id_of(std::string const& uid) {
    return EntryId{server->tools().value(test::person_dn(uid), "nsUniqueId")};
  }
  static std::string new_mail() {
    static int count = 0;
    return std::to_string(++count) + "@example.org";
  }
  /// All news of people up to the next change of the last one.
  std::vector<FeedEvent> events_until_last() {
    auto const last = id_of("last");
    server->tools().modify(replacing("last", "mail", new_mail()));
    std::vector<FeedEvent> events;
    while (true) {
      auto const news = next();
      EXPECT_TRUE(news) << (news ? "" : text(news.error()));
      if (!news) return events;
      for (auto const& event : news->events) {
        if (event.id == last) return events;
        events.push_back(event);
      }
    }
  }
  static std::vector<std::string> dns(std::vector<FeedEvent> const& events) {
    std::vector<std::string> names;
    for (auto const& event : events) names.push_back(event.dn);
    return names;
  }

  static inline std::unique_ptr<test::Ds389> server;
  boost::asio::io_context io;
  std::optional<LdapFeed> feed;
};

TEST_F(GivenA389Feed, WhenItBeginsThenItSaysToLookEverywhere) {
  auto const news = follow();
  EXPECT_NE(news.look_everywhere, "");
  EXPECT_THAT(news.events, IsEmpty());
  EXPECT_NE(news.cookie, "");
  EXPECT_EQ(feed->kind(), FeedKind::content_sync);
}

TEST_F(GivenA389Feed, WhenAPersonChangesThenTheIdIsThatOfReads) {
  follow();
  server->tools().modify(replacing("ann", "description", new_mail()) + replacing("ann", "mail", new_mail()));
  auto const events = events_until_last();
  ASSERT_THAT(dns(events), ElementsAre(test::person_dn("ann")));
  EXPECT_EQ(events.front().what, FeedEvent::What::changed);
  EXPECT_EQ(events.front().id, id_of("ann"));
  EXPECT_TRUE(events.front().changed_at);
}

TEST_F(GivenA389Feed, WhenAnotherAttributeChangesThenThatIsNoNews) {
  follow();
  server->tools().modify(replacing("ann", "description", new_mail()));
  EXPECT_THAT(events_until_last(), IsEmpty());
}

TEST_F(GivenA389Feed, WhenAPersonComesAndGoesThenBothAreTold) {
  follow();
  server->tools().modify(person("cyd"));
  auto const came = events_until_last();
  ASSERT_THAT(dns(came), ElementsAre(test::person_dn("cyd")));
  server->tools().modify("dn: " + test::person_dn("cyd") + "\nchangetype: delete\n\n");
  auto const went = events_until_last();
  ASSERT_EQ(went.size(), 1U);
  EXPECT_EQ(went.front().what, FeedEvent::What::deleted);
  EXPECT_EQ(went.front().id, came.front().id);
}

TEST_F(GivenA389Feed, WhenItGoesOnAfterARestartThenWhatItMissedIsTold) {
  server->tools().modify(person("eva"));
  auto const eva = id_of("eva");
  auto const cookie = follow().cookie;
  feed.reset();
  server->tools().modify(replacing("ann", "mail", new_mail()) + "dn: " + test::person_dn("eva") +
                         "\nchangetype: delete\n\n");
  server->stop();
  server->start();
  auto const news = follow(cookie);
  EXPECT_EQ(news.look_everywhere, "");
  ASSERT_EQ(news.events.size(), 2U);
  for (auto const& event : news.events)
    EXPECT_EQ(event.id, event.what == FeedEvent::What::deleted ? eva : id_of("ann"));
  EXPECT_NE(news.events[0].what, news.events[1].what);
}

TEST_F(GivenA389Feed, WhenTheServerDoesNotTakeTheCookieThenEverywhere) {
  auto cookie = parse_feed_cookie(follow().cookie).value();
  auto of_bases = cookies_of(cookie.position, 2).value();
  // What stands behind it is the number of the last change.
  of_bases[1].replace(of_bases[1].rfind('#'), 1, "a");
  cookie.position = to_position(of_bases);
  auto const news = follow(to_document(cookie));
  EXPECT_NE(news.look_everywhere, "");
  EXPECT_THAT(news.events, IsEmpty());
  EXPECT_THAT(events_until_last(), IsEmpty());
}

TEST(GivenA389WithoutPlugIns, WhenFollowedThenInTheNextBestWayWithTheReason) {
  auto const plain = GivenA389Feed::start({});
  LdapFeed feed{GivenA389Feed::settings(*plain), GivenA389Feed::query()};
  boost::asio::io_context io;
  std::optional<Result<FeedNews>> news;
  boost::asio::co_spawn(io, keep_news(feed, news), boost::asio::detached);
  io.run();
  ASSERT_TRUE(news && *news) << text(news->error());
  EXPECT_NE((*news)->look_everywhere, "");
  EXPECT_EQ(feed.kind(), FeedKind::timestamp_poll);
  EXPECT_THAT(feed.choice().passed_over, ElementsAre(HasSubstr("content-sync: ")));
}

}  // namespace
}  // namespace dirsync::ldap
