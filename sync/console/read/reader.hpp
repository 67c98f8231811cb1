#pragma once
#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/console/api/answers.hpp"
#include "sync/console/api/profile.hpp"
#include "sync/console/read/list_reader.hpp"
#include "sync/console/session/session.hpp"
#include "sync/rest/login_lock.hpp"
#include "sync/rest/path.hpp"

namespace dirsync::console {

/// Members by group id, from reading every user; made once per pass over the groups, however many groups are
/// read at the same time.
struct UsersByGroup {
  rest::Exclusive one;
  std::optional<Result<std::map<std::string, std::vector<Member>>>> read;
};

/// Reads of one organization. A list is complete or an Error, never shorter. Objects whose organization is
/// told and is another one are left out; members of another one stay, as they are members.
class Reader {
 public:
  using Groups = boost::asio::awaitable<Result<std::vector<Group>>>;
  using Users = boost::asio::awaitable<Result<std::vector<User>>>;
  using Roles = boost::asio::awaitable<Result<std::vector<Role>>>;
  using Organizations = boost::asio::awaitable<Result<std::vector<Organization>>>;
  using Members = boost::asio::awaitable<Result<std::vector<Member>>>;
  using MembersOfEach = boost::asio::awaitable<Result<std::vector<std::vector<Member>>>>;

  /// `at_once`: of how many groups members are read at the same time, and how many pages of a list. The pace
  /// of their calls is the client's.
  Reader(Session& session, Profile const& profile, int page_size, int at_once = 1);
  /// These three without what is told without an id, as nothing can be done with it.
  Organizations organizations();
  Roles roles();
  /// Of the organizations above, too.
  Roles inherited_roles();
  Groups groups();
  /// By the console's own filter, which fits names that have the letters of `name` in any order; empty: no
  /// filter. `query_type`: SHOW_CURRENT, SHOW_ANCESTORS, SHOW_DESCENDANTS or SHOW_ALL, seen from our
  /// organization.
  Groups find_groups(std::string query_type, std::string name);
  Users users();
  /// Empty when the console itself says that there is none.
  boost::asio::awaitable<Result<std::optional<Group>>> group(std::string id);
  boost::asio::awaitable<Result<std::optional<User>>> user(std::string id);
  /// The members of a group that exists, by the first way that this console offers. That a way is missing is
  /// never taken for "no members". Errors: ConsoleErrc::not_found when the group itself is gone.
  Members members(std::string group_id, UsersByGroup& by_group);
  /// The same, and whoever else the console names when it is asked for members of every organization and
  /// kind.
  Members members_everywhere(std::string group_id, UsersByGroup& by_group);
  /// Those of each of `groups`, in the same order.
  MembersOfEach members_of_each(std::vector<Group> const& groups);

  /// A new session may meet another release: finds the way to members anew.
  void forget_way() { way_ = 0; }
  MembersWay way() const { return profile_.members[way_]; }

  ListReader::Figures const& figures() const noexcept { return lists_.figures(); }
  void reset_figures() { lists_.reset_figures(); }

 private:
  template <class T>
  boost::asio::awaitable<Result<std::vector<T>>> list_ours(rest::Path path, std::string query,
                                                           ListReader::Parser<T> parse);
  template <class T>
  boost::asio::awaitable<Result<std::vector<T>>> list_with_ids(rest::Path path, std::string query,
                                                               ListReader::Parser<T> parse);
  Members members_of(Group const& group, UsersByGroup& by_group);
  Members members_by(MembersWay way, std::string group_id, UsersByGroup& by_group);
  enum class Reach { organization, everywhere };
  Members list_members(MembersWay way, std::string group_id, Reach reach);
  Members members_of_users(std::string group_id, UsersByGroup& by_group);
  boost::asio::awaitable<Result<std::map<std::string, std::vector<Member>>>> read_each_user();
  boost::asio::awaitable<Result<User>> user_with_groups(std::string id);

  Session& session_;
  Profile const& profile_;
  int at_once_;
  ListReader lists_;
  std::size_t way_ = 0;  // index into Profile::members
};

}  // namespace dirsync::console
