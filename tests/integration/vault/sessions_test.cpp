// Where a session lives and what opens it: servers that die, load balancers, integrated authentication.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <mutex>

#include "sync/model/text.hpp"
#include "sync/vault/errors.hpp"
#include "sync/vault/vault_target.hpp"
#include "tests/simulators/server.hpp"
#include "tests/simulators/vault/vault_sim.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/wire_server.hpp"

namespace dirsync::vault {
namespace {

namespace asio = boost::asio;

/// A target over TLS, and what was traced of its calls.
class SessionOverTls : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempFolder>();
    certificates_ = test::make_certificates(folder_->path());
  }
  static void TearDownTestSuite() { folder_.reset(); }

  Settings settings(std::vector<std::string> const& servers) const {
    Settings made;
    made.http.target = "vault";
    for (auto const& server : servers) made.http.urls.push_back(server + "/PasswordVault");
    made.http.tls.ca_file = certificates_.ca_file;
    made.http.pace = {4, 0};
    made.http.retry = {4, std::chrono::milliseconds{1}, std::chrono::seconds{5}};
    made.user = "svc-dirsync";
    made.password = Secret{kPassword};
    return made;
  }
  void open(Settings with) {
    http::Surroundings surroundings;
    surroundings.trace = [this](std::string_view line) { traced_ += std::string{line} + "\n"; };
    auto opened = open_vault(io_.get_executor(), "vault", std::move(with), std::move(surroundings));
    ASSERT_TRUE(opened) << text(opened.error());
    target_ = *std::move(opened);
  }
  Result<Observed> read() { return test::run(io_, target_->read()); }
  void close() {
    asio::co_spawn(io_, target_->close(), asio::detached);
    io_.restart();
    io_.run();
  }

  static constexpr char kPassword[] = "Sync.Pass.1";
  static inline std::unique_ptr<TempFolder> folder_;
  static inline test::CertificateFiles certificates_;
  asio::io_context io_;
  std::string traced_;
  std::unique_ptr<Target> target_;
};

/// One Vault behind PVWA servers that know their own sessions only.
class SeveralServers : public SessionOverTls {
 protected:
  SeveralServers() {
    sim::VaultSim::Options options;
    options.profile = "pam-14.4";
    vault_ = std::make_unique<sim::VaultSim>(std::move(options));
    edit(R"({"op":"create-group","groupName":"UnixAdmins","members":[36]})");
    for (int n = 0; n < 4; ++n)
      edit(R"({"op":"create-group","groupName":"Team )" + std::to_string(n) + R"("})");
  }
  void SetUp() override {
    std::vector<std::string> urls;
    for (int node = 0; node < 2; ++node) {
      sim::Server::Options where;
      where.certificate_file = certificates_.cert_file;
      where.key_file = certificates_.key_file;
      servers_.push_back(std::make_unique<sim::Server>(
          where, [this, node](sim::Request const& request) { return answer(node, request); }));
      urls.push_back("https://127.0.0.1:" + std::to_string(servers_.back()->port()));
    }
    open(settings(urls));
  }

  sim::Response answer(int node, sim::Request const& request) {
    std::lock_guard const lock{mutex_};
    if (node == unable_) {
      sim::Response page;
      page.status = 503;
      page.body = "<html>Service Unavailable</html>";
      return page;
    }
    auto const token = std::string{request.header("Authorization")};
    auto const known = nodes_.find(token);
    if (!token.empty() && (known == nodes_.end() || known->second != node)) {
      ++strays_;
      return sim::json_response(401, sim::json::object{{"ErrorCode", "PASWS006E"}});
    }
    auto response = vault_->handle(request);
    if (request.path.ends_with("/Logon") && response.status == 200)
      nodes_[std::string{sim::json::parse(response.body).as_string()}] = node;
    if (!dies_at_.empty() && node == 0 && request.method + request.path == dies_at_) {
      response.drop = true;
      asio::post(io_, [this] { servers_[0].reset(); });
    }
    return response;
  }
  /// The first server ends when it gets this call; the call has its effect, but no answer.
  void dies_at(std::string const& method, std::string const& path) {
    dies_at_ = method + "/PasswordVault" + path;
  }
  void edit(std::string const& json) { ASSERT_EQ(vault_->edit(sim::json::parse(json)), std::nullopt); }
  std::int64_t calls(std::string const& route) const { return vault_->counters().by_route[route]; }
  static TargetGroup const& group_in(Observed const& all, std::string_view name) {
    return *std::ranges::find(all.groups, name, &TargetGroup::name);
  }
  static Change addition(TargetGroup const& group) {
    Change made;
    made.verb = Verb::add;
    made.group = group.name;
    made.group_id = group.id;
    made.principal = "bsmith@corp.example.com";
    return made;
  }
  /// Additions to four groups at once; how many were done.
  int add_to_four_groups(Observed const& all) {
    int done = 0;
    for (int n = 0; n < 4; ++n) {
      std::vector<Change> batch{addition(group_in(all, "Team " + std::to_string(n)))};
      asio::co_spawn(io_, target_->apply(std::move(batch)),
                     [&done](std::exception_ptr, std::vector<Applied> const& applied) {
                       done += applied.at(0).outcome == Outcome::done ? 1 : 0;
                     });
    }
    io_.restart();
    io_.run();
    return done;
  }

