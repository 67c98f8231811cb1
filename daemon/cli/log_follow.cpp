#include "daemon/cli/log_follow.hpp"

#include <signal.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <utility>

#include "daemon/cli/pruned_notice.hpp"
#include "daemon/cli/screen.hpp"

namespace dirsync::cli {
namespace {
using store::StoreErrc;
constexpr std::chrono::milliseconds kBetweenLooks{300};

/// SIGINT and SIGTERM, which end the process no more by themselves. Thread: main, while there is no other.
class StopSignals {
 public:
  StopSignals() {
    ::sigemptyset(&signals_);
    ::sigaddset(&signals_, SIGINT);
    ::sigaddset(&signals_, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &signals_, nullptr);
  }
  /// Waits so long for one that has not come yet.
  bool have_come(std::chrono::milliseconds within) {
    timespec const timeout{0, static_cast<long>(std::chrono::nanoseconds{within}.count())};
    have_come_ = have_come_ || ::sigtimedwait(&signals_, nullptr, &timeout) > 0;
    return have_come_;
  }

 private:
  sigset_t signals_{};
  bool have_come_ = false;
};

/// While a service starts, a file is put back, or somebody writes for long.
bool passes(Error const& error) {
  return error.code == Failure::transient || error.code == StoreErrc::missing;
}

class Follower {
 public:
  Follower(AuditFilter filter, RowForm form, store::StateFolder folder, StopSignals& stop)
      : filter_(std::move(filter)),
        form_(form),
        folder_(std::move(folder)),
        stop_(stop),
        last_{filter_.after_sequence, ""} {}

  /// Shows what came since the last look. A look that fails in between goes on where it ended.
  Result<void> look() {
    auto store =
        store::Store::open({.folder = folder_, .mode = store::Options::Mode::read_only, .examine = true});
    if (!store) return store.error();
    auto const head = store->chain_head();
    if (!head) return head.error();
    if (auto const same = check_goes_on(*store, *head); !same) return same;
    auto filter = filter_;
    filter.after_sequence = last_.sequence;
    auto const read = store->audit(filter, [this, &head](AuditRow const& row) {
      if (row.sequence > head->sequence || stop_.have_come(std::chrono::milliseconds{0})) return false;
      show_row_line(form_, row_line(form_, row));
      last_ = {row.sequence, row.hash};
      return true;
    });
    if (!read) return read;
    filter_.limit.reset();
    last_ = *head;
    return {};
  }

 private:
  /// That the trail has what was shown last, or had it before it was pruned.
  Result<void> check_goes_on(store::Store& store, store::ChainHead const& head) const {
    if (last_.sequence == 0) return {};
    if (head.sequence < last_.sequence) return went_another_way("ends before it");
    std::optional<AuditRow> there;
    AuditFilter only;
    only.after_sequence = last_.sequence - 1;
    auto const read = store.audit(only, [this, &there](AuditRow const& row) {
      if (row.sequence == last_.sequence) there = row;
      return false;
    });
    if (!read) return read;
    if (there)
      return last_.hash.empty() || there->hash == last_.hash ? Result<void>{}
                                                             : went_another_way("has another one there");
    auto const pruned = store.pruned();
    if (!pruned) return pruned.error();
    if (!*pruned || (*pruned)->rows() < last_.sequence) return went_another_way("has it no more");
    if ((*pruned)->rows() > last_.sequence) show(stderr, "dirsyncd: " + pruned_text(**pruned) + "\n");
    return {};
  }
  Error went_another_way(std::string const& how) const {
    return {StoreErrc::behind, (folder_.path() / "dirsyncd.db").string() + ": row " +
                                   std::to_string(last_.sequence) + " was shown, and the trail " + how +
                                   ": an older copy, or another store, stands in its place. Find out who "
                                   "replaced it, then follow again"};
  }

  AuditFilter filter_;
  RowForm form_;
  store::StateFolder folder_;
  StopSignals& stop_;
  store::ChainHead last_;  // that was looked at; without its hash where that is not known
};

/// Ends with an error where nobody reads any more.
Result<void> flush() {
  if (std::fflush(stdout) == 0) return {};
  return Error{StoreErrc::unwritable, "standard output takes nothing any more; see who reads it"};
}

}  // namespace

Result<void> follow_log(AuditFilter filter, RowForm form, State state) {
  StopSignals stop;
  Follower follower{std::move(filter), form, state.folder, stop};
  if (auto const head = head_line(form); !head.empty()) show_row_line(form, head);
  do {
    auto const looked = follower.look();
    if (!looked && !passes(looked.error())) return looked;
    if (auto const flushed = flush(); !flushed) return flushed;
  } while (!stop.have_come(kBetweenLooks));
  return {};
}

}  // namespace dirsync::cli
