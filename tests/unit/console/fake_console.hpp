#pragma once
// A console of one organization in memory, as far as ConsoleTarget talks to it.
#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sync/console/target.hpp"
#include "tests/support/http/fake_http_client.hpp"

namespace dirsync::test {

struct FakeUser {
  std::string name;
  std::set<std::string> groups;
  std::vector<std::string> roles = {"r1"};
  int version = 1;
  std::string status = "ACTIVE";
};

struct FakeGroup {
  std::string name;
  std::string description = "by hand";
  int version = 1;
  std::vector<std::string> roles = {"r2"};  // ids; single answers tell their names
};

/// A time that only the test moves.
struct FakeClock final : Clock {
  std::chrono::system_clock::time_point time{std::chrono::seconds{1'800'000'000}};
  std::chrono::system_clock::time_point now() const override { return time; }
};

class FakeConsole {
 public:
  std::map<std::string, FakeUser> users;    // by id
  std::map<std::string, FakeGroup> groups;  // by id
  bool console_groups = true, group_members = true;
  bool hide_empty_groups = false;        // leave an empty `groups` out of a user
  bool hide_empty_lists = false;         // the same of `groups` and `roles`
  bool hide_roles = false;               // leave `roles` out of every user
  bool hide_groups = false;              // leave `groups` out of every user
  int creations = 0;                     // of groups and users
  std::vector<std::string> passwords{};  // of created users

  /// What happens instead of, or around, the next calls of this method and path: the rule gets the request
  /// and may let the console do it.
  using Rule = std::function<Result<http::Response>(http::Request const&)>;
  void next(http::Method method, std::string path, Rule rule);
  /// The same for every call from now on.
  void always(http::Method method, std::string path, Rule rule);
  Result<http::Response> handle(http::Request const& request);
  /// What the console does by itself.
  Result<http::Response> work(http::Request const& request);

 private:
  http::Response list(std::string const& key, std::vector<std::string> const& items,
                      std::string const& query) const;
  http::Response user(std::string const& id) const;
  http::Response put_user(std::string const& id, std::string const& body);
  http::Response post_group(std::string const& body);
  http::Response post_user(std::string const& body);
  http::Response put_group(std::string const& id, std::string const& body);
  http::Response group(std::string const& id) const;
  std::vector<std::string> group_items() const, user_items() const,
      member_items(std::string const&group) const;
  std::vector<std::string> membership_items(std::string const& group) const;
  struct Exception {
    http::Method method;
    std::string path;
    Rule rule;
    bool once;
  };
  std::deque<Exception> exceptions_;
};

Result<http::Response> transport_error(http::HttpErrc code);
http::Response refused(int status, std::string words);

/// A target on a fake console with groups g1 "Ops", g2 "Net", g3 "Hand made", users u1 ann (g3), u2 bob,
/// and the service user u9 in g9 "Directory Sync". No pause between looks.
struct ConsoleBed {
  ConsoleBed();
  boost::asio::io_context io;
  FakeConsole console;
  FakeClock clock;
  console::Settings settings;
  FakeHttpClient* client = nullptr;
  std::unique_ptr<console::ConsoleTarget> target;
  void open();
  Result<Observed> read();
  std::vector<Applied> apply(std::vector<Change> batch);
  std::size_t count(http::Method method, std::string_view path) const {
    return client->asked(method, path).size();
  }
};

Change change(Verb verb, std::string group_id, std::string user_id, std::string user_name);
Change create_group(std::string name, std::vector<std::string> roles = {"Device Administrator"});

}  // namespace dirsync::test