  std::mutex mutex_;
  std::map<std::string, int> nodes_;  // by token
  int strays_ = 0;                    // calls with the token of another server
  std::string dies_at_;
  int unable_ = -1;  // the server that answers everything with 503
  std::unique_ptr<sim::VaultSim> vault_;
  std::vector<std::unique_ptr<sim::Server>> servers_;
};

class GivenTwoPvwaServers : public SeveralServers {};

TEST_F(GivenTwoPvwaServers, WhenBothLiveThenOneSessionStaysOnOneOfThem) {
  ASSERT_TRUE(read());
  auto const all = read();
  ASSERT_TRUE(all);
  EXPECT_EQ(add_to_four_groups(*all), 4);
  EXPECT_EQ(calls("logon"), 1);
  EXPECT_EQ(strays_, 0);
}
TEST_F(GivenTwoPvwaServers, WhenTheFirstIsDownFromTheStartThenTheSecondServes) {
  servers_[0].reset();
  ASSERT_TRUE(read());
  EXPECT_EQ(calls("logon"), 1);
  EXPECT_EQ(strays_, 0);
}
TEST_F(GivenTwoPvwaServers, WhenOneAnswersButCannotServeThenTheOtherDoes) {
  unable_ = 0;
  auto const all = read();
  ASSERT_TRUE(all) << text(all.error());
  EXPECT_TRUE(all->certificate.server.ends_with(std::to_string(servers_[1]->port()) + "/PasswordVault"));
  unable_ = 1;
  auto const again = read();
  ASSERT_TRUE(again) << text(again.error());
  EXPECT_TRUE(again->certificate.server.ends_with(std::to_string(servers_[0]->port()) + "/PasswordVault"));
  EXPECT_EQ(calls("logon"), 2);
  EXPECT_EQ(strays_, 0);
}
TEST_F(GivenTwoPvwaServers, WhenOneDiesInMidReadThenTheWholeReadAgainOnTheOther) {
  dies_at("GET", "/API/Users");
  auto const all = read();
  ASSERT_TRUE(all) << text(all.error());
  EXPECT_EQ(calls("logon"), 2);
  EXPECT_EQ(calls("server-gen1"), 2);
  EXPECT_EQ(calls("list-groups"), 2);
  EXPECT_EQ(strays_, 0);
  EXPECT_TRUE(all->certificate.server.ends_with(std::to_string(servers_[1]->port()) + "/PasswordVault"));
}
TEST_F(GivenTwoPvwaServers, WhenOneDiesInMidWriteThenTheWriteIsLookedUpOnTheOther) {
  auto const all = read();
  ASSERT_TRUE(all);
  auto const& group = group_in(*all, "UnixAdmins");
  dies_at("POST", "/API/UserGroups/" + group.id + "/Members/");
  auto const applied = test::run(io_, target_->apply({addition(group)})).at(0);
  EXPECT_EQ(applied.outcome, Outcome::done) << applied.detail;
  EXPECT_EQ(calls("add-member"), 1);
  EXPECT_EQ(calls("logon"), 2);
  EXPECT_EQ(strays_, 0);
}
TEST_F(GivenTwoPvwaServers, WhenOneDiesUnderSeveralCallsThenOneNewLogonForAll) {
  auto const all = read();
  ASSERT_TRUE(all);
  servers_[0].reset();
  EXPECT_EQ(add_to_four_groups(*all), 4);
  EXPECT_EQ(calls("logon"), 2);
  EXPECT_EQ(calls("add-member"), 4);
  EXPECT_EQ(strays_, 0);
}
TEST_F(GivenTwoPvwaServers, WhenBothDieThenTheErrorIsOfTheNetworkAndTheNextRunWorks) {
  ASSERT_TRUE(read());
  servers_[0].reset();
  auto const port = servers_[1]->port();
  servers_[1].reset();
  EXPECT_EQ(read().error().code, http::HttpErrc::connect_failed);
  sim::Server::Options where;
  where.port = port;
  where.certificate_file = certificates_.cert_file;
  where.key_file = certificates_.key_file;
  servers_[1] = std::make_unique<sim::Server>(
      where, [this](sim::Request const& request) { return answer(1, request); });
  EXPECT_TRUE(read());
}
TEST_F(GivenTwoPvwaServers, WhenTheSessionEndsUnderSeveralCallsThenOneNewLogonForAll) {
  auto const all = read();
  ASSERT_TRUE(all);
  edit(R"({"op":"revoke-tokens"})");
  EXPECT_EQ(add_to_four_groups(*all), 4);
  EXPECT_EQ(calls("logon"), 2);
}
TEST_F(GivenTwoPvwaServers, WhenAReadFailedThenTheSessionIsClosedAllTheSame) {
  edit(R"({"op":"set","knobs":{"list_fault":"truncated"}})");
  ASSERT_FALSE(read());
  close();
  EXPECT_EQ(calls("logoff"), 1);
  EXPECT_FALSE(traced_.empty());
  EXPECT_EQ(traced_.find(kPassword), std::string::npos);
  for (auto const& [token, node] : nodes_) EXPECT_EQ(traced_.find(token), std::string::npos);
}

