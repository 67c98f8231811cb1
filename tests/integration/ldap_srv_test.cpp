// Servers named by the DNS, at a name server and a slapd on loopback.
#include <gmock/gmock.h>
#include <netdb.h>
#include <unistd.h>

#include "ldap/srv.hpp"
#include "tests/integration/ldap_fixture.hpp"
#include "tests/support/fake_dns.hpp"
#include "tests/support/free_port.hpp"

namespace dirsync::ldap {
namespace {

using test::FakeDns;
using test::FakeSrv;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
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
  FakeDns const dns{[](std::string const&, std::string const&, Over) { return std::string{}; }};
  auto const records = ask(dns, std::chrono::milliseconds{200});
  ASSERT_FALSE(records);
  EXPECT_EQ(records.error().code, LdapErrc::timed_out);
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
