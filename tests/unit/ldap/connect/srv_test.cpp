#include "ldap/connect/srv.hpp"

#include <gmock/gmock.h>

#include <map>
#include <random>

#include "ldap/errors.hpp"
#include "tests/support/net/fake_dns.hpp"

namespace dirsync::ldap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> targets(std::vector<SrvRecord> const& records) {
  std::vector<std::string> names;
  for (auto const& record : records) names.push_back(record.target);
  return names;
}

struct GivenSrvRecords : testing::Test {
  static std::uint32_t lowest(std::uint32_t) { return 0; }
  static std::uint32_t highest(std::uint32_t most) { return most; }
};

TEST_F(GivenSrvRecords, WhenOrderedThenTheLowestPriorityComesFirst) {
  EXPECT_THAT(targets(in_srv_order({{20, 5, 1, "c"}, {10, 0, 1, "a"}, {15, 0, 1, "b"}}, highest)),
              ElementsAre("a", "b", "c"));
}

TEST_F(GivenSrvRecords, WhenTheDrawIsZeroThenAWeightlessOneComesFirst) {
  EXPECT_THAT(targets(in_srv_order({{1, 9, 1, "heavy"}, {1, 0, 1, "light"}}, lowest)),
              ElementsAre("light", "heavy"));
}

TEST_F(GivenSrvRecords, WhenTheDrawIsTheSumThenTheLastComesFirst) {
  EXPECT_THAT(targets(in_srv_order({{1, 1, 1, "a"}, {1, 2, 1, "b"}, {1, 3, 1, "c"}}, highest)),
              ElementsAre("c", "b", "a"));
}

