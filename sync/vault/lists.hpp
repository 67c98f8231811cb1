#pragma once
// Long lists, parsed while they arrive: neither text nor tree of an answer is ever held.
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

/// Users by the Vault's own id.
class UserIndex {
 public:
  explicit UserIndex(std::vector<TargetUser> const& users);
  /// The user whom both id and name mean; nothing when they do not agree.
  std::optional<std::uint32_t> find(std::int64_t id, std::string_view name) const;

 private:
  std::vector<TargetUser> const& users_;
  std::unordered_map<std::int64_t, std::uint32_t> by_id_;
};

struct UserPage {
  std::vector<TargetUser> users;
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
/// `users` must outlive the sink.
std::unique_ptr<ListSink<GroupPage>> make_group_sink(UserIndex const& users);
/// The same for one group that stands alone, as "Get group details" answers.
std::unique_ptr<ListSink<GroupPage>> make_single_group_sink(UserIndex const& users);

}  // namespace dirsync::vault
