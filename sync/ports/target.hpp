#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/system/errc.hpp>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "sync/model/applied.hpp"
#include "sync/model/change.hpp"
#include "sync/model/error.hpp"
#include "sync/model/mapping_answer.hpp"
#include "sync/model/observed.hpp"
#include "sync/model/target_traits.hpp"

namespace dirsync {

/// Of one target, by the target's own ids.
struct SomeOfTarget {
  std::set<std::string> groups, users;
  /// By group, of `groups`: the members, of `users`, whose being there is all that matters. Groups that are
  /// not in it are read with everybody.
  std::map<std::string, std::set<std::string>> members = {};
  /// Of `users`: those who may be added to groups that are read with everybody.
  std::set<std::string> joining = {};
};

/// A Vault or a console. Reads and writes may be called from several coroutines at once;
/// the target keeps its own pace, session and retries. Thread: event loop.
class Target {
 public:
  virtual ~Target() = default;
  virtual TargetTraits traits() const = 0;
  /// Opens the session if there is none, checks the version, reads users and groups with members completely.
  /// Errors name side, call and remedy; failure of any part is an Error, never a shorter list.
  virtual boost::asio::awaitable<Result<Observed>> read() = 0;
  /// These groups and users as read() would show them, and nothing else: Observed::is_partial. What is not
  /// there, and whatever cannot be told for certain without reading everything, is left out; members other
  /// than these users are of unknown kind. Of a group in `members` those others may be missing: a target that
  /// tells of these by themselves need not read a long list, where it knows that a removal by name would mean
  /// nobody else; nobody may be added to such a group then. Whoever is `joining` is left out where an
  /// addition by name could mean somebody else by now. Writes that follow must be additions of these users to
  /// these groups, and their removals. Only after a read() that succeeded. Errors: as read(); also where the
  /// target offers no such read.
  virtual boost::asio::awaitable<Result<Observed>> read_some(SomeOfTarget /*wanted*/) {
    co_return Error{make_error_code(boost::system::errc::operation_not_supported),
                    "the target gives no single groups"};
  }
  /// Members and name of one group now, for verification and look-ups. Not found: an empty optional, and only
  /// when the target said so in its own words.
  virtual boost::asio::awaitable<Result<std::optional<TargetGroup>>> read_group(std::string group_id,
                                                                                Observed const& users) = 0;
  /// Whether it takes people in through that directory mapping. Asks the target at most once a read.
  virtual boost::asio::awaitable<MappingAnswer> ask_mapping(std::string domain) = 0;
  /// Sends one write. `batch`: one change, or, where traits().one_write_per_user, all changes of one user of
  /// one phase; or additions to one group of several whom the target is to take in, a write each, which are
  /// looked up together. Every change's group_id is set (but for create_group). One answer per change, in
  /// order. A write whose fate is unknown is not repeated here unless a look showed that it was not done.
  /// Cancelled: completes with outcomes all the same and never throws. Where a write went out and its fate
  /// was not settled the outcome is `unknown`, else `skipped`: so a caller that records them before it awaits
  /// again loses nothing.
  virtual boost::asio::awaitable<std::vector<Applied>> apply(std::vector<Change> batch) = 0;
  /// What writes must know of the last read, be it of some, may go: none follow before the next one. The
  /// session stays.
  virtual void forget_read() {}
  /// Ends the session; failures are of no consequence.
  virtual boost::asio::awaitable<void> close() = 0;
};

}  // namespace dirsync
