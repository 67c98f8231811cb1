#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "daemon/cli/arguments.hpp"
#include "daemon/cli/progress_line.hpp"
#include "daemon/config/config.hpp"
#include "daemon/ending.hpp"
#include "daemon/log.hpp"
#include "daemon/wiring.hpp"
#include "sync/engine/report.hpp"
#include "sync/ports/clock.hpp"

namespace dirsync::cli {

/// One pass of a command, on a loop of its own, with its log and what a person sees of it on a terminal.
/// SIGINT and SIGTERM end it as Ending says. Thread: main.
class OneRun {
 public:
  /// Both must outlive it. Warnings of the configuration are logged.
  OneRun(Arguments const& arguments, config::Config const& config);
  OneRun(OneRun const&) = delete;
  OneRun& operator=(OneRun const&) = delete;

  Log& log() { return log_; }
  /// Takes the progress line away, before something else is printed.
  void clear_progress() { progress_.clear(); }

  /// Opens no connection yet. `journal` must outlive this. Errors: Wiring's.
  Result<void> connect(Journal& journal);

  using Work =
      std::function<boost::asio::awaitable<Result<engine::Report>>(engine::Setup const&, std::stop_token)>;
  /// After connect(), once; ends the targets' sessions. Nothing when it was broken off by a signal.
  std::optional<Result<engine::Report>> perform(Work const& work);

 private:
  struct Watch;

  config::Config const& config_;
  ProgressLine progress_;
  Log log_;
  boost::asio::io_context io_{1};
  SystemClock const clock_;
  Ending ending_{io_.get_executor()};
  std::unique_ptr<Wiring> wiring_;
};

}  // namespace dirsync::cli
