#include "ldap/connect/server.hpp"

#include <gmock/gmock.h>

namespace dirsync::ldap {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Transport = Server::Transport;

TEST(GivenAUri, WhenItNamesAServerThenItsPartsAreFound) {
  auto const plain = parse_server("ldap://ldap.example.com"), tls = parse_server("ldaps://10.0.0.1:1636"),
             local = parse_server("ldapi://%2Frun%2Fslapd%2Fldapi"), six = parse_server("ldaps://[::1]");
  ASSERT_TRUE(plain && tls && local && six);
  EXPECT_EQ(plain->transport, Transport::plain);
  EXPECT_EQ(plain->host, "ldap.example.com");
  EXPECT_EQ(plain->port, 389);
  EXPECT_EQ(tls->transport, Transport::tls);
  EXPECT_EQ(tls->port, 1636);
  EXPECT_EQ(local->transport, Transport::local);
  EXPECT_EQ(local->host, "/run/slapd/ldapi");
  EXPECT_EQ(six->host, "::1");
  EXPECT_EQ(six->port, 636);
}

TEST(GivenAUri, WhenItNamesNoServerThenNothing) {
  for (auto const* uri : {"", "ldap.example.com", "http://a", "ldap://", "ldaps://:636", "ldapi://",
                          "ldapi:///", "ldapi://relative", "ldap://a:port"})
    EXPECT_FALSE(parse_server(uri)) << uri;
}

struct GivenThreeServers : testing::Test {
  std::vector<std::string> order(std::chrono::milliseconds at) const {
    return memory.in_order({"a", "b", "c"}, start + at);
  }
  Instant const start{};
  ServerMemory memory{Retry{4, 500ms, 60s}};
};

TEST_F(GivenThreeServers, WhenNoneFailedThenTheListHolds) {
  EXPECT_THAT(order(0ms), ElementsAre("a", "b", "c"));
}

TEST_F(GivenThreeServers, WhenOneFailedThenItComesLastForAPause) {
  memory.failed("a", "why", start);
  EXPECT_THAT(order(0ms), ElementsAre("b", "c", "a"));
  EXPECT_THAT(order(999ms), ElementsAre("b", "c", "a"));
  EXPECT_EQ(memory.reason("a", start), "why");
  EXPECT_THAT(order(1000ms), ElementsAre("a", "b", "c"));
  EXPECT_EQ(memory.reason("a", start + 1000ms), "");
}

TEST_F(GivenThreeServers, WhenItFailsAgainAndAgainThenThePauseGrowsToTheLongest) {
  auto now = start;
  std::vector<std::chrono::milliseconds> pauses;
  for (int failure = 0; failure < 9; ++failure) {
    memory.failed("a", "why", now);
    auto pause = 0ms;
    while (!memory.reason("a", now + pause).empty()) pause += 500ms;
    pauses.push_back(pause);
    now += pause;
  }
  EXPECT_THAT(pauses, ElementsAre(1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s, 60s));
}

TEST_F(GivenThreeServers, WhenAFailureLiesLongBackThenThePauseStartsAnew) {
  memory.failed("a", "why", start);
  memory.failed("a", "why", start + 62s);
  EXPECT_EQ(memory.reason("a", start + 63s), "");
}

TEST_F(GivenThreeServers, WhenAllFailedThenAllAreStillTried) {
  for (auto const* uri : {"b", "a", "c"}) memory.failed(uri, "why", start);
  EXPECT_THAT(order(0ms), ElementsAre("a", "b", "c"));
}

}  // namespace
}  // namespace dirsync::ldap
