#include "daemon/doctor/sides.hpp"

#include <gmock/gmock.h>

#include "ldap/errors.hpp"
#include "sync/http/client.hpp"
#include "tests/unit/doctor/judged.hpp"

namespace dirsync::doctor {
namespace {
using ldap::LdapErrc;
using std::chrono::days;
using testing::HasSubstr;
using Step = ldap::ServerFinding::Step;

Time const kNow = *parse_rfc3339("2026-11-30T00:00:00Z");

ldap::ServerFinding server(std::string uri, std::optional<Step> failed_at = {}) {
  ldap::ServerFinding finding;
  finding.uri = std::move(uri);
  finding.is_encrypted = true;
  finding.failed_at = failed_at;
  if (failed_at) finding.error = Error{LdapErrc::refused, "it said no; mend it"};
  return finding;
}

struct GivenServers : testing::Test {
  Checks judged(std::vector<ldap::ServerFinding> servers) {
    ldap::Examination found;
    found.servers = std::move(servers);
    for (auto const& one : found.servers)
      if (!one.failed_at && found.server.empty()) found.server = one.uri;
    CheckList checks{"corp"};
    lets_in = judge_servers(found, settings, "", kNow, checks);
    auto made = checks.take();
    expect_remedies(made);
    return made;
  }
  ldap::Settings settings;
  bool lets_in = false;
};

class GivenAServerThatFails : public GivenServers, public testing::WithParamInterface<Step> {};

TEST_P(GivenAServerThatFails, WhenJudgedThenThatStepFailsAndWhatFollowsIsSkipped) {
  auto const made = judged({server("ldaps://a", GetParam())});
  EXPECT_FALSE(lets_in);
  auto const& ids = connection_steps();
  auto const failed = static_cast<std::size_t>(GetParam());
  for (std::size_t step = 0; step < ids.size(); ++step)
    EXPECT_EQ(the(ids[step], made).state, step < failed    ? State::ok
                                          : step == failed ? State::fail
                                                           : State::skip)
        << ids[step];
  EXPECT_THAT(the(ids[failed], made).remedy, testing::StartsWith("mend it"));
  EXPECT_NE(the(ids[failed], made).show, "");
}

INSTANTIATE_TEST_SUITE_P(AtEachStep, GivenAServerThatFails,
                         testing::Values(Step::address, Step::connection, Step::tls, Step::logon));

TEST_F(GivenServers, WhenOneOfTwoFailsThenItIsAWarning) {
  auto const made = judged({server("ldaps://a", Step::connection), server("ldaps://b")});
  EXPECT_TRUE(lets_in);
  EXPECT_FALSE(has_failed(made));
  std::vector<State> states;
  for (auto const& check : made)
    if (check.id == "connection") states.push_back(check.state);
  EXPECT_THAT(states, testing::ElementsAre(State::warn, State::ok));
}

TEST_F(GivenServers, WhenTheDnsNamesNoneThenNothingFollows) {
  ldap::Examination found;
  found.discovery = Error{LdapErrc::connect_failed, "no SRV record; add one"};
  settings.srv = "example.com";
  CheckList checks{"corp"};
  EXPECT_FALSE(judge_servers(found, settings, "", kNow, checks));
  auto const made = checks.take();
  EXPECT_EQ(the("names", made).state, State::fail);
  EXPECT_EQ(the("log-on", made).state, State::skip);
}

PeerCertificate certificate(Time end) {
  return {.server = "ldaps://a", .subject = "CN=a", .issuer = "CN=ca", .not_after = end};
}

Checks all_of(std::string const& id, Checks const& checks) {
  Checks found;
  for (auto const& check : checks)
    if (check.id == id) found.push_back(check);
  return found;
}

TEST_F(GivenServers, WhenTheirCertificatesEndThenEachIsJudged) {
  auto a = server("ldaps://a"), b = server("ldaps://b"), c = server("ldaps://c");
  a.certificate = certificate(kNow + days{300});
  b.certificate = certificate(kNow + days{12});
  c.certificate = certificate(kNow + days{1});
  auto const made = all_of("certificate", judged({a, b, c}));
  ASSERT_EQ(made.size(), 3U);
  EXPECT_EQ(made[0].state, State::ok);
  EXPECT_EQ(made[1].state, State::warn);
  EXPECT_THAT(made[1].text, HasSubstr("in 12 days"));
  EXPECT_THAT(made[1].show, HasSubstr("-connect b:636"));
  EXPECT_THAT(made[2].text, testing::EndsWith("in 1 day"));
}

TEST_F(GivenServers, WhenAllLetUsInThenEachHasItsOwnCheckAndCommandLine) {
  settings.bind.method = ldap::Bind::Method::anonymous;
  auto const made = judged({server("ldaps://a"), server("ldaps://b:1636")});
  for (auto const& [id, line] :
       {std::pair{"names", "getent ahosts b"}, std::pair{"connection", "nc -vz b 1636"},
        std::pair{"tls", "-connect b:1636"}, std::pair{"log-on", "-H ldaps://b:1636"}}) {
    auto const checks = all_of(id, made);
    ASSERT_EQ(checks.size(), 2U) << id;
    EXPECT_THAT(checks[0].text, testing::EndsWith("ldaps://a"));
    EXPECT_THAT(checks[1].text, testing::EndsWith("ldaps://b:1636"));
    EXPECT_THAT(checks[1].show, HasSubstr(line));
  }
}

TEST_F(GivenServers, WhenCertificatesAreNotVerifiedThenNothingIsSaidToBeTrusted) {
  settings.tls.verify = false;
  EXPECT_EQ(the("tls", judged({server("ldaps://a")})).state, State::skip);
}

TEST(GivenACertificate, WhenJudgedThenByTheDaysThatAreLeft) {
  CheckList checks;
  judge_certificate(certificate(kNow + days{30}), kNow, "", checks);
  judge_certificate(certificate(kNow + days{29}), kNow, "", checks);
  judge_certificate(certificate(kNow), kNow, "", checks);
  auto const made = checks.take();
  EXPECT_EQ(made[0].state, State::ok);
  EXPECT_EQ(made[1].state, State::warn);
  EXPECT_EQ(made[2].state, State::fail);
  expect_remedies(made);
}

Checks of_url(std::optional<Error> error) {
  UrlFinding url{.url = "https://a/b", .error = std::move(error), .ahead = {}, .certificate = {}};
  if (!url.error) url.ahead = std::chrono::seconds{90};
  CheckList checks{"vault"};
  auto const answers = !url.error;
  EXPECT_EQ(judge_urls({url}, Tls{}, kNow, checks), answers);
  auto made = checks.take();
  expect_remedies(made);
  return made;
}

TEST(GivenATargetsUrl, WhenJudgedThenTheErrorTellsTheStep) {
  using http::HttpErrc;
  EXPECT_EQ(the("names", of_url(Error{HttpErrc::connect_failed, "GET a: Could not resolve host: a"})).state,
            State::fail);
  EXPECT_EQ(the("connection", of_url(Error{HttpErrc::connect_failed, "GET a: refused"})).state, State::fail);
  auto const untrusted = of_url(Error{HttpErrc::tls_failed, "GET a: self-signed; set tls.ca_file"});
  EXPECT_EQ(the("connection", untrusted).state, State::ok);
  EXPECT_EQ(the("tls", untrusted).state, State::fail);
  EXPECT_THAT(the("tls", untrusted).remedy, testing::StartsWith("set tls.ca_file"));
  auto const good = of_url(std::nullopt);
  EXPECT_EQ(the("tls", good).state, State::ok);
  EXPECT_EQ(the("clock", good).state, State::warn);
}

TEST(GivenSeveralUrlsOfATarget, WhenJudgedThenEachIsNamedWithItsOwnCommandLine) {
  UrlFinding a{
      .url = "https://a/v", .error = std::nullopt, .ahead = std::chrono::seconds{1}, .certificate = {}};
  auto b = a, c = a;
  b.url = "https://b/v";
  b.certificate = certificate(kNow + days{300});
  c.url = "https://c/v";
  c.error = Error{http::HttpErrc::tls_failed, "GET c: self-signed; set tls.ca_file"};
  CheckList checks{"vault"};
  EXPECT_TRUE(judge_urls({a, b, c}, Tls{}, kNow, checks));
  auto const made = checks.take();
  auto const tls = all_of("tls", made);
  ASSERT_EQ(tls.size(), 3U);
  EXPECT_EQ(tls[0].state, State::ok);
  EXPECT_THAT(tls[1].show, HasSubstr("-connect b:443"));
  EXPECT_EQ(tls[2].state, State::warn);
  EXPECT_THAT(tls[2].show, HasSubstr("-connect c:443"));
  EXPECT_THAT(the("certificate", made).show, HasSubstr("-connect b:443"));
  EXPECT_EQ(all_of("clock", made).size(), 2U);
}

}  // namespace
}  // namespace dirsync::doctor