class GivenALoadBalancer : public SeveralServers {
 protected:
  void SetUp() override {
    SeveralServers::SetUp();
    // One address; the cookies of the logon decide which of two servers answers.
    edit(R"({"op":"set","knobs":{"nodes":2}})");
    open(settings({"https://127.0.0.1:" + std::to_string(servers_[0]->port())}));
  }
};

TEST_F(GivenALoadBalancer, WhenCalledThenCookiesKeepTheSessionOnItsServer) {
  auto const all = read();
  ASSERT_TRUE(all) << text(all.error());
  EXPECT_EQ(add_to_four_groups(*all), 4);
  EXPECT_EQ(calls("logon"), 1);
  edit(R"({"op":"revoke-tokens"})");
  ASSERT_TRUE(read());  // on the other server by now, with its cookies
  EXPECT_EQ(calls("logon"), 2);
}
TEST_F(GivenALoadBalancer, WhenTheLimitOfSessionsIsReachedThenOneTryAndTheNextRunAgain) {
  edit(R"({"op":"set","knobs":{"session_limit":0}})");
  auto const refused = read();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, VaultErrc::logon_failed);
  EXPECT_EQ(calls("logon"), 1);
  edit(R"({"op":"set","knobs":{"session_limit":300}})");
  EXPECT_TRUE(read());
}

std::string base64(std::string_view bytes) {
  std::string encoded(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // EVP adds a NUL
  encoded.resize(static_cast<std::size_t>(
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                      reinterpret_cast<unsigned char const*>(bytes.data()), static_cast<int>(bytes.size()))));
  return encoded;
}
std::string from_base64(std::string_view encoded) {
  std::string bytes(encoded.size(), '\0');
  auto const size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                    reinterpret_cast<unsigned char const*>(encoded.data()),
                                    static_cast<int>(encoded.size()));
  bytes.resize(static_cast<std::size_t>(std::max(size, 0)));
  return bytes;
}
std::string as_utf16(std::string_view text) {
  std::string wide;
  for (char const c : text) wide += {c, '\0'};
  return wide;
}

/// MS-NLMP 2.2.1.2, CHALLENGE_MESSAGE: NTLM version 2, one pair of target information.
std::string ntlm_challenge() {
  auto const number = [](std::uint32_t value, int bytes) {
    std::string little;
    for (int at = 0; at < bytes; ++at) little += static_cast<char>(value >> (8 * at) & 0xFFU);
    return little;
  };
  constexpr std::uint32_t kUnicodeNtlmTargetInfo = 0x00800201, kHeader = 48;
  auto const domain = as_utf16("CORP");
  auto const pairs =
      number(2, 2) + number(static_cast<std::uint32_t>(domain.size()), 2) + domain + number(0, 4);
  auto const size = static_cast<std::uint32_t>(pairs.size());
  return std::string{"NTLMSSP\0", 8} + number(2, 4) + number(0, 4) + number(kHeader, 4) +
         number(kUnicodeNtlmTargetInfo, 4) + "8 random" + std::string(8, '\0') + number(size, 2) +
         number(size, 2) + number(kHeader, 4) + pairs;
}

