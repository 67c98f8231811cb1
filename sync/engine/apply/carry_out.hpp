#pragma once
// Intend, send, settle: the one place, for runs and for changes by hand.
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/engine/apply/intent_queue.hpp"
#include "sync/model/change.hpp"
#include "sync/ports/journal.hpp"
#include "sync/ports/target.hpp"

namespace dirsync::engine {

/// Under what a change is written down. The journal must outlive it.
struct AuditContext {
  Journal* journal = nullptr;
  RunId run;
  PlanDigest digest;  // empty: a change by hand
  std::string actor;
  std::shared_ptr<IntentQueue> queue = std::make_shared<IntentQueue>();  // of all that goes out under this
};

/// Sends announced changes, all in one call: one answer for each, in order, as Target::apply.
using Send = std::function<boost::asio::awaitable<std::vector<Applied>>(std::vector<Change>)>;
/// Looks whether a change whose answer is lost was made, and completes `settled`; leaves it as it is where
/// nothing tells.
using Look = std::function<boost::asio::awaitable<void>(Settled& settled)>;

/// When a change gets its audit row.
enum class Rows {
  at_once,
  once_verified,  // of a change that shows in its group and is so now, only once that was read back
};

struct Carried {
  std::vector<Settled> settled;  // one for each change, in order
  /// By position: the intent of a change whose row waits. Whoever verifies it settles it.
  std::map<std::size_t, std::int64_t> unverified;
  bool announced = false;                // false: nothing was sent, the journal could not be written
  std::optional<Error> target_down;      // no further write makes sense on this target in this run
  std::optional<Error> journal_failure;  // nothing more may be sent
};

/// Additions and removals.
bool is_membership(Change const& change);
/// Whether reading a group back tells if the change is so: memberships, renames and deletions.
bool shows_in_group(Change const& change);

/// Announces the changes, sends them and records what came of them. What is certain is recorded before
/// anything is looked for; what stays unknown keeps its intent, so that the next run looks it up. So does
/// what waits for its verification: a process that ends before leaves it to the next run as well. A
/// cancellation ends the call in hand and is seen only once its outcome is recorded, then as unverified; what
/// was announced and not sent by then is skipped.
/// `look`: may be empty. Thread: event loop.
boost::asio::awaitable<Carried> carry_out(AuditContext const& audit, std::vector<Change> batch, Send send,
                                          Look look, Rows rows);

/// Adds to what is told of a change that nobody looked whether it is so, and why.
void tell_unverified(Settled& settled, std::string_view why);

}  // namespace dirsync::engine
