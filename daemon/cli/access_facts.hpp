#pragma once
// All that the store tells of one person and one target group.
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "daemon/cli/access_question.hpp"
#include "store/store.hpp"
#include "sync/model/record.hpp"

namespace dirsync::cli {

struct AccessFacts {
  std::string user;  // as it was written
  AskedGroup group;
  std::optional<Time> at;
  std::vector<store::HeldPerson> names;      // of the person, with those of entries of directories
  std::vector<store::HeldInterval> history;  // oldest first
  std::optional<store::HeldInterval> held;   // of these, the one at the time
  std::optional<RunRecord> run;              // the last one by then that read the target
  boost::json::object plan;                  // its document
  std::string unread;                        // why later runs did not read the target; empty: there are none
  std::vector<std::string> targets;          // where none was named: several that have such a group
  std::string rule;                          // that feeds the group; empty: several, or not known
  // As of now alone:
  std::optional<std::vector<Freeze>> freezes;  // in force
  std::optional<StoredPlan> decided;           // what persons decided of `plan`
  std::vector<std::string> foreign;
  std::vector<SetAside> set_aside;
  std::vector<Blocked> blocked;
  LeftOut left_out;

  /// Whether these names are some of the person's; any may be empty.
  bool is_meant(std::string_view principal, std::string_view dn, std::string_view id) const;
  /// The same of the group, as a plan or a notice names it.
  bool is_group(std::string_view name) const;
};

/// Errors: the store's.
Result<AccessFacts> access_facts(std::string const& user, AskedGroup group, store::Store& store,
                                 std::optional<Time> at);

}  // namespace dirsync::cli
