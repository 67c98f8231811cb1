#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sync/engine/read/held_read.hpp"
#include "sync/engine/read/untried.hpp"
#include "sync/engine/setup.hpp"
#include "sync/plan/kept/in_force.hpp"

namespace dirsync::engine {

/// Both sides as read in one run. A side is in exactly one of `read` and `failed`.
struct Reads {
  std::map<std::string, Snapshot> snapshots;
  std::map<std::string, Error> failed_directories;
  std::map<std::string, Observed> observed;
  std::map<std::string, Error> failed_targets;
  std::map<std::string, Certificate> certificates;        // by side; of those that failed as well
  std::map<std::string, std::chrono::milliseconds> took;  // by side
  std::set<PlanDigest> used_approvals;                    // of reads, given with this run
  std::set<std::string> other_servers;                    // directories that came from another one
  /// Targets that have no part in this run, and why: not read themselves, or fed by a directory that was not,
  /// or by people of one that is joined with such a directory; every side that failed, its own first.
  std::map<std::string, std::vector<Error>> refused;
};

/// Reads every directory and target but those of `untried` at the same time, each once. A read that does not
/// go on from the last accepted one is refused unless a person took it as the new level. Errors: the
/// journal's.
/// `rehearses`: the groups that rules select by the settings in force are read as well, those of rules that
/// are gone, too.
boost::asio::awaitable<Result<Reads>> read_sides(Setup const& setup, Acceptance acceptance, Untried untried,
                                                 std::optional<plan::GoneRules> rehearses = std::nullopt);

/// The code of the plan's reason for a side without a part in it; docs/json.md.
std::string refusal_code(Error const& error);

}  // namespace dirsync::engine
