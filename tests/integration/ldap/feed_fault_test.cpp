// A server that says too much, too little, or what is none of the protocol's.
#include <gmock/gmock.h>

#include <atomic>
#include <future>

#include "sync/model/hex.hpp"
#include "tests/integration/ldap/sync_feed_fixture.hpp"
#include "tests/support/ldap/proxy.hpp"
#include "tests/support/process/process.hpp"

namespace dirsync::ldap {
namespace {

using test::LdapMessage;
using test::LdapProxy;
using test::LdapRequest;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Messages = std::vector<LdapMessage>;

constexpr std::uint8_t kIntermediate = 0x79;

/// 16 bytes.
std::string uuid_bytes(unsigned number) {
  auto digits = test::uuid(number);
  std::erase(digits, '-');
  return from_hex(digits).value();
}

struct GivenABentFeed : SyncFeedFixture {
  /// Follows through a proxy that leaves everything alone until `bends`.
  void follow_bent(LdapProxy::Edit edit, std::chrono::milliseconds idle = std::chrono::seconds{20}) {
    auto bent = [this, edit = std::move(edit)](LdapRequest const& request, LdapMessage message) {
      return bends ? edit(request, std::move(message)) : Messages{std::move(message)};
    };
    proxy.emplace(slapd->port(), std::move(bent));
    auto settings = settings_for(proxy->uri());
    settings.timeouts.idle = idle;
    EXPECT_NE(follow(settings).look_everywhere, "");
    bends = true;
  }
  /// As follow_bent(), with one change of Ann on the way.
  Result<FeedNews> bent_change(std::function<void(LdapMessage&)> bend) {
    follow_bent([bend = std::move(bend)](LdapRequest const&, LdapMessage message) {
      if (message.operation == LdapMessage::kSearchEntry || message.operation == kIntermediate) bend(message);
      return Messages{std::move(message)};
    });
    slapd->modify(replacing("ann", "mail", "new@example.com"));
    return next();
  }
  void expect_bad_answer(Result<FeedNews> const& news, std::string const& words) {
    ASSERT_FALSE(news);
    EXPECT_EQ(news.error().code, LdapErrc::bad_answer);
    EXPECT_THAT(text(news.error()), HasSubstr(words));
  }

  std::atomic<bool> bends = false;
  std::optional<LdapProxy> proxy;  // its thread ends before what it bends with
};

TEST_F(GivenABentFeed, WhenTheServerFloodsThenEverywhereInsteadOfAListOfAll) {
  follow_bent([](LdapRequest const&, LdapMessage message) {
    Messages messages{message};
    auto const place = message.controls.find(uuid_bytes(kAnn));
    if (message.operation != LdapMessage::kSearchEntry || place == std::string::npos) return messages;
    for (unsigned number = 1'000; number < 32'000; ++number) {
      message.controls.replace(place, 16, uuid_bytes(number));
      messages.push_back(message);
    }
    return messages;
  });
  slapd->modify(replacing("ann", "mail", "new@example.com"));
  // However the messages fall into gatherings: no list is longer than it may be, and all of it is told.
  std::size_t told = 0;
  auto everywhere = false;
  while (told < 31'001 && !everywhere) {
    auto const news = next();
    ASSERT_TRUE(news) << text(news.error());
    EXPECT_LE(news->events.size(), 10'000U);
    told += news->events.size();
    everywhere = !news->look_everywhere.empty();
    EXPECT_TRUE(!everywhere || news->events.empty());
  }
  bends = false;
}

TEST_F(GivenABentFeed, WhenTheSameComesAgainAndAgainThenItIsToldOnce) {
  follow_bent([](LdapRequest const&, LdapMessage message) {
    if (message.operation != LdapMessage::kSearchEntry) return Messages{std::move(message)};
    return Messages(100, message);
  });
  slapd->modify(replacing("ann", "mail", "new@example.com"));
  EXPECT_THAT(in_words(must_get_next().events), ElementsAre("changed " + test::person_dn("ann")));
  bends = false;
  EXPECT_THAT(events_until_last(), IsEmpty());
}

TEST_F(GivenABentFeed, WhenTheServerFallsSilentThenAnErrorThatMayPass) {
  follow_bent([](LdapRequest const&, LdapMessage) { return Messages{}; }, std::chrono::seconds{3});
  auto const news = next();
  ASSERT_FALSE(news);
  EXPECT_EQ(news.error().code, LdapErrc::timed_out);
  EXPECT_THAT(text(news.error()), HasSubstr("no sign of life within 3000 ms"));
  bends = false;
  slapd->modify(replacing("ann", "mail", "new@example.com"));
  // To the search below the groups' base the server names her as one who is not there.
  EXPECT_THAT(in_words(must_get_next().events), Contains("changed " + test::person_dn("ann")));
}

TEST_F(GivenABentFeed, WhenNothingChangesForLongThenItIsAskedForSignsOfLifeAndGoesOn) {
  std::atomic<int> signs = 0;
  follow_bent(
      [&signs](LdapRequest const& request, LdapMessage message) {
        auto const is_root = request.search.base.empty() && request.search.scope == 0;
        if (is_root && message.operation == LdapMessage::kSearchDone) ++signs;
        return Messages{std::move(message)};
      },
      std::chrono::seconds{3});
  auto changing = std::async(std::launch::async, [this, &signs] {
    EXPECT_TRUE(test::eventually([&signs] { return signs > 0; }));
    slapd->modify(replacing("ann", "mail", "new@example.com"));
  });
  EXPECT_THAT(in_words(must_get_next().events), ElementsAre("changed " + test::person_dn("ann")));
  changing.get();
  feed.reset();
  proxy.reset();
}

TEST_F(GivenABentFeed, WhenAnEntryHasNoStateThenAnError) {
  expect_bad_answer(bent_change([](LdapMessage& message) { message.controls.clear(); }),
                    "without a Sync State control");
}

TEST_F(GivenABentFeed, WhenAStateIsMalformedThenAnError) {
  expect_bad_answer(bent_change([](LdapMessage& message) {
                      auto const place = message.controls.find(uuid_bytes(kAnn));
                      if (place != std::string::npos) message.controls[place - 1] = 15;  // its length
                    }),
                    "Sync State control");
}

TEST_F(GivenABentFeed, WhenHalfAnEntryComesThenAnError) {
  expect_bad_answer(bent_change([](LdapMessage& message) {
                      if (message.operation == LdapMessage::kSearchEntry)
                        message.body.resize(message.body.size() / 2);
                    }),
                    "an entry ");
}

}  // namespace
}  // namespace dirsync::ldap
