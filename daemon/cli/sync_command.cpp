// plan and sync: the same run, up to the first write (P11).
#include <cstdio>
#include <optional>

#include "daemon/account.hpp"
#include "daemon/cli/by_service.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/one_run.hpp"
#include "daemon/cli/plan_view.hpp"
#include "daemon/cli/question.hpp"
#include "daemon/cli/rehearsal.hpp"
#include "daemon/cli/run_ask.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/doctor/still_journal.hpp"
#include "daemon/witness.hpp"
#include "sync/engine/engine.hpp"

namespace dirsync::cli {
namespace {

/// Shows the plan once, whoever comes first: the question or the end.
class PlanPrinter {
 public:
  PlanPrinter(Arguments const& arguments, OneRun& run) : arguments_(arguments), run_(run) {}
  void show(Plan const& plan) {
    if (arguments_.json || std::exchange(shown_, true)) return;
    run_.clear_progress();
    auto const after = run_ask_of(arguments_).dry_run ? AfterPlan::nothing : AfterPlan::question;
    auto const presentation = Presentation::for_descriptor(1, arguments_);
    show_painted(stdout, plan_view(plan, after, presentation), presentation.palette);
    std::fflush(stdout);
  }

 private:
  Arguments const& arguments_;
  OneRun& run_;
  bool shown_ = false;
};

/// A lock that is held, and what is known of its holder.
int refuse_run(Arguments const& arguments, config::Config const& config, Error error,
               std::string const& why_not) {
  auto const& socket = config.service.control_socket;
  if (error.code == store::make_error_code(store::StoreErrc::locked))
    error.context += !why_not.empty() ? "; " + why_not
                     : socket.empty()
                         ? "; service.control_socket is empty, so no service can be asked"
                         : "; no service answers on its control socket " + socket +
                               " (not there, or this account may not open it: the service's group may)";
  return refuse_state(arguments, error);
}

/// `rehearses`: nothing is written to the store; see RunRequest.
int run_once(Arguments const& arguments, config::Config const& config, State& state,
             std::optional<plan::GoneRules> rehearses) {
  auto const ask = run_ask_of(arguments);
  auto ready = ready_run(ask, invoking_person(), config, state.store);
  if (!ready) return show_answer(arguments, ready.error(), Palette::plain());
  doctor::StillJournal still{&state.store};
  Journal& journal = rehearses ? static_cast<Journal&>(still) : state.store;
  ready->request.rehearses = std::move(rehearses);
  OneRun run{arguments, config};
  tell_of_missing_mark(run.log(), state);
  if (auto const connected = run.connect(journal); !connected)
    return show_answer(arguments, refusal(connected.error()), Palette::plain());
  PlanPrinter printer{arguments, run};
  ready->request.proceed = [&printer, &arguments](Plan const& plan) {
    printer.show(plan);
    return !asks_first(arguments) || asks_yes(question_about(plan));
  };
  auto const ended = run.perform([&ready](engine::Setup const& setup, std::stop_token stop) {
    return engine::run(setup, ready->request, std::move(stop));
  });
  // Also of a run that was broken off: what was sent has its rows.
  if (!ask.dry_run) tell_chain_head(state.store);
  if (!ended) {
    print_error(arguments, "interrupted",
                "ended by a signal; what was sent and not answered yet is looked up by the next run");
    return kFailed;
  }
  auto const& report = *ended;
  if (!report) return show_answer(arguments, refusal(report.error(), kInternal), Palette::plain());
  printer.show(report->plan);
  auto const presentation = Presentation::for_descriptor(1, arguments);
  return show_answer(arguments, run_answer(ask, *report, ready->approved, state.store, presentation, true),
                     presentation.palette);
}

/// Of a plan whose configuration is named and is not the one in force; nothing when it is, or when there is
/// nothing to compare it with. Errors: the store's.
Result<std::optional<plan::GoneRules>> rehearsed(Arguments const& arguments, config::Config const& config,
                                                 store::Store& store) {
  using Gone = std::optional<plan::GoneRules>;
  if (arguments.command != Command::plan || !arguments.config_is_named) return Gone{};
  auto others = other_settings(config, store);
  if (!others) return others.error();
  return *others ? Gone{std::move((*others)->gone)} : Gone{};
}

}  // namespace

int plan_or_sync(Arguments const& arguments) {
  if (arguments.accept_band && !(is_terminal(0) && is_terminal(2))) {
    print_error(arguments, "usage",
                "--accept-band works on a terminal only: a person must have looked at the figures");
    return kUsage;
  }
  auto const known = load_config(arguments, config::Secrets::leave);
  if (!known) return kUsage;
  if (auto const usable = check_rule(arguments.rule, *known); !usable)
    return show_answer(arguments, usable.error(), Palette::plain());
  if (arguments.offline) return rehearse_offline(arguments, *known);
  auto const by_service = run_by_service(arguments, *known);
  if (by_service.exit) return *by_service.exit;
  auto const config = load_config(arguments, config::Secrets::fetch);
  if (!config) return kUsage;
  auto state = open_state(*config, run_ask_of(arguments).dry_run ? StateUse::write : StateUse::hold);
  if (!state) return refuse_run(arguments, *config, state.error(), by_service.why_not);
  auto rehearses = rehearsed(arguments, *config, state->store);
  if (!rehearses) return refuse_state(arguments, rehearses.error());
  return run_once(arguments, *config, *state, *std::move(rehearses));
}

}  // namespace dirsync::cli
