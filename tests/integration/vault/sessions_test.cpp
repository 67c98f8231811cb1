// Where a session lives: servers that die, load balancers.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <mutex>

#include "sync/model/text.hpp"
#include "sync/vault/errors.hpp"
#include "tests/integration/vault/session_over_tls.hpp"
#include "tests/simulators/server.hpp"
#include "tests/simulators/vault/vault_sim.hpp"
#include "tests/support/net/wire_server.hpp"

namespace dirsync::vault {
namespace {

namespace asio = boost::asio;

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

}  // namespace
}  // namespace dirsync::vault