/// IIS with integrated authentication before the logon call, and a small PVWA behind it.
class WindowsLogon : public SessionOverTls {
 protected:
  struct Seen {
    int connection = 0;
    bool logon = false;
    std::string authorization, body;
    std::string message() const {  // of NTLM
      return authorization.starts_with("NTLM ") ? from_base64(std::string_view{authorization}.substr(5)) : "";
    }
    bool is_ntlm(char kind) const { return message().starts_with(std::string{"NTLMSSP\0", 8} + kind); }
  };
  static std::string field(std::string const& head, std::string_view name) {
    auto const at = head.find("\r\n" + std::string{name} + ": ");
    if (at == std::string::npos) return {};
    auto const begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
  test::WireReply answer(test::WireRequest const& request) {
    seen_.push_back(
        {request.connection, request.has("/Logon "), field(request.head, "Authorization"), request.body});
    auto const& last = seen_.back();
    if (last.logon) {
      if (last.is_ntlm(1) && !only_negotiate_)
        return test::reply(401, "", "WWW-Authenticate: NTLM " + base64(ntlm_challenge()) + "\r\n");
      if (last.is_ntlm(3) && accepts_) return test::reply(200, "\"TOKEN\"");
      return test::reply(401, "<html>Unauthorized</html>",
                         only_negotiate_ ? "WWW-Authenticate: Negotiate\r\n"
                                         : "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n");
    }
    if (request.has("/Server ")) return test::reply(200, R"({"ExternalVersion":"14.4.0"})");
    if (request.has("/API/Users?")) return test::reply(200, kUsers);
    if (request.has("/API/UserGroups?")) return test::reply(200, kGroups);
    return test::reply(200, "{}");
  }
  void SetUp() override {
    // Tickets of whoever runs the tests have no part in it.
    setenv("KRB5CCNAME", "FILE:/nonexistent", 1);
    server_ = std::make_unique<test::WireServer>([this](auto const& request) { return answer(request); },
                                                 &certificates_);
    auto with = settings({server_->url()});
    with.method = AuthMethod::windows;
    with.user = "CORP\\svc-dirsync";
    open(std::move(with));
  }
  auto count_ntlm(char kind) const {
    return std::ranges::count_if(seen_, [kind](Seen const& each) { return each.is_ntlm(kind); });
  }
  /// The password stands in nothing but bodies of the logon call.
  void expect_password_is_kept() const {
    for (auto const& each : seen_)
      for (auto const& words : {each.authorization, each.message()})
        for (auto const& password : {std::string{kPassword}, as_utf16(kPassword)})
          EXPECT_EQ(words.find(password), std::string::npos);
    EXPECT_FALSE(traced_.empty());
    EXPECT_EQ(traced_.find(kPassword), std::string::npos) << traced_;
  }

  static constexpr char kUsers[] = R"({"Users":[{"id":2,"username":"Administrator"}],"Total":1})";
  static constexpr char kGroups[] =
      R"({"value":[{"id":11,"groupType":"Vault","groupName":"Vault Admins","location":"\\System",
      "members":[{"username":"Administrator","id":2}]}],"count":1})";
  bool accepts_ = true, only_negotiate_ = false;
  std::vector<Seen> seen_;
  std::unique_ptr<test::WireServer> server_;
};

class GivenIntegratedAuthentication : public WindowsLogon {};

TEST_F(GivenIntegratedAuthentication, WhenNtlmIsOfferedThenOnlyTheLogonIsAuthenticatedByIt) {
  auto const all = read();
  ASSERT_TRUE(all) << text(all.error());
  ASSERT_GE(seen_.size(), 5U);
  ASSERT_TRUE(seen_[0].is_ntlm(1));
  EXPECT_EQ(seen_[0].body, "");
  ASSERT_TRUE(seen_[1].is_ntlm(3));
  EXPECT_EQ(seen_[1].connection, seen_[0].connection);
  EXPECT_NE(seen_[1].message().find(as_utf16("svc-dirsync")), std::string::npos);
  EXPECT_NE(seen_[1].body.find(R"("concurrentSession":true)"), std::string::npos);
  for (std::size_t at = 2; at < seen_.size(); ++at) {
    EXPECT_FALSE(seen_[at].logon);
    EXPECT_EQ(seen_[at].authorization, "TOKEN");
    EXPECT_NE(seen_[at].connection, seen_[0].connection) << "a connection that bears the user's identity";
  }
  expect_password_is_kept();
}
TEST_F(GivenIntegratedAuthentication, WhenThePasswordIsRefusedThenItIsNeverSentAgain) {
  accepts_ = false;
  for (int run = 0; run < 3; ++run) {
    auto const refused = read();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, VaultErrc::logon_refused);
    auto const words = text(refused.error());
    EXPECT_EQ(words.find(kPassword), std::string::npos);
    EXPECT_NE(words.find("NTLM"), std::string::npos) << words;
  }
  EXPECT_EQ(count_ntlm(3), 1);
  expect_password_is_kept();
}
TEST_F(GivenIntegratedAuthentication, WhenOnlyNegotiateIsOfferedAndThereIsNoTicketThenOneClearFailure) {
  only_negotiate_ = true;
  auto const refused = read();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, VaultErrc::logon_refused);
  EXPECT_NE(text(refused.error()).find("Kerberos ticket"), std::string::npos);
  auto const sent = seen_.size();
  EXPECT_FALSE(read());
  EXPECT_EQ(seen_.size(), sent);
  EXPECT_EQ(count_ntlm(3), 0);
  expect_password_is_kept();
}

}  // namespace
}  // namespace dirsync::vault
