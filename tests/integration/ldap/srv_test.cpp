// Servers named by the DNS, at a name server and a slapd on loopback.
#include <gmock/gmock.h>
#include <netdb.h>
#include <unistd.h>

#include <thread>

#include "ldap/connect/srv.hpp"
#include "tests/integration/ldap/fixture.hpp"
#include "tests/support/net/fake_dns.hpp"
#include "tests/support/net/free_port.hpp"

namespace dirsync::ldap {
namespace {

using test::FakeDns;
using test::FakeSrv;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using Over = FakeDns::Over;

/// Every name that libldap may put where "localhost" stands: the machine's own, with its domain.
std::string own_names() {
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  std::string names = "DNS:" + std::string{name};
  addrinfo wanted{};
  wanted.ai_flags = AI_CANONNAME;
  addrinfo* found = nullptr;
  if (::getaddrinfo(name, nullptr, &wanted, &found) != 0) return names;
  if (found->ai_canonname != nullptr) names += ",DNS:" + std::string{found->ai_canonname};
  ::freeaddrinfo(found);
  return names;
}

struct GivenANameServer : LdapFixture {
  static Result<std::vector<SrvRecord>> ask(FakeDns const& dns, std::chrono::milliseconds limit) {
    Stop stop;
    return DnsResolver{{"127.0.0.1", dns.port()}}.services("_ldap._tcp.example.com",
                                                           std::chrono::steady_clock::now() + limit, stop);
  }
  static Result<std::vector<SrvRecord>> ask(FakeDns const& dns) { return ask(dns, std::chrono::seconds{30}); }
  static Result<std::vector<SocketAddress>> addresses(FakeDns const& dns, std::string const& host) {
    Stop stop;
    return DnsResolver{{"127.0.0.1", dns.port()}}.addresses(
        host, 636, std::chrono::steady_clock::now() + std::chrono::seconds{30}, stop);
  }
  /// "127.0.0.1:636" of each.
  static std::vector<std::string> shown(std::vector<SocketAddress> const& addresses) {
    std::vector<std::string> texts;
    for (auto const& address : addresses) {
      char host[NI_MAXHOST], port[NI_MAXSERV];
      EXPECT_EQ(::getnameinfo(address.get(), address.size, host, sizeof host, port, sizeof port,
                              NI_NUMERICHOST | NI_NUMERICSERV),
                0);
      texts.push_back(std::string{host} + ":" + port);
    }
    return texts;
  }
  static std::string silent(std::string const&, std::string const&, Over) { return {}; }
};

TEST_F(GivenANameServer, WhenItAnswersThenTheRecordsAreRead) {
  FakeDns const dns{[](std::string const& query, std::string const& name, Over) {
    EXPECT_EQ(name, "_ldap._tcp.example.com");
    return test::dns_answer(query, {{1, 2, 389, "dc1.example.com"}});
  }};
  EXPECT_THAT(*ask(dns), ElementsAre(SrvRecord{1, 2, 389, "dc1.example.com"}));
}

TEST_F(GivenANameServer, WhenTheAnswerIsCutThenTheWholeIsFetchedOverTcp) {
  FakeDns const dns{[](std::string const& query, std::string const&, Over over) {
    if (over == Over::udp) return test::dns_answer(query, {}, 0, true);
    std::vector<FakeSrv> many;
    for (std::uint16_t n = 0; n < 200; ++n)
      many.push_back({n, 0, 389, "server.with.a.long.name.example.com"});
    return test::dns_answer(query, many);
  }};
  auto const records = ask(dns);
  ASSERT_TRUE(records) << text(records.error());
  EXPECT_EQ(records->size(), 200U);
}

TEST_F(GivenANameServer, WhenTheNameIsUnknownThenThatIsAnAnswer) {
  FakeDns const dns{
      [](std::string const& query, std::string const&, Over) { return test::dns_answer(query, {}, 3); }};
  auto const records = ask(dns);
  ASSERT_TRUE(records) << text(records.error());
  EXPECT_THAT(*records, IsEmpty());
}

TEST_F(GivenANameServer, WhenItFailsThenThatIsNoEmptyAnswer) {
  FakeDns const dns{
      [](std::string const& query, std::string const&, Over) { return test::dns_answer(query, {}, 2); }};
  auto const records = ask(dns);
  ASSERT_FALSE(records);
  EXPECT_EQ(records.error().code, LdapErrc::connect_failed);
}

TEST_F(GivenANameServer, WhenItAnswersGarbageThenAnError) {
  FakeDns const dns{[](std::string const& query, std::string const&, Over) {
    auto answer = test::dns_answer(query, {{1, 1, 389, "dc1.example.com"}});
    return answer.substr(0, answer.size() - 5);
  }};
  EXPECT_FALSE(ask(dns, std::chrono::seconds{2}));
  EXPECT_GT(dns.questions(), 0);
}

TEST_F(GivenANameServer, WhenItIsSilentThenTheWaitEnds) {
  FakeDns const dns{silent};
  auto const records = ask(dns, std::chrono::milliseconds{200});
  ASSERT_FALSE(records);
  EXPECT_EQ(records.error().code, LdapErrc::timed_out);
}

TEST_F(GivenANameServer, WhenItIsSilentThenAStopEndsTheWait) {
  auto const look_ups = {+[](DnsResolver const& resolver, Stop& stop) {
                           auto const end = std::chrono::steady_clock::now() + std::chrono::hours{1};
                           auto const records = resolver.services("_ldap._tcp.example.com", end, stop);
                           return records ? boost::system::error_code{} : records.error().code;
                         },
                         +[](DnsResolver const& resolver, Stop& stop) {
                           auto const end = std::chrono::steady_clock::now() + std::chrono::hours{1};
                           auto const found = resolver.addresses("dc1.example.com", 389, end, stop);
                           return found ? boost::system::error_code{} : found.error().code;
                         }};
  for (auto const look_up : look_ups) {
    FakeDns const dns{silent};
    DnsResolver const resolver{{"127.0.0.1", dns.port()}};
    Stop stop;
    std::thread once_it_waits{[&dns, &stop] {
      while (dns.questions() == 0) std::this_thread::yield();
      stop.request();
    }};
    EXPECT_EQ(look_up(resolver, stop), LdapErrc::cancelled);
    once_it_waits.join();
  }
}

TEST_F(GivenANameServer, WhenAHostHasAddressesThenAllComeWithThePort) {
  FakeDns const dns{[](std::string const& query, std::string const& name, Over) {
    EXPECT_EQ(name, "dc1.example.com");
    return test::dns_addresses(query, {"127.0.0.7", "127.0.0.8"});
  }};
  auto const found = addresses(dns, "dc1.example.com");
  ASSERT_TRUE(found) << text(found.error());
  EXPECT_THAT(shown(*found), UnorderedElementsAre("127.0.0.7:636", "127.0.0.8:636"));
}

TEST_F(GivenANameServer, WhenAnAddressIsAskedForThenNobodyIsAsked) {
  FakeDns const dns{silent};
  for (auto const* address : {"127.0.0.9", "::1"}) {
    auto const found = addresses(dns, address);
    ASSERT_TRUE(found) << text(found.error());
    EXPECT_THAT(shown(*found), ElementsAre(std::string{address} + ":636"));
  }
  EXPECT_EQ(dns.questions(), 0);
}

TEST_F(GivenANameServer, WhenAHostIsUnknownOrHasNoAddressThenTheConnectionFails) {
  for (int const rcode : {0, 2, 3}) {
    FakeDns const dns{[rcode](std::string const& query, std::string const&, Over) {
      return test::dns_answer(query, {}, rcode);
    }};
    auto const found = addresses(dns, "dc1.example.com");
    ASSERT_FALSE(found) << rcode;
    EXPECT_EQ(found.error().code, LdapErrc::connect_failed) << rcode;
  }
}

struct GivenAServerByName : GivenANameServer {
  /// Settings that read slapd under a name that only `dns` knows.
  Settings named(std::string const& host, FakeDns const& dns) const {
    auto named = settings();
    named.uris = {"ldaps://" + host + ":" + std::to_string(slapd->tls_port())};
    named.resolver = std::make_shared<DnsResolver>(NameServer{"127.0.0.1", dns.port()});
    return named;
  }
  static std::string on_loopback(std::string const& query, std::string const&, Over) {
    return test::dns_addresses(query, {"127.0.0.1"});
  }
};

TEST_F(GivenAServerByName, WhenItIsReadThenItsCertificateMustBearThatName) {
  slapd.emplace(
      test::Slapd::Options{.ldif = small_ldif(), .certificate = {.subject_names = "DNS:dc1.example.com"}});
  FakeDns const dns{on_loopback};
  auto const snapshot = read(named("dc1.example.com", dns));
  EXPECT_TRUE(snapshot) << text(snapshot.error());
  expect_failure(named("dc2.example.com", dns), LdapErrc::tls_failed, {"dc2.example.com", "TLS handshake"});
}

TEST_F(GivenAServerByName, WhenTheNameServerIsSilentThenTheNextServerIsTried) {
  slapd.emplace(test::Slapd::Options{.ldif = small_ldif()});
  FakeDns const dns{silent};
  auto two = named("dc1.example.com", dns);
  two.timeouts.connect = std::chrono::milliseconds{300};
  expect_failure(two, LdapErrc::timed_out, {"name look-up of dc1.example.com", "no answer in time"});
  two.uris.push_back(slapd->uri());
  EXPECT_TRUE(read(two));
}

TEST_F(GivenAServerByName, WhenARunIsCancelledDuringTheLookUpThenTheReadEnds) {
  slapd.emplace(test::Slapd::Options{.ldif = small_ldif()});
  FakeDns const dns{silent};
  auto stalled = named("dc1.example.com", dns);
  stalled.timeouts = {std::chrono::hours{1}, std::chrono::hours{1}, std::chrono::hours{1}};
  auto const result = read_and_cancel(stalled, [&dns] { return dns.questions() > 0; });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, LdapErrc::cancelled);
}

TEST_F(GivenANameServer, WhenItNamesAServerThenThatIsReadAndVerifiedByItsName) {
  slapd.emplace(test::Slapd::Options{.ldif = small_ldif(), .certificate = {.subject_names = own_names()}});
  auto const closed = test::free_port();
  FakeDns const dns{
      [port = slapd->tls_port(), closed](std::string const& query, std::string const& name, Over) {
        return name == "_ldaps._tcp.localhost"
                   ? test::dns_answer(query, {{20, 0, port, "localhost"}, {10, 0, closed, "localhost"}})
                   : test::dns_answer(query, {}, 3);
      }};
  auto by_name = settings();
  by_name.uris.clear();
  by_name.srv = "localhost";
  by_name.resolver = std::make_shared<DnsResolver>(NameServer{"127.0.0.1", dns.port()});
  auto const snapshot = read(by_name);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->certificate().server, "ldaps://localhost:" + std::to_string(slapd->tls_port()));
  EXPECT_THAT(snapshot->certificate().clauses.back().detail, HasSubstr(std::to_string(closed)));

  slapd.reset();
  slapd.emplace(
      test::Slapd::Options{.ldif = small_ldif(), .certificate = {.subject_names = "DNS:other.example.com"}});
  auto elsewhere = by_name;
  FakeDns const second{[port = slapd->tls_port()](std::string const& query, std::string const&, Over) {
    return test::dns_answer(query, {{1, 0, port, "localhost"}});
  }};
  elsewhere.resolver = std::make_shared<DnsResolver>(NameServer{"127.0.0.1", second.port()});
  elsewhere.tls.ca_file = slapd->ca_file();
  expect_failure(elsewhere, LdapErrc::tls_failed, {"TLS handshake"});
}

}  // namespace
}  // namespace dirsync::ldap
