#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sync/console/by_hand/group_lookup.hpp"
#include "sync/console/write/group_calls.hpp"
#include "sync/model/observed.hpp"
#include "sync/model/record.hpp"

namespace dirsync::console {

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
  Change change;
  std::string nothing_to_do;  // why there is nothing to send; empty: there is
  TargetGroup seen;           // of an update or a deletion: the group as it was just read, for the last guard
  GroupFields fields;         // of a creation or an update
  std::string in_words;       // what it changes, for the audit trail
};

/// What is checked before a write that a person asks for: nothing protected, nothing that the sync keeps, no
/// name twice. Nothing is sent. Thread: event loop.
class GroupChecks {
 public:
  /// `managed`: what is ours in this target.
  GroupChecks(WriteContext context, Managed managed)
      : context_(context), lookup_(context), managed_(std::move(managed)) {}

  /// Errors: ConsoleErrc::ambiguous for a name or id that fits none or several, ConsoleErrc::against_rule for
  /// what dirsyncd does not do; else that the console could not be read.
  boost::asio::awaitable<Result<GroupWrite>> prepare_create(NewGroup wanted);
  boost::asio::awaitable<Result<GroupWrite>> prepare_update(GroupKey key, GroupEdit edit);
  boost::asio::awaitable<Result<GroupWrite>> prepare_delete(GroupKey key);

 private:
  boost::asio::awaitable<Result<GroupDetails>> find_to_write(GroupKey key);
  boost::asio::awaitable<Result<void>> check_new_name(std::string name, std::string except);
  boost::asio::awaitable<Result<std::vector<std::string>>> wanted_roles(std::vector<std::string> names,
                                                                        Ids told);
  std::string managing_rule(std::string const& group_id) const;
  std::string names_of_roles(std::vector<std::string> const& ids) const;

  WriteContext context_;
  GroupLookup lookup_;
  Managed managed_;
};

}  // namespace dirsync::console