TEST_F(GivenSrvRecords, WhenDrawnManyTimesThenWeightsDecideHowOften) {
  std::minstd_rand engine{42};
  auto const draw = [&engine](std::uint32_t most) {
    return std::uniform_int_distribution<std::uint32_t>{0, most}(engine);
  };
  std::map<std::string, int> first;
  for (int n = 0; n < 10'000; ++n)
    ++first[in_srv_order({{1, 750, 1, "big"}, {1, 250, 1, "small"}}, draw).front().target];
  EXPECT_NEAR(first["big"], 7'500, 200);
  EXPECT_NEAR(first["small"], 2'500, 200);
}

struct GivenADnsMessage : testing::Test {
  static Result<std::vector<SrvRecord>> parsed(std::string const& text) {
    return parse_srv({text.begin(), text.end()});
  }
  std::string const query = test::dns_query("_ldap._tcp.example.com");
};

TEST_F(GivenADnsMessage, WhenItIsWholeThenEveryRecordIsRead) {
  auto const records = parsed(test::dns_answer(
      query, {{10, 60, 389, "dc1.example.com"}, {20, 0, 3268, "dc2.example.com"}, {0, 0, 0, "."}}));
  ASSERT_TRUE(records);
  EXPECT_THAT(*records, ElementsAre(SrvRecord{10, 60, 389, "dc1.example.com"},
                                    SrvRecord{20, 0, 3268, "dc2.example.com"}, SrvRecord{0, 0, 0, ""}));
}

TEST_F(GivenADnsMessage, WhenItEndsAnywhereThenItIsMalformedAndNeverShort) {
  auto const whole =
      test::dns_answer(query, {{1, 1, 389, "dc1.example.com"}, {1, 1, 389, "dc2.example.com"}});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    auto const records = parsed(whole.substr(0, length));
    ASSERT_FALSE(records) << length;
    EXPECT_EQ(records.error().code, LdapErrc::bad_answer);
  }
}

TEST_F(GivenADnsMessage, WhenATargetPointsIntoItselfThenItIsMalformed) {
  auto text = test::dns_answer(query, {{1, 1, 389, "dc1.example.com"}});
  auto const at = text.find(
      "\x03"
      "dc1");
  text[at] = static_cast<char>(0xc0);
  text[at + 1] = static_cast<char>(at);
  EXPECT_FALSE(parsed(text));
}

TEST_F(GivenADnsMessage, WhenItIsMarkedAsCutThenItIsNotTakenForAll) {
  EXPECT_FALSE(parsed(test::dns_answer(query, {{1, 1, 389, "dc1.example.com"}}, 0, true)));
}

/// A DNS in memory.
struct TableResolver final : Resolver {
  std::map<std::string, std::vector<SrvRecord>> table;
  bool broken = false;
  Result<std::vector<SrvRecord>> services(std::string const& name, Instant, Stop&) const override {
    if (broken) return Error{LdapErrc::connect_failed, "no answer"};
    auto const found = table.find(name);
    return found == table.end() ? std::vector<SrvRecord>{} : found->second;
  }
  Result<std::vector<SocketAddress>> addresses(std::string const& host, std::uint16_t, Instant,
                                               Stop&) const override {
    return Error{LdapErrc::connect_failed, host + " has no address here"};
  }
};

struct GivenADomain : testing::Test {
  GivenADomain() {
    settings.name = "corp";
    settings.srv = "example.com";
    settings.bind.method = Bind::Method::simple;
    settings.resolver = resolver;
  }
  Result<std::vector<std::string>> discovered() { return discover(settings, Instant::max(), stop); }
  void plain(std::vector<SrvRecord> records) {
    resolver->table["_ldap._tcp.example.com"] = std::move(records);
  }
  void tls(std::vector<SrvRecord> records) {
    resolver->table["_ldaps._tcp.example.com"] = std::move(records);
  }

  std::shared_ptr<TableResolver> const resolver = std::make_shared<TableResolver>();
  Settings settings;
  Stop stop;
};

TEST_F(GivenADomain, WhenItOffersLdapsThenThatIsUsed) {
  plain({{1, 1, 389, "plain.example.com"}});
  tls({{2, 1, 636, "b.example.com"}, {1, 1, 1636, "a.example.com"}});
  EXPECT_THAT(*discovered(), ElementsAre("ldaps://a.example.com:1636", "ldaps://b.example.com:636"));
}

TEST_F(GivenADomain, WhenItOffersLdapAloneThenItsServersAreAskedForLdaps) {
  plain({{1, 1, 389, "dc1.example.com"}, {1, 1, 3890, "dc1.example.com"}});
  EXPECT_THAT(*discovered(), ElementsAre("ldaps://dc1.example.com:636"));
}

TEST_F(GivenADomain, WhenStartTlsOrPlainTextIsWantedThenLdapIsUsed) {
  plain({{1, 1, 3890, "dc1.example.com"}});
  tls({{1, 1, 636, "dc1.example.com"}});
  settings.starttls = true;
  EXPECT_THAT(*discovered(), ElementsAre("ldap://dc1.example.com:3890"));
  settings.starttls = false;
  settings.tls.plaintext = true;
  EXPECT_THAT(*discovered(), ElementsAre("ldap://dc1.example.com:3890"));
}

TEST_F(GivenADomain, WhenGssapiEncryptsThenLdapWillDo) {
  plain({{1, 1, 389, "dc1.example.com"}});
  settings.bind.method = Bind::Method::gssapi;
  EXPECT_THAT(*discovered(), ElementsAre("ldap://dc1.example.com:389"));
}

TEST_F(GivenADomain, WhenItHasNoRecordsThenAnErrorThatNamesBoth) {
  auto const none = discovered();
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, LdapErrc::connect_failed);
  EXPECT_THAT(none.error().context, HasSubstr("_ldaps._tcp.example.com or _ldap._tcp.example.com"));
}

TEST_F(GivenADomain, WhenItDeclinesLdapsThenPort636IsNotTried) {
  tls({{0, 0, 0, ""}});
  plain({{1, 1, 389, "dc1.example.com"}});
  EXPECT_FALSE(discovered());
  settings.bind.method = Bind::Method::gssapi;
  EXPECT_THAT(*discovered(), ElementsAre("ldap://dc1.example.com:389"));
}

TEST_F(GivenADomain, WhenATargetLiesElsewhereThenItIsRefused) {
  for (auto const* target :
       {"evil.test", "evilexample.com", "example.com.evil.test", "a/.example.com", "a@b.example.com"}) {
    tls({{1, 1, 636, target}});
    auto const refused = discovered();
    ASSERT_FALSE(refused) << target;
    EXPECT_EQ(refused.error().code, LdapErrc::bad_setup);
    EXPECT_THAT(refused.error().context, HasSubstr("no host within the domain"));
  }
}

TEST_F(GivenADomain, WhenTheDnsFailsThenThatIsNotTakenForAnEmptyAnswer) {
  resolver->broken = true;
  auto const failed = discovered();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Failure::transient);
  EXPECT_THAT(failed.error().context, HasSubstr("no answer; check the DNS server"));
}

}  // namespace
}  // namespace dirsync::ldap
