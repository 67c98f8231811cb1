#pragma once
#include <boost/asio/awaitable.hpp>
#include <optional>
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

/// A Vault or a console. Reads and writes may be called from several coroutines at once;
/// the target keeps its own pace, session and retries. Thread: event loop.
class Target {
 public:
  virtual ~Target() = default;
  virtual TargetTraits traits() const = 0;
  /// Opens the session if there is none, checks the version, reads users and groups with members completely.
  /// Errors name side, call and remedy; failure of any part is an Error, never a shorter list.
  virtual boost::asio::awaitable<Result<Observed>> read() = 0;
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
  /// What writes must know of the last read may go: none follow before the next read. The session stays.
  virtual void forget_read() {}
  /// Ends the session; failures are of no consequence.
  virtual boost::asio::awaitable<void> close() = 0;
};

}  // namespace dirsync
