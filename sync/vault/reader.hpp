#pragma once
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "sync/model/observed.hpp"
#include "sync/ports/target.hpp"
#include "sync/vault/answers.hpp"
#include "sync/vault/lists.hpp"
#include "sync/vault/session.hpp"
#include "sync/vault/user_reader.hpp"

namespace dirsync::vault {

/// Complete reads, or errors. Thread: event loop.
class Reader {
 public:
  Reader(Settings const& settings, Session& session)
      : settings_{settings}, session_{session}, users_{settings, session} {}

  boost::asio::awaitable<Result<Observed>> read_all();
  /// As Target::read_some(), by the calls for single users and groups. Errors: also a server that has none.
  boost::asio::awaitable<Result<Observed>> read_some(SomeOfTarget wanted);
  /// Whether lists of this server show members. False as long as its version is not known.
  bool shows_members() const;

  /// One group now, with its members sorted into known users and others. `name`: as last known, for servers
  /// that cannot give one group. Nothing when a complete answer shows that there is no such group.
  boost::asio::awaitable<Result<std::optional<TargetGroup>>> read_group(std::string id, std::string name,
                                                                        UserIndex const& users);
  /// The editable group of that name in a fresh, complete list; names compare folded.
  boost::asio::awaitable<Result<std::optional<TargetGroup>>> find_group(std::string name);
  boost::asio::awaitable<Result<TargetUser>> read_user(std::string id) {
    return users_.read_user(std::move(id));
  }

 private:
  struct Groups {
    std::vector<TargetGroup> groups;
    std::uint64_t pages = 0, members = 0;
    std::set<std::string> unreadable;  // as GroupPage::unreadable
  };
  /// What the call for one group says; not settled: the lists must be asked.
  struct Alone {
    bool settled = false;
    std::optional<TargetGroup> group;
  };
  boost::asio::awaitable<Result<Observed>> read_all_once();
  boost::asio::awaitable<Result<rest::Version>> read_version();
  boost::asio::awaitable<Result<Groups>> read_groups(http::Request first, UserIndex const& users);
  boost::asio::awaitable<Result<Groups>> read_group_pages(http::Request first, UserIndex const& users);
  boost::asio::awaitable<Result<Groups>> read_groups_with_members(UserIndex const& users);
  boost::asio::awaitable<Result<Alone>> read_alone(std::string id, UserIndex const& users);
  boost::asio::awaitable<Result<Alone>> ask_for_group(Result<http::Request> request, std::string id,
                                                      UserIndex const& users);
  /// What is asked for by itself.
  struct Some {
    std::vector<UserRow> people;
    std::vector<TargetGroup> brief;  // groups whose members in question tell of it themselves; no lists
    std::set<std::string> clear;     // ids of users that no group's id and name fit as well
    std::set<std::string> sole;      // ids of users whose names no group has
    std::uint64_t calls = 0;
  };
  boost::asio::awaitable<Result<Observed>> read_some_once(SomeOfTarget const& wanted);
  boost::asio::awaitable<Result<Some>> read_beside_lists(SomeOfTarget const& wanted);
  boost::asio::awaitable<Result<bool>> is_clear(TargetUser const& user);
  boost::asio::awaitable<Result<bool>> is_sole(TargetUser const& user);
  boost::asio::awaitable<Result<bool>> read_brief(std::string id, TargetGroup& group);
  boost::asio::awaitable<Result<std::optional<TargetGroup>>> read_certain_group(std::string id,
                                                                                UserIndex const& users);
  void note_what_needs_lists(Groups const& read);
  static Result<std::optional<TargetGroup>> take(Groups read, std::string const& id);
  /// Whether the server has a call for one group.
  bool shows_one_group() const;
  bool shared_services() const { return settings_.method == AuthMethod::ispss; }

  Settings const& settings_;
  Session& session_;
  UserReader users_;
  // Of the last read_all():
  rest::Version version_;
  std::set<std::string> unusable_;  // ids of groups whose members were not told as they should be
  std::unordered_set<std::string> taken_names_;  // of groups, and of members who are no known users; folded
};

}  // namespace dirsync::vault
