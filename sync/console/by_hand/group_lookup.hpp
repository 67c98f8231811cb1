#pragma once
#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/console/api/answers.hpp"
#include "sync/console/write/write_context.hpp"

namespace dirsync::console {

/// A group by its exact name, or by its id.
struct GroupKey {
  std::string name, id;
};

/// Names of organizations by id, as far as the service user sees them.
using OrganizationNames = std::map<std::string, std::string>;

struct GroupList {
  std::vector<Group> groups;               // ordered by name, then id
  std::vector<std::string> protected_why;  // of each group, as far as the list alone tells; empty: nothing
  OrganizationNames organizations;
};

struct GroupDetails {
  Group group;
  std::optional<std::vector<Role>> roles;  // nothing: not told; an id or a name that nobody tells is empty
  std::vector<Member> members;  // of every organization; with names as far as the console tells them
  std::string protected_why;    // empty: it is not
  OrganizationNames organizations;
};

/// What a person sees of the console's groups. Reads are complete or an Error. Thread: event loop.
class GroupLookup {
 public:
  explicit GroupLookup(WriteContext context) : context_(context) {}

  /// Errors: ConsoleErrc::ambiguous for a name or id that fits none or several; else that the console could
  /// not be read.
  boost::asio::awaitable<Result<GroupList>> list(std::string query_type, std::string name);
  boost::asio::awaitable<Result<GroupDetails>> get(GroupKey key);
  /// Fills the roles of the context where nobody did yet.
  boost::asio::awaitable<Result<void>> read_roles();

 private:
  boost::asio::awaitable<Result<Group>> find(GroupKey key);
  boost::asio::awaitable<Result<Group>> find_by_name(std::string name);
  boost::asio::awaitable<Result<GroupDetails>> details_of(Group group);
  boost::asio::awaitable<Result<std::vector<Member>>> members_of(std::string group_id);
  boost::asio::awaitable<Result<std::optional<std::vector<Role>>>> roles_of(Ids told);
  boost::asio::awaitable<Result<OrganizationNames>> organization_names();

  WriteContext context_;
};

}  // namespace dirsync::console
