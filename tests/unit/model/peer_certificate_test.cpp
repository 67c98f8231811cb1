#include "sync/model/peer_certificate.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {

using namespace std::chrono_literals;

constexpr char kOfTheVault[] = R"(-----BEGIN CERTIFICATE-----
MIIBTzCB9gIBATAKBggqhkjOPQQDAjA0MRowGAYDVQQDDBFwdndhLmV4w6RtcGxl
LmNvbTEWMBQGA1UECgwNRXhhbXBsZSwgTHRkLjAeFw0yMDAxMDEwMDAwMDBaFw0y
NzAxMDIwMzA0MDVaMDQxGjAYBgNVBAMMEXB2d2EuZXjDpG1wbGUuY29tMRYwFAYD
VQQKDA1FeGFtcGxlLCBMdGQuMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEHJCI
uEaL2pM3eDmEQ3pT3ir3P+7N7GJzm4oSi3j5YWndEfwftYb+k0aidDKCUSFIOu2m
eWMWYOrbuNFD8yd2RTAKBggqhkjOPQQDAgNIADBFAiEA8pW2DlHJ7CxSwhu14wVX
WbEsEqytBwt78Q4hmekC7c4CIHsFPDn7vAIN1X1AtzTOOtT8/l8LRj9v8hJTVN4Q
rKTM
-----END CERTIFICATE-----
)";
/// Its end is 99991231235959Z.
constexpr char kForEver[] = R"(-----BEGIN CERTIFICATE-----
MIIBDzCBtgIBAjAKBggqhkjOPQQDAjATMREwDwYDVQQDDAhmb3IgZXZlcjAgFw0y
MDAxMDEwMDAwMDBaGA85OTk5MTIzMTIzNTk1OVowEzERMA8GA1UEAwwIZm9yIGV2
ZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQckIi4Rovakzd4OYRDelPeKvc/
7s3sYnObihKLePlhad0R/B+1hv6TRqJ0MoJRIUg67aZ5YxZg6tu40UPzJ3ZFMAoG
CCqGSM49BAMCA0gAMEUCIDCR33UJv2E5YeL+F3jTgIxa/Cz5ZxeTVnKxuEDwAwPa
AiEAnDHDha5k44gizqr6zanhug5e58KE82WXj4r1R2ZogRE=
-----END CERTIFICATE-----
)";

Time at(std::string_view text) { return parse_rfc3339(text).value(); }

PeerCertificate ending(std::string subject, std::string_view end) {
  return {.server = {}, .subject = std::move(subject), .issuer = {}, .not_after = at(end)};
}

TEST(GivenACertificateAsText, WhenParsedThenItsNamesAndItsEnd) {
  auto const parsed = parse_pem_certificate(kOfTheVault);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->subject, "O=Example\\, Ltd.,CN=pvwa.exämple.com");
  EXPECT_EQ(parsed->issuer, parsed->subject);
  EXPECT_EQ(parsed->not_after, at("2027-01-02T03:04:05Z"));
}

TEST(GivenACertificateAsText, WhenItHasNoEndThenTheLastYearThatATimeHolds) {
  auto const parsed = parse_pem_certificate(kForEver);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(rfc3339(parsed->not_after), "2261-12-31T00:00:00.000Z");
}

TEST(GivenACertificateAsText, WhenItIsCutThenNothing) {
  std::string_view const whole{kOfTheVault};
  EXPECT_FALSE(parse_pem_certificate(whole.substr(0, whole.size() / 2)));
  EXPECT_FALSE(parse_pem_certificate(""));
  EXPECT_FALSE(parse_der_certificate(""));
  EXPECT_FALSE(parse_der_certificate(whole));
}

TEST(GivenAChain, WhenAnIssuerEndsBeforeTheServersOwnThenTheIssuers) {
  auto const first =
      first_to_expire({ending("CN=pvwa", "2030-01-01T00:00:00Z"), ending("CN=issuer", "2028-01-01T00:00:00Z"),
                       ending("CN=root", "2040-01-01T00:00:00Z")},
                      at("2026-01-01T00:00:00Z"));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->subject, "CN=issuer");
}

TEST(GivenAChain, WhenAnotherThanTheServersOwnHasEndedThenItDoesNotCount) {
  auto const now = at("2026-01-01T00:00:00Z");
  auto const own = ending("CN=pvwa", "2030-01-01T00:00:00Z"),
             ended = ending("CN=old", "2021-09-30T00:00:00Z");
  EXPECT_EQ(first_to_expire({own, ended}, now)->subject, "CN=pvwa");
  EXPECT_EQ(first_to_expire({ended, own}, now)->subject, "CN=old") << "where nothing is verified";
  EXPECT_FALSE(first_to_expire({}, now));
}

}  // namespace
}  // namespace dirsync
