// What is told of each search and each handshake.
#include <gmock/gmock.h>

#include <mutex>

#include "tests/integration/ldap/fixture.hpp"
#include "tests/support/net/tcp_proxy.hpp"

namespace dirsync::ldap {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::Field;
using testing::Optional;

/// Told by two threads at a time.
struct SearchLog {
  std::mutex mutex;
  std::vector<SearchEvent> events;

  std::function<void(SearchEvent)> teller() {
    return [this](SearchEvent event) {
      std::lock_guard const lock{mutex};
      events.push_back(std::move(event));
    };
  }
};

struct CertificateRecord {
  std::mutex mutex;
  std::vector<PeerCertificate> shown;

  CertificateLog teller() {
    return [this](PeerCertificate const& certificate) {
      std::lock_guard const lock{mutex};
      shown.push_back(certificate);
    };
  }
};

struct GivenAListener : LdapFixture {
  void SetUp() override { slapd.emplace(test::Slapd::Options{.ldif = small_ldif()}); }
  Settings listened_to() {
    auto settings = this->settings();
    settings.on_search = log.teller();
    return settings;
  }
  SearchLog log;
};

TEST_F(GivenAListener, WhenADirectoryIsReadThenEverySearchIsTold) {
  auto one_a_page = listened_to();
  one_a_page.page_size = 1;
  auto const snapshot = read(one_a_page);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_GE(log.events.size(), snapshot->certificate().searches);
  EXPECT_THAT(log.events, Each(AllOf(Field(&SearchEvent::server, slapd->uri()),
                                     Field(&SearchEvent::result, Optional(0)))));
  EXPECT_THAT(log.events,
              Contains(AllOf(Field(&SearchEvent::base, kPeople), Field(&SearchEvent::scope, Scope::sub),
                             Field(&SearchEvent::filter, "(objectClass=inetOrgPerson)"),
                             Field(&SearchEvent::entries, 1U))));
  EXPECT_THAT(log.events, Contains(AllOf(Field(&SearchEvent::base, kGroups),
                                         Field(&SearchEvent::filter, testing::HasSubstr("(cn=*)")))));
}

TEST_F(GivenAListener, WhenASearchFailsThenItsResultIsTold) {
  auto other = listened_to();
  other.groups.base = "ou=teams,dc=example,dc=com";
  expect_failure(other, LdapErrc::base_missing, {});
  EXPECT_THAT(log.events, Contains(AllOf(Field(&SearchEvent::base, "ou=teams,dc=example,dc=com"),
                                         Field(&SearchEvent::result, Optional(32)))));
}

TEST_F(GivenAListener, WhenASearchBreaksOffThenItHasNoResult) {
  test::TcpProxy const proxy{slapd->port(), test::TcpProxy::Fault::cut, 200};
  auto through = listened_to();
  through.uris = {"ldap://127.0.0.1:" + std::to_string(proxy.port())};
  expect_failure(through, LdapErrc::cut, {});
  ASSERT_FALSE(log.events.empty());
  EXPECT_EQ(log.events.back().result, std::nullopt);
}

TEST_F(GivenAListener, WhenTheServerSpeaksTlsThenItsCertificateIsTold) {
  for (auto const starttls : {false, true}) {
    CertificateRecord record;
    auto encrypted = settings();
    encrypted.uris = {starttls ? slapd->uri() : slapd->tls_uri()};
    encrypted.starttls = starttls;
    encrypted.on_certificate = record.teller();
    auto const snapshot = read(encrypted);
    ASSERT_TRUE(snapshot) << text(snapshot.error());
    ASSERT_FALSE(record.shown.empty());
    EXPECT_THAT(record.shown, Each(AllOf(Field(&PeerCertificate::server, encrypted.uris[0]),
                                         Field(&PeerCertificate::subject, "CN=localhost"),
                                         Field(&PeerCertificate::issuer, "CN=dirsyncd test CA"))));
    auto const left = record.shown[0].not_after - std::chrono::system_clock::now();
    EXPECT_TRUE(left > std::chrono::hours{1} && left < std::chrono::hours{24});
  }
}

TEST_F(GivenAListener, WhenThereIsNoTlsThenNoCertificateIsTold) {
  CertificateRecord record;
  auto plain = settings();
  plain.on_certificate = record.teller();
  ASSERT_TRUE(read(plain));
  EXPECT_TRUE(record.shown.empty());
}

}  // namespace
}  // namespace dirsync::ldap
