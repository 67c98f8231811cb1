#include "daemon/runner.hpp"

#include <malloc.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/cli/context.hpp"
#include "daemon/kept_figures.hpp"
#include "daemon/notify/sender.hpp"
#include "daemon/revocation_delay.hpp"
#include "daemon/run_telling.hpp"
#include "daemon/watch/possible_leavers.hpp"
#include "daemon/witness.hpp"
#include "sync/engine/engine.hpp"

namespace dirsync {
namespace asio = boost::asio;
using std::chrono::steady_clock;

Runner::Runner(cli::Arguments const& arguments, config::Config config, cli::State& state, Listeners listeners)
    : arguments_(arguments),
      config_(std::move(config)),
      state_(state),
      listeners_(std::move(listeners)),
      log_(listeners_.metrics, clock_),
      status_(log_),
      io_(1),
      ending_(io_.get_executor()),
      pause_(io_),
      watch_(io_.get_executor(), {.log = log_,
                                  .clock = clock_,
                                  .metrics = listeners_.metrics,
                                  .board = listeners_.feeds,
                                  .may_be_leavers =
                                      [this](std::string const& directory, std::set<EntryId> const& entries) {
                                        return watch::may_be_leavers(state_.store, directory, entries);
                                      },
                                  .on_news = [this] { pause_.cancel(); },
                                  .on_failure =
                                      [this](std::exception_ptr failure) {
                                        failure_ = std::move(failure);
                                        if (!ending_.is_asked()) ending_.ask();
                                        pause_.cancel();
                                      }}),
      idle_at_(steady_clock::now()) {}

/// The thread, which uses everything here, is the last member and so awaited first.
Runner::~Runner() { end(); }

Result<void> Runner::start() {
  auto wiring = wire(config_);
  if (!wiring) {
    say(Monitor::Level::error, "configuration_unusable", {{"err", text(wiring.error())}});
    return wiring.error();
  }
  wiring_ = std::move(*wiring);
  expect_targets();
  measure();
  asio::co_spawn(io_, loop(),
                 asio::bind_cancellation_slot(ending_.slot(), [this](std::exception_ptr failure) {
                   if (!failure_) failure_ = std::move(failure);
                   // Not cancel(): a timer that has just expired would start the next one.
                   io_.stop();
                 }));
  thread_ = std::jthread{[this] { run_thread(); }};
  return {};
}

void Runner::run_thread() {
  io_.run();
  end_sessions(io_, close());
  check_failure();
  asked_.close();
  asked_.end_unfinished();
  listeners_.on_end(exit_code_);
}

void Runner::reload() {
  asio::post(io_, [this] {
    reload_ = true;
    pause_.cancel();
  });
}

void Runner::retry(std::string target) {
  asio::post(io_, [this, target = std::move(target)] {
    retries_.insert(target);
    pause_.cancel();
  });
}

void Runner::ask(AskedRuns::Asked asked, AskedRuns::OnEnd on_end) {
  asked_.add(std::move(asked), std::move(on_end));
  asio::post(io_, [this] { pause_.cancel(); });
}

void Runner::end() {
  asked_.close();
  asio::post(io_, [this] {
    ending_.ask();
    pause_.cancel();
  });
}

steady_clock::time_point Runner::idle_at() {
  asio::post(io_, [this] { idle_at_ = steady_clock::now(); });
  return idle_at_;
}

void Runner::say(Monitor::Level level, std::string_view event, std::vector<Monitor::Field> fields) {
  log_.event(level, event, fields);
}

/// A run that was broken off ends so because we asked for it. Anything else is ours.
void Runner::check_failure() {
  if (!failure_ || cli::is_cancellation(failure_)) return;
  try {
    std::rethrow_exception(failure_);
  } catch (std::exception const& error) {
    say(Monitor::Level::error, "internal_error", {{"err", error.what()}});
  }
  exit_code_ = cli::kInternal;
}

Result<std::unique_ptr<Wiring>> Runner::wire(config::Config const& config) {
  return Wiring::make(io_.get_executor(), config, state_.store, clock_, status_, ending_.writes());
}

asio::awaitable<void> Runner::loop() {
  co_await begin_feeds();
  while (!ending_.is_asked()) {
    if (std::exchange(reload_, false)) {
      co_await take_over_configuration();
      next_run_ = {};
      continue;
    }
    take_up_retries();
    if (is_look_due()) co_await leavers_run();
    if (ending_.is_asked()) break;
    // In turns, so that the schedule goes on whatever is asked.
    if (auto asked = asked_.begin()) co_await asked_run(*std::move(asked));
    if (!ending_.is_asked() && since_boot() >= due()) co_await scheduled_run();
    if (!is_wanted()) co_await wait();
  }
}

/// Whether there is something to do before the schedule's next run.
bool Runner::is_wanted() const {
  return ending_.is_asked() || reload_ || !retries_.empty() || asked_.has_waiting();
}

/// Not while a run goes on, which would put off again what it was too early for.
void Runner::take_up_retries() {
  for (auto const& target : std::exchange(retries_, {})) {
    side_back_off_.try_again(target);
    next_run_ = {};
  }
}

/// What feeds tell comes before the schedule's next run, and not instead of it.
SinceBoot Runner::due() const { return std::min(next_run_, watch_.due().value_or(next_run_)); }

asio::awaitable<void> Runner::scheduled_run() {
  auto const now = since_boot();
  auto const by_feed = now < next_run_;
  engine::RunRequest request;
  request.apply = true;
  request.trigger = by_feed ? watch::kFeedTrigger : "daemon";
  request.actor = "daemon";
  request.untried = side_back_off_.untried(now);
  watch_.begin_run(request, by_feed, now);
  for (auto const& warning : config_.warnings)
    say(Monitor::Level::warn, "insecure_setting", {{"text", warning}});
  auto const report = co_await one_run(std::move(request));
  if (!report) co_return;
  watch_.end_run(*report, since_boot(), side_back_off_.next_try(since_boot()));
  set_next_run();
  // The next one goes on with what this one left, whatever the news come to.
  if (report->gave_way) next_run_ = {};
}

asio::awaitable<void> Runner::asked_run(AskedRuns::Asked asked) {
  auto ready = cli::ready_run(asked.what, asked.actor, config_, state_.store);
  if (!ready) {
    asked_.end([answer = ready.error()](cli::Presentation const&) { return answer; });
    co_return;
  }
  auto const approved = ready->approved;
  auto const report = co_await one_run(std::move(ready->request));
  if (!report) {
    auto const answer = cli::refusal(report.error(), cli::kInternal);
    asked_.end([answer](cli::Presentation const&) { return answer; });
    co_return;
  }
  if (cli::is_whole_run(asked.what) && !report->declined) set_next_run();
  asked_.end([this, &asked, &report, &approved](cli::Presentation const& presentation) {
    auto const is_seen = cli::is_expected(asked.what, report->plan);
    return cli::run_answer(asked.what, *report, approved, state_.store, presentation, is_seen);
  });
}

/// An error of a run that may send ends the service.
asio::awaitable<Result<engine::Report>> Runner::one_run(engine::RunRequest request) {
  auto const only_looks = !request.apply, is_whole = request.is_whole();
  request.keeps_members = is_whole && config_.schedule.watch;
  auto const untried = request.untried;
  auto const by_feed = request.trigger == watch::kFeedTrigger;
  if (is_whole && !only_looks) watch_.begin_full_read();
  auto report = co_await engine::run(wiring_->setup(), std::move(request), ending_.token());
  if (only_looks) co_return report;
  if (!report) {
    end_for(report.error());
    co_return report;
  }
  if (is_whole) keep_books(*report);
  side_back_off_.note(*report, untried, config_.schedule.interval, since_boot(), clock_.now(), by_feed);
  tell_run(log_, *report, tell_chain_head(state_.store));
  tell_late_removals(log_, *report, config_.schedule.revocation_target);
  last_run_ = in_a_line(*report);
  log_.end_run();
  listeners_.metrics.note_run(*report);
  // What a part of a plan does not show may still be so.
  if (is_whole)
    listeners_.on_news(notify::situation_of(*report), {notify::host_name(), report->run, clock_.now()});
  measure();
  co_return report;
}

/// Without a journal nothing may be sent; systemd restarts us and tells.
void Runner::end_for(Error const& of_journal) {
  say(Monitor::Level::error, "journal_failed", {{"err", text(of_journal)}});
  exit_code_ = cli::kInternal;
  asked_.close();
  ending_.ask();
}

void Runner::set_next_run() {
  auto const jitter = config_.schedule.jitter.count();
  std::uniform_int_distribution<std::int64_t> more{0, jitter > 0 ? jitter : 0};
  auto const pause = config_.schedule.interval + std::chrono::milliseconds{more(random_)};
  next_run_ = since_boot() + pause;
  next_run_shown_ = clock_.now() + pause;
}

/// Of the store. What cannot be read now keeps its last value.
void Runner::measure() {
  auto const kept = kept_figures(state_.store, config_, clock_.now());
  if (!kept) return;
  frozen_ = in_a_line(kept->frozen);
  for (auto const& [target, time] : kept->figures.last_success) listeners_.health.note_success(target, time);
  listeners_.metrics.note_store(kept->figures);
}

void Runner::expect_targets() {
  std::vector<std::string> names;
  for (auto const& [name, target] : config_.targets) names.push_back(name);
  listeners_.health.set_expected(config_.schedule.interval, std::move(names));
}

void Runner::look_at_store() {
  asio::post(io_, [this] {
    measure();
    if (waits_) tell_waiting();
  });
}

void Runner::tell_waiting() { status_.tell_ended(last_run_ + frozen_, next_run_shown_); }

asio::awaitable<void> Runner::wait() {
  // Of a large company as much as a hundred megabytes, which the allocator would keep until the next run.
  wiring_->forget_reads();
  if (leaver_books_) engine::pack(*leaver_books_);
  ::malloc_trim(0);
  waits_ = true;
  tell_waiting();
  for (auto left = look_again_after(next_look_or_run(), since_boot()); left.count() > 0 && !is_wanted();
       left = look_again_after(next_look_or_run(), since_boot())) {
    pause_.expires_after(left);
    boost::system::error_code woken;  // by a signal, an ask or a feed
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  waits_ = false;
}

}  // namespace dirsync
