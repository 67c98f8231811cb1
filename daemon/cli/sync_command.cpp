// plan and sync: the same run, up to the first write (P11).
#include <signal.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdio>
#include <iostream>
#include <optional>

#include "daemon/account.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/digest_argument.hpp"
#include "daemon/cli/outcome_view.hpp"
#include "daemon/cli/output.hpp"
#include "daemon/cli/plan_view.hpp"
#include "daemon/cli/progress_line.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/short_text.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/ending.hpp"
#include "daemon/wiring.hpp"
#include "daemon/witness.hpp"
#include "sync/engine/engine.hpp"
#include "sync/model/join.hpp"
#include "sync/plan/document.hpp"

namespace dirsync::cli {
namespace asio = boost::asio;
namespace {

EntryCounts entries_of(engine::Setup const& setup) {
  EntryCounts counts;
  for (auto const& [name, directory, base, policy] : setup.directories)
    counts.emplace(name, directory->entries_so_far());
  return counts;
}

/// Runs one pass on a loop of its own. SIGINT and SIGTERM end it as Ending says.
class OneRun {
 public:
  OneRun(Wiring& wiring, asio::io_context& io, Ending& ending, ProgressLine& progress)
      : wiring_(wiring),
        io_(io),
        ending_(ending),
        progress_(progress),
        signals_(io, SIGINT, SIGTERM),
        ticker_(io) {}

  /// Nothing when it was broken off.
  std::optional<Result<engine::Report>> operator()(engine::RunRequest request) {
    asio::co_spawn(io_, engine::run(wiring_.setup(), std::move(request), ending_.token()),
                   asio::bind_cancellation_slot(
                       ending_.slot(), [this](std::exception_ptr failure, Result<engine::Report> report) {
                         failure_ = std::move(failure);
                         report_ = std::move(report);
                         // Not cancel(): a tick that has just expired would start the next one.
                         io_.stop();
                       }));
    await_signal();
    tick();
    io_.run();
    progress_.clear();
    log_off(io_, wiring_);
    if (failure_ && ending_.has_broken_off() && is_cancellation(failure_)) return std::nullopt;
    if (failure_) std::rethrow_exception(failure_);
    return std::move(report_);
  }

 private:
  void await_signal() {
    signals_.async_wait([this](boost::system::error_code failed, int) {
      if (failed) return;
      ending_.ask();
      await_signal();
    });
  }
  void tick() {
    ticker_.expires_after(std::chrono::milliseconds{200});
    ticker_.async_wait([this](boost::system::error_code failed) {
      if (failed) return;
      progress_.set_read(entries_of(wiring_.setup()));
      progress_.tick();
      tick();
    });
  }

