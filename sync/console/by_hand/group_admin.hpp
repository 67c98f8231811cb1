#pragma once
// What a person asks of the console's groups by hand.
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/console/write/group_calls.hpp"
#include "sync/model/record.hpp"

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

struct NewGroup {
  std::string name, description;
  std::vector<std::string> roles;  // names
};

/// What stays as it is is not set.
struct GroupEdit {
  std::optional<std::string> name, description;
  std::vector<std::string> roles;       // names; empty: as they are
  std::optional<std::int64_t> version;  // the updateVersion that the person saw
};

/// A write that passed every check, to be put into the journal before it is sent.
struct GroupWrite {
  Change change;         // Outcome::already with a detail when there is nothing to send
  GroupFields fields;    // of a creation or an update
  std::string in_words;  // what it changes, for the audit trail
};

/// Group calls for people. Reads are complete or an Error. Every write is checked first: nothing protected,
/// nothing that the sync keeps, no name twice. It is then sent at most once, and looked at afterwards.
/// Thread: event loop.
class GroupAdmin {
 public:
  /// `managed`: what is ours in this target; a write needs it.
  GroupAdmin(Writing context, Managed managed) : context_(context), managed_(std::move(managed)) {}

  /// All reads and checks. Errors: ConsoleErrc::ambiguous for a name or id that fits none or several,
  /// ConsoleErrc::against_rule for what dirsyncd does not do; else that the console could not be read.
  boost::asio::awaitable<Result<GroupList>> list(std::string query_type, std::string name);
  boost::asio::awaitable<Result<GroupDetails>> get(GroupKey key);
  boost::asio::awaitable<Result<GroupWrite>> prepare_create(NewGroup wanted);
  boost::asio::awaitable<Result<GroupWrite>> prepare_update(GroupKey key, GroupEdit edit);
  boost::asio::awaitable<Result<GroupWrite>> prepare_delete(GroupKey key);

  /// Outcome done, failed or unknown; the detail says what was changed, and why it failed.
  boost::asio::awaitable<Applied> send(GroupWrite write);

 private:
  boost::asio::awaitable<Result<Group>> find(GroupKey key);
  boost::asio::awaitable<Result<Group>> find_by_name(std::string name);
  boost::asio::awaitable<Result<GroupDetails>> details_of(Group group);
  boost::asio::awaitable<Result<std::vector<Member>>> members_of(std::string group_id);
  boost::asio::awaitable<Result<std::optional<std::vector<Role>>>> roles_of(Ids told);
  boost::asio::awaitable<Result<OrganizationNames>> organization_names();
  boost::asio::awaitable<Result<void>> read_roles();

  boost::asio::awaitable<Result<GroupDetails>> find_to_write(GroupKey key);
  boost::asio::awaitable<Result<void>> check_new_name(std::string name, std::string except);
  boost::asio::awaitable<Result<std::vector<std::string>>> wanted_roles(std::vector<std::string> names,
                                                                        Ids told);
  std::string managing_rule(std::string const& group_id) const;

  boost::asio::awaitable<Applied> create(rest::Sending& sending, GroupWrite write);
  boost::asio::awaitable<Applied> update(rest::Sending& sending, GroupWrite write);
  boost::asio::awaitable<Applied> remove(rest::Sending& sending, GroupWrite write);
  boost::asio::awaitable<Applied> look_for_created(GroupWrite write, Applied otherwise);
  boost::asio::awaitable<Result<std::optional<Applied>>> created_by_now(GroupWrite write);
  boost::asio::awaitable<std::vector<Applied>> send_within(rest::Sending& sending, GroupWrite write);
  boost::asio::awaitable<Applied> verify(GroupWrite write, Applied otherwise);
  boost::asio::awaitable<Applied> settle_by_look(std::string id, Wanted wanted, Applied otherwise);
  bool is_as_wanted(GroupFields const& wanted, Group const& group) const;
  std::string names_of_roles(std::vector<std::string> const& ids) const;

  Writing context_;
  Managed managed_;
};

}  // namespace dirsync::console
