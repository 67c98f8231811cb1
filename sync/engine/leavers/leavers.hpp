#pragma once
// A run of leavers: of a few entries that feeds told of it reads whether their people leave, and takes from
// those who do what is ours; and who joins a group, and gives them what it alone feeds. Everything else is
// left to the whole run that follows.
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
  /// Memberships that were ours when it had ended, and of who joined since; by target and rule.
  std::map<std::pair<std::string, std::string>, std::int64_t> managed;
  std::map<std::pair<std::string, std::string>, std::int64_t> managed_in;  // the same by target and group id
  std::map<std::string, MemberBook> members;   // by directory; of those that were read for it
  std::map<std::string, UserBook> users;       // by target
  FedGroups fed;                               // empty where it left something to do: nobody joins then
  std::set<std::string> directories, targets;  // that it read, and that had a part in it
  std::vector<plan::GroupFigures> since;       // additions and removals since, by group
  /// What else the next whole run may change because of what was told since: beside it additions must be
  /// within the limits. More rather than less.
  std::vector<plan::GroupFigures> expected;
  std::map<std::string, std::set<EntryId>> unknown;  // by directory: told since, and not read by it
  bool joiners_wait = false;  // something was told since of which only a whole run knows what follows
  int looks = 0;              // closer looks since, of those that Limits::Confirm counts
  int departures = 0;         // removals since of people who left a group, counted alike
};

/// After a whole run, with nothing done since.
/// Takes what `report` has for this alone.
LeaverBooks books_after(Setup const& setup, Report& report);
/// Says the same afterwards. To be called when all else of the run was given back: what has many small parts
/// was made among the run's own memory, and holds pages of it that are empty but for these.
void pack(LeaverBooks& books);

/// One pass over `request.told`; apply is set, and all but trigger, actor, untried, told and deleted_at is as
/// by default. Nothing: nobody leaves or joins who could at once, and nothing was recorded. Where not all may
/// be sent, those who leave are, without those who join. It begins a run only when it sends something: with
/// intents, rows and grants like any other, but without reads, absences, rules, holds, cookies, and how a
/// target stands. `books` gets what it does. `setup` and `books` must outlive it. Errors, cancellation and
/// thread: as run().
boost::asio::awaitable<Result<std::optional<Report>>> run_leavers(Setup const& setup, RunRequest request,
                                                                  LeaverBooks& books, std::stop_token stop);

}  // namespace dirsync::engine