  Wiring& wiring_;
  asio::io_context& io_;
  Ending& ending_;
  ProgressLine& progress_;
  asio::signal_set signals_;
  asio::steady_timer ticker_;
  std::exception_ptr failure_;
  Result<engine::Report> report_;
};

bool asks_yes(Plan const& plan) {
  auto const rest_waits = plan.verdict == Verdict::hold;
  auto const changes = std::ranges::count_if(plan.changes, [rest_waits](Change const& change) {
    return is_to_send(change) && (!rest_waits || change.part == Part::leavers);
  });
  std::fprintf(stderr,
               rest_waits
                   ? "The rest waits for an approval. Send these %td removals of people who are gone or "
                     "disabled now? [y/N] "
                   : "Apply these %td changes? [y/N] ",
               changes);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

bool is_dry(Arguments const& arguments) { return arguments.command == Command::plan || arguments.dry_run; }

/// Shows the plan once, whoever comes first: the question or the end.
class PlanPrinter {
 public:
  PlanPrinter(Arguments const& arguments, ProgressLine& progress)
      : arguments_(arguments), progress_(progress) {}
  void show(Plan const& plan) {
    if (arguments_.json || std::exchange(shown_, true)) return;
    progress_.clear();
    auto const after = is_dry(arguments_) ? AfterPlan::nothing : AfterPlan::question;
    auto const presentation = Presentation::for_descriptor(1, arguments_.verbose);
    show_painted(stdout, plan_view(plan, after, presentation), presentation.palette);
    std::fflush(stdout);
  }

 private:
  Arguments const& arguments_;
  ProgressLine& progress_;
  bool shown_ = false;
};

/// A rule that does not exist has no changes; that must not look like being in sync.
bool knows_rule(Arguments const& arguments, config::Config const& config) {
  if (arguments.rule.empty()) return true;
  if (std::ranges::find(config.rules, arguments.rule, &Rule::name) != config.rules.end()) return true;
  print_error(arguments, "usage",
              "--rule: no rule " + arguments.rule + " in " + config.file +
                  "; there are: " + join(config.rules, ", ", &Rule::name));
  return false;
}

int exit_code(Arguments const& arguments, engine::Report const& report, PlanDigest const& approved,
              store::Store& store) {
  for (auto const& sentence : report.unknown_names) show(stderr, "dirsyncd: " + sentence + "\n");
  if (!report.unknown_names.empty()) return kUsage;
  if (report.approval_stale) {
    auto const known = store.find_plan(approved);
    auto const text = known && *known ? "the plan is another by now: " + short_digest(report.plan.digest) +
                                            "; look at it and approve that one"
                                      : "no such plan: " + arguments.approve + "; the plan now is " +
                                            short_digest(report.plan.digest);
    show(stderr, "dirsyncd: " + text + "\n");
    if (report.exit == engine::Exit::unread) return static_cast<int>(report.exit);
    return known && *known ? kHeld : kUsage;
  }
  if (report.exit == engine::Exit::unread || !is_dry(arguments) || arguments.detailed_exitcode)
    return static_cast<int>(report.exit);
  return kDone;
}

int run_once(Arguments const& arguments, config::Config const& config, State& state) {
  PlanDigest approved;
  if (!arguments.approve.empty()) {
    auto meant = digest_meant_by(arguments.approve, state.store);
    if (!meant) {
      print_error(arguments, meant.error());
      return exit_of(meant.error());
    }
    approved = *std::move(meant);
  }
  Log log{log_options(arguments, config, true)};
  ProgressLine progress{is_terminal(2)};
  log.set_screen({[&progress] { progress.hide(); },
                  [&progress](std::string_view what, std::uint64_t done, std::uint64_t total) {
                    progress.set(what, done, total);
                  }});
  for (auto const& warning : config.warnings) {
    Monitor::Field const fields[] = {{"text", warning}};
    log.event(Monitor::Level::warn, "insecure_setting", fields);
  }
  tell_of_missing_mark(log, state);
  asio::io_context io{1};
  SystemClock const clock;
  Ending ending{io.get_executor()};
  auto const wiring = Wiring::make(io.get_executor(), config, state.store, clock, log, ending.writes());
  if (!wiring) {
    print_error(arguments, wiring.error());
    return exit_of(wiring.error());
  }
  PlanPrinter printer{arguments, progress};
  engine::RunRequest request;
  request.apply = !is_dry(arguments);
  request.actor = invoking_person();
  request.cut = {arguments.rule, arguments.group, arguments.user};
  request.accept_band = arguments.accept_band;
  if (!arguments.approve.empty()) request.approve = approved;
  request.proceed = [&printer, &arguments](Plan const& plan) {
    printer.show(plan);
    auto const asks = !arguments.yes && !arguments.json && is_terminal(0) && is_terminal(2);
    return !asks || asks_yes(plan);
  };
  auto const ended = OneRun{**wiring, io, ending, progress}(std::move(request));
  // Also of a run that was broken off: what was sent has its rows.
  if (!is_dry(arguments)) tell_chain_head(state.store);
  if (!ended) {
    print_error(arguments, "interrupted",
                "ended by a signal; what was sent and not answered yet is looked up by the next run");
    return kFailed;
  }
  auto const& report = *ended;
  if (!report) {
    print_error(arguments, report.error());
    return kInternal;
  }
  printer.show(report->plan);
  if (arguments.json) {
    auto const run = report->run.value() != 0 ? std::optional{report->run} : std::nullopt;
    show_json_text(plan::plan_json(report->plan, run, report->outcomes));
  } else if (report->applied || report->declined) {
    auto const presentation = Presentation::for_descriptor(1, arguments.verbose);
    RunEnd const end{report->run, report->declined, report->stopped};
    show_painted(stdout, outcome_view(report->plan, report->outcomes, end, presentation),
                 presentation.palette);
  }
  return exit_code(arguments, *report, approved, state.store);
}

}  // namespace

int plan_or_sync(Arguments const& arguments) {
  if (arguments.accept_band && !(is_terminal(0) && is_terminal(2))) {
    print_error(arguments, "usage",
                "--accept-band works on a terminal only: a person must have looked at the figures");
    return kUsage;
  }
  auto const config = load_config(arguments, config::Secrets::fetch);
  if (!config) return kUsage;
  if (!knows_rule(arguments, *config)) return kUsage;
  auto state = open_state(*config, is_dry(arguments) ? StateUse::write : StateUse::hold);
  if (!state) return refuse_state(arguments, state.error());
  return run_once(arguments, *config, *state);
}

}  // namespace dirsync::cli
