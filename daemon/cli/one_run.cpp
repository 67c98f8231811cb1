#include "daemon/cli/one_run.hpp"

#include <signal.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>

#include "daemon/cli/context.hpp"
#include "daemon/cli/screen.hpp"
#include "sync/model/assert.hpp"

namespace dirsync::cli {
namespace asio = boost::asio;
namespace {

EntryCounts entries_of(engine::Setup const& setup) {
  EntryCounts counts;
  for (auto const& [name, directory, base, policy] : setup.directories)
    counts.emplace(name, directory->entries_so_far());
  return counts;
}

}  // namespace

/// Waits for signals and draws the progress line.
struct OneRun::Watch {
  explicit Watch(OneRun& run) : run_(run), signals_(run.io_, SIGINT, SIGTERM), ticker_(run.io_) {}

  void await_signal() {
    signals_.async_wait([this](boost::system::error_code failed, int) {
      if (failed) return;
      run_.ending_.ask();
      await_signal();
    });
  }
  void tick() {
    ticker_.expires_after(std::chrono::milliseconds{200});
    ticker_.async_wait([this](boost::system::error_code failed) {
      if (failed) return;
      run_.progress_.set_read(entries_of(run_.wiring_->setup()));
      run_.progress_.tick();
      tick();
    });
  }

  OneRun& run_;
  asio::signal_set signals_;
  asio::steady_timer ticker_;
};

OneRun::OneRun(Arguments const& arguments, config::Config const& config)
    : config_(config), progress_(is_terminal(2)), log_(log_options(arguments, config, true)) {
  log_.set_screen(
      {[this] { progress_.hide(); }, [this](std::string_view what, std::uint64_t done,
                                            std::uint64_t total) { progress_.set(what, done, total); }});
  for (auto const& warning : config.warnings) {
    Monitor::Field const fields[] = {{"text", warning}};
    log_.event(Monitor::Level::warn, "insecure_setting", fields);
  }
}

Result<void> OneRun::connect(Journal& journal) {
  auto wiring = Wiring::make(io_.get_executor(), config_, journal, clock_, log_, ending_.writes());
  if (!wiring) return wiring.error();
  wiring_ = std::move(*wiring);
  return {};
}

std::optional<Result<engine::Report>> OneRun::perform(Work const& work) {
  DIRSYNC_ASSERT(wiring_ != nullptr);
  std::exception_ptr failure;
  Result<engine::Report> report;
  auto whole = work(wiring_->setup(), ending_.token());
  asio::co_spawn(
      io_, std::move(whole),
      asio::bind_cancellation_slot(
          ending_.slot(), [this, &failure, &report](std::exception_ptr failed, Result<engine::Report> came) {
            failure = std::move(failed);
            report = std::move(came);
            // Not cancel(): a tick that has just expired would start the next one.
            io_.stop();
          }));
  Watch watch{*this};
  watch.await_signal();
  watch.tick();
  io_.run();
  progress_.clear();
  log_off(io_, *wiring_);
  if (failure && ending_.has_broken_off() && is_cancellation(failure)) return std::nullopt;
  if (failure) std::rethrow_exception(failure);
  return report;
}

}  // namespace dirsync::cli
