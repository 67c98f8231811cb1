#pragma once
#include <string>
#include <utility>
#include <vector>

#include "ldap/feed/ldap_feed.hpp"
#include "ldap/search/entry_id.hpp"
#include "tests/integration/ldap/fixture.hpp"

namespace dirsync::ldap {

constexpr unsigned kAnn = 1, kBob = 2, kLast = 99, kStaffGroup = 100;

/// A slapd that offers content synchronisation, and a feed of it. Nothing waits for a time: what is no news
/// is followed by a change that is.
struct SyncFeedFixture : LdapFixture {
  std::optional<LdapFeed> feed;

  static test::Slapd::Options options(std::vector<std::string> more = {"syncprov-sessionlog 1000"},
                                      std::vector<std::string> global = {}) {
    global.emplace_back("moduleload syncprov");
    more.insert(more.begin(), "overlay syncprov");
    return {.ldif = small_ldif() + test::ldif_person("bob", kBob) + test::ldif_person("last", kLast),
            .global_lines = std::move(global),
            .database_lines = std::move(more)};
  }
  void SetUp() override { slapd.emplace(options()); }

  Result<FeedNews> next() { return run(feed->next()); }

  FeedNews must_get_next() {
    auto news = next();
    EXPECT_TRUE(news) << (news ? "" : text(news.error()));
    return news ? std::move(*news) : FeedNews{};
  }

  /// Begins to follow; what is there already is told by then.
  FeedNews follow(Settings const& settings) {
    feed.emplace(settings, query());
    return must_get_next();
  }
  FeedNews follow() { return follow(settings()); }

  /// Another feed, going on where the last one ended; the changes in between are told by then.
  FeedNews go_on(Settings const& settings, std::string cookie) {
    feed.emplace(settings, query());
    feed->resume(std::move(cookie));
    return must_get_next();
  }
  FeedNews go_on(std::string cookie) { return go_on(settings(), std::move(cookie)); }

  static EntryId id(unsigned number) { return EntryId{test::uuid(number)}; }

  /// Changes an attribute of interest of the last person.
  void change_the_last() const {
    static int count = 0;
    slapd->modify(replacing("last", "mail", std::to_string(++count) + "@example.com"));
  }

  static std::string replacing(std::string const& uid, std::string const& attribute,
                               std::string const& value) {
    return "dn: " + test::person_dn(uid) + "\nchangetype: modify\nreplace: " + attribute + "\n" + attribute +
           ": " + value + "\n\n";
  }
  static std::string deleting(std::string const& dn) { return "dn: " + dn + "\nchangetype: delete\n\n"; }

  /// All news of people up to the next change of the last one: of one base, so in the server's order.
  std::vector<FeedEvent> events_until_last() {
    change_the_last();
    std::vector<FeedEvent> events;
    while (true) {
      auto const news = next();
      EXPECT_TRUE(news) << (news ? "" : text(news.error()));
      if (!news) return events;
      EXPECT_EQ(news->look_everywhere, "");
      EXPECT_NE(news->cookie, "");
      for (auto const& event : news->events) {
        if (event.id == id(kLast)) return events;
        events.push_back(event);
      }
    }
  }
};

/// "changed uid=ann,ou=...".
inline std::string in_words(FeedEvent const& event) {
  return (event.what == FeedEvent::What::changed ? "changed " : "deleted ") + event.dn;
}

inline std::vector<std::string> in_words(std::vector<FeedEvent> const& events) {
  std::vector<std::string> words;
  for (auto const& event : events) words.push_back(in_words(event));
  return words;
}

}  // namespace dirsync::ldap
