// adopt: existing groups of a target become ours.
#include "daemon/account.hpp"
#include "daemon/cli/claim_answer.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/digest_argument.hpp"
#include "daemon/cli/one_run.hpp"
#include "daemon/cli/run_ask.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/wishes.hpp"
#include "daemon/witness.hpp"
#include "sync/engine/claim/claim.hpp"
#include "sync/model/quoted_word.hpp"

namespace dirsync::cli {
namespace {

std::string adopt_command_of(Arguments const& arguments) {
  return "adopt" + (arguments.rule.empty() ? "" : " --rule " + quoted_word(arguments.rule)) +
         (arguments.group.empty() ? "" : " --group " + quoted_word(arguments.group)) +
         (arguments.members == "all" ? " --members all" : "");
}

engine::ClaimRequest adoption_of(Arguments const& arguments, PlanDigest const& approved) {
  engine::ClaimRequest request;
  request.run.apply = true;
  request.run.trigger = kAdoptTrigger;
  request.run.actor = invoking_person();
  if (!approved.value().empty()) request.run.approve = approved;
  request.run.reason = arguments.reason;
  request.what = plan::TakeOver{
      .rule = arguments.rule, .group = arguments.group, .all_members = arguments.members == "all"};
  request.code = "adopt";
  request.command = adopt_command_of(arguments);
  return request;
}

int adopt_with(Arguments const& arguments, config::Config const& config, State& state) {
  PlanDigest approved;
  if (!arguments.approve.empty()) {
    auto meant = digest_meant_by(arguments.approve, state.store);
    if (!meant) return show_answer(arguments, refusal(meant.error()), Palette::plain());
    approved = *std::move(meant);
  }
  OneRun run{arguments, config};
  tell_of_missing_mark(run.log(), state);
  if (auto const connected = run.connect(state.store); !connected)
    return show_answer(arguments, refusal(connected.error()), Palette::plain());
  auto const ended = run.perform([&arguments, &approved](engine::Setup const& setup, std::stop_token stop) {
    return engine::claim(setup, adoption_of(arguments, approved), std::move(stop));
  });
  tell_chain_head(state.store);
  if (!ended) return tell_interrupted(arguments);
  auto const& report = *ended;
  if (!report) return show_answer(arguments, refusal(report.error(), kInternal), Palette::plain());
  auto const presentation = Presentation::for_descriptor(1, arguments);
  return show_answer(arguments, claim_answer(arguments, *report, presentation), presentation.palette);
}

}  // namespace

int adopt_groups(Arguments const& arguments) {
  if (arguments.rule.empty() == arguments.group.empty()) {
    print_error(arguments, "usage", "name what is to be taken over: --rule NAME or --group NAME");
    return kUsage;
  }
  if (auto const flaw = flaw_of_approval(arguments.approve, arguments.reason)) {
    print_error(arguments, "usage", *flaw);
    return kUsage;
  }
  auto const config = load_config(arguments, config::Secrets::fetch);
  if (!config) return kUsage;
  if (auto const usable = check_rule(arguments.rule, *config); !usable)
    return show_answer(arguments, usable.error(), Palette::plain());
  auto state = open_state(*config, StateUse::hold);
  if (!state) return refuse_claim(arguments, state.error());
  return adopt_with(arguments, *config, *state);
}

}  // namespace dirsync::cli
