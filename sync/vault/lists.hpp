#pragma once
// Long lists, parsed while they arrive: neither text nor tree of an answer is ever held.
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "sync/http/client.hpp"
#include "sync/model/observed.hpp"

namespace dirsync::vault {

/// Users by the Vault's own id. Asked once for each membership, in no order: what an answer needs lies close
/// together, for every look that misses the cache costs more than parsing the member. A user who was told
/// without a name is known by the id alone, one without an id by the name alone.
class UserIndex {
 public:
  struct Known {
    std::uint32_t index;  // in the list of users
    std::uint32_t name_length;
    std::size_t name_at;
  };

  explicit UserIndex(std::vector<TargetUser> const& users);
  /// Nothing for an id that no user has; of one that several have the first.
  Known const* with_id(std::int64_t id) const;
  /// Whether id and name mean the same user.
  bool is_named(Known const& user, std::string_view name) const;
  /// Of the users who are told without an id, or with one that others have, the one who may be meant.
  /// Nothing: nobody.
  Known const* damaged(std::optional<std::int64_t> id, std::string_view name) const;

 private:
  boost::unordered_flat_map<std::int64_t, Known> by_id_;
  std::unordered_multimap<std::string, Known> without_id_;     // by folded name
  std::unordered_multimap<std::int64_t, Known> more_with_id_;  // than the first
  std::string names_;                                          // of all users, one after another
};

/// Of no user: for reads of groups alone. Lives as long as the program.
UserIndex const& nobody();

struct UserPage {
  std::vector<TargetUser> users;
  /// Ids of the groups of type Vault that a user who stands alone is in; of a list of users nothing is kept.
  std::set<std::string> groups;
  std::optional<std::int64_t> total;
  bool bare_array = false;  // some servers send the list without its total
};

struct GroupPage {
  std::vector<TargetGroup> groups;  // members that are no known user are in `others`, as yet unclassified
  std::optional<std::int64_t> count;
  std::string next_link;
  std::uint64_t members = 0;
  std::uint64_t without_members = 0;  // groups that came without a list of members, be it empty
  std::set<std::string> unreadable;   // ids of groups that have members of whom nobody knows who they are
};

/// A sink that keeps the rows of one list answer.
template <class Page>
class ListSink : public http::BodySink {
 public:
  /// Call once, after the last piece. Nothing when the answer was no whole list of valid rows; see problem().
  virtual std::optional<Page> finish() = 0;
  virtual std::string const& problem() const = 0;
};

std::unique_ptr<ListSink<UserPage>> make_user_sink();
/// The same for one user who stands alone, as "Get user details" answers.
std::unique_ptr<ListSink<UserPage>> make_single_user_sink();
/// `users` must outlive the sink.
std::unique_ptr<ListSink<GroupPage>> make_group_sink(UserIndex const& users);
/// The same for one group that stands alone, as "Get group details" answers.
std::unique_ptr<ListSink<GroupPage>> make_single_group_sink(UserIndex const& users);

}  // namespace dirsync::vault
