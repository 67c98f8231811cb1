// Runs of leavers: what feeds told is looked at at once, for nobody but those who leave, or join a group.
#include <algorithm>
#include <utility>

#include "daemon/revocation_delay.hpp"
#include "daemon/run_telling.hpp"
#include "daemon/runner.hpp"

namespace dirsync {
namespace asio = boost::asio;

/// Only after a run of everything, which says what is so otherwise.
bool Runner::is_look_due() const {
  auto const due = leaver_books_ ? watch_.look_due() : std::nullopt;
  return due && since_boot() >= *due && !ending_.is_asked();
}

/// Of a run of everything.
void Runner::keep_books(engine::Report& report) {
  auto books = engine::books_after(wiring_->setup(), report);
  if (leaver_books_) watch_.end_full_read(leaver_books_->members, books.members);
  leaver_books_ = std::move(books);
}

SinceBoot Runner::next_look_or_run() const {
  auto const look = leaver_books_ ? watch_.look_due() : std::nullopt;
  return std::min(due(), look.value_or(due()));
}

/// Of what it comes to only the changes are told: how everything stands the run tells that follows.
asio::awaitable<void> Runner::leavers_run() {
  auto const now = since_boot();
  engine::RunRequest request;
  request.apply = true;
  request.trigger = watch::kLeaversTrigger;
  request.actor = "daemon";
  request.untried = side_back_off_.untried(now);
  if (!watch_.is_all_told()) leaver_books_->joiners_wait = true;
  watch_.begin_look(request, now);
  auto report =
      co_await engine::run_leavers(wiring_->setup(), std::move(request), *leaver_books_, ending_.token());
  watch_.end_look(since_boot());
  if (!report) {
    end_for(report.error());
    co_return;
  }
  if (!*report) co_return;
  tell_leavers_run(log_, **report);
  tell_late_removals(log_, **report, config_.schedule.revocation_target);
  listeners_.metrics.note_leavers_run(**report);
}

}  // namespace dirsync
