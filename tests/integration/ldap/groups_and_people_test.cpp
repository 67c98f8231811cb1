// Groups and people over two connections, where a change number shows that both lead to one server.
#include <memory>

#include "tests/integration/ldap/completeness_fixture.hpp"
#include "tests/support/ldap/proxy.hpp"
#include "tests/support/net/tcp_proxy.hpp"

namespace dirsync::ldap {
namespace {

using test::LdapMessage;
using test::LdapProxy;
using test::LdapRequest;
using test::TcpProxy;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr char kInTurn[] = "groups and people were read one after the other, over one connection";

struct GivenServerThatCountsChanges : CompletenessFixture {
  void SetUp() override {
    slapd.emplace(test::Slapd::Options{.ldif = small_ldif(),
                                       .global_lines = {"moduleload syncprov"},
                                       .database_lines = {"overlay syncprov", "syncprov-checkpoint 1 1"}});
  }
  /// Reads all of it over `uri`; how, as the certificate says.
  std::string way(std::string const& uri, int connections = 2) {
    auto through = settings();
    through.uris = {uri};
    through.connections = connections;
    through.bind.method = Bind::Method::simple;
    through.bind.dn = "cn=admin,dc=example,dc=com";
    through.bind.password = Secret{"secret"};
    through.tls.plaintext = true;
    auto const snapshot = prove(through);
    EXPECT_TRUE(snapshot) << text(snapshot.error());
    if (!snapshot) return {};
    EXPECT_EQ(snapshot->people().size(), 1U);
    EXPECT_EQ(snapshot->members(0).people.size(), 1U);
    return clause_in(proven, "connections").detail;
  }
  /// Edits the `nth` answer of that operation that satisfies `is_meant`, over all connections.
  template <class IsMeant, class Bend>
  LdapProxy bending(int nth, IsMeant is_meant, Bend bend) {
    auto const seen = std::make_shared<int>(0);
    return {slapd->port(), [seen, nth, is_meant, bend](LdapRequest const& request, LdapMessage message) {
              if (is_meant(request, message) && ++*seen == nth) bend(message);
              return std::vector{std::move(message)};
            }};
  }
};

std::string over(TcpProxy const& proxy) { return "ldap://127.0.0.1:" + std::to_string(proxy.port()); }

bool is_change_number(LdapRequest const& request, LdapMessage const& message) {
  return request.search.attributes == std::vector<std::string>{"contextCSN"} &&
         message.operation == LdapMessage::kSearchEntry;
}

bool is_bind(LdapRequest const&, LdapMessage const& message) {
  return message.operation == LdapMessage::kBindResponse;
}

TEST_F(GivenServerThatCountsChanges, WhenTwoConnectionsAreAllowedThenReadAtTheSameTime) {
  TcpProxy const proxy{slapd->port(), TcpProxy::Fault::none, 0};
  EXPECT_EQ(way(over(proxy)), "groups and people were read at the same time, over two connections");
  EXPECT_EQ(proxy.connections(), 2);
}

TEST_F(GivenServerThatCountsChanges, WhenOneConnectionIsAllowedThenInTurn) {
  TcpProxy const proxy{slapd->port(), TcpProxy::Fault::none, 0};
  EXPECT_EQ(way(over(proxy), 1), kInTurn);
  EXPECT_EQ(proxy.connections(), 1);
}

TEST_F(GivenServerThatCountsChanges, WhenAnotherThatDoesNotIsReadThenInTurn) {
  slapd.emplace(test::Slapd::Options{.ldif = small_ldif()});
  TcpProxy const proxy{slapd->port(), TcpProxy::Fault::none, 0};
  EXPECT_THAT(way(over(proxy)), AllOf(StartsWith(kInTurn), HasSubstr("no change number would show")));
  EXPECT_EQ(proxy.connections(), 1);
}

TEST_F(GivenServerThatCountsChanges, WhenTheSecondConnectionIsRefusedThenInTurn) {
  auto const proxy =
      bending(2, is_bind, [](LdapMessage& message) { test::set_result(message, 51, "too many"); });
  EXPECT_THAT(way(proxy.uri()),
              AllOf(StartsWith(kInTurn), HasSubstr("no second one"), HasSubstr("too many")));
}

// A load balancer hands each connection to another server; the second lags behind.
TEST_F(GivenServerThatCountsChanges, WhenTheSecondConnectionShowsAnOlderNumberThenInTurn) {
  auto const proxy = bending(2, is_change_number, [](LdapMessage& message) {
    auto entry = test::entry_of(message);
    entry.values("contextCSN")->front().replace(0, 4, "2001");
    test::set_entry(message, entry);
  });
  EXPECT_THAT(way(proxy.uri()), AllOf(StartsWith(kInTurn), HasSubstr("another server")));
}

// The first is the one that lags behind.
TEST_F(GivenServerThatCountsChanges, WhenTheSecondConnectionShowsANewerNumberThenInTurn) {
  auto const proxy = bending(2, is_change_number, [](LdapMessage& message) {
    auto entry = test::entry_of(message);
    entry.values("contextCSN")->front().replace(0, 4, "2999");
    test::set_entry(message, entry);
  });
  EXPECT_THAT(way(proxy.uri()), AllOf(StartsWith(kInTurn), HasSubstr("another server")));
}

}  // namespace
}  // namespace dirsync::ldap
