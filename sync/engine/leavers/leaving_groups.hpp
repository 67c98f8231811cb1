#pragma once
// What a run of leavers may touch, and what of a target it reads. Inside this folder.
#include <boost/asio/awaitable.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sync/engine/run/stages.hpp"

namespace dirsync::engine {

/// What people and earlier runs left that a whole run deals with.
struct InTheWay {
  std::vector<Freeze> freezes;  // in force
  std::vector<OpenIntent> intents;
  std::map<std::string, std::vector<Blocked>> blocked;     // by target
  std::map<std::string, std::vector<SetAside>> set_aside;  // by target

  /// Whether one of these is about the change, or about its group. `change`: an addition or a removal.
  bool stops(Change const& change, Time now) const;
};

/// For the targets of `held`. Errors: the journal's.
Result<InTheWay> what_is_in_the_way(RunContext const& context, Ours const& held);

/// The rules that had an applied plan and whose settings are the same since. Errors: the journal's.
Result<std::vector<Rule>> settled_rules(RunContext const& context,
                                        std::map<std::string, plan::DirectoryView> const& views);

/// Of one target, by its ids.
struct Joining {
  std::set<std::string> users, groups;
};

/// Reads the groups and users of `held` and the users who join, and nothing else of its targets; of the
/// members of groups that nobody joins those in question alone, if a target can tell of them by themselves.
/// One that cannot be read so is taken out of `held`. `joiners`: by target.
boost::asio::awaitable<void> read_touched_groups(RunContext const& context,
                                                 std::map<std::string, Joining> const& joiners, Ours& held,
                                                 Reads& reads);

}  // namespace dirsync::engine
