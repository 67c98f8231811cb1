#pragma once
// A run of leavers: of a few entries that feeds told of it reads whether their people leave, and takes from
// those who do what is ours. Everything else is left to the whole run that follows.
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "sync/engine/report.hpp"
#include "sync/engine/setup.hpp"
#include "sync/model/member_book.hpp"
#include "sync/plan/diff/draft.hpp"

namespace dirsync::engine {

/// What runs of leavers go by besides what they read: how the last whole run found everything, and what they
/// did since. The limits count both, so that many small runs take no more than one whole run might.
struct LeaverBooks {
  /// Memberships that were ours when it had ended, by target and rule.
  std::map<std::pair<std::string, std::string>, std::int64_t> managed;
  std::map<std::pair<std::string, std::string>, std::int64_t> managed_in;  // the same by target and group id
  std::map<std::string, MemberBook> members;   // by directory; of those that were read for it
  std::set<std::string> directories, targets;  // that it read, and that had a part in it
  std::vector<plan::GroupFigures> since;       // removals since, by group
  int looks = 0;                               // closer looks since, of those that Limits::Confirm counts
  int departures = 0;                          // removals since of people who left a group, counted alike
};

/// After a whole run, with nothing done since.
/// Takes what `report` has for this alone.
LeaverBooks books_after(Setup const& setup, Report& report);

/// One pass over `request.told`; apply is set, and all but trigger, actor, untried, told and deleted_at is as
/// by default. Nothing: nobody leaves who could go at once, and nothing was recorded. It begins a run only
/// when it sends something: with intents, rows and grants like any other, but without reads, absences, rules,
/// holds, cookies, and how a target stands. `books` gets what it does. `setup` and `books` must outlive it.
/// Errors, cancellation and thread: as run().
boost::asio::awaitable<Result<std::optional<Report>>> run_leavers(Setup const& setup, RunRequest request,
                                                                  LeaverBooks& books, std::stop_token stop);

}  // namespace dirsync::engine
