#include "sync/engine/claim/claim.hpp"

#include <utility>

#include "sync/engine/run/stages.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

/// Finds what the rules would take over if they adopted; what they want was decided as they are written.
asio::awaitable<Result<plan::Claiming>> find_claims(RunContext const& context, Drafted& drafted,
                                                    plan::TakeOver const& asked) {
  plan::let_adopt(drafted.lined_up.rules, asked);
  auto wanted = std::move(drafted);
  auto found = co_await draft_wanted(context, std::move(wanted));
  if (!found) co_return found.error();
  drafted = std::move(*found);
  co_return plan::take_over(drafted.lined_up.input, drafted.desired, drafted.draft, asked);
}

std::vector<std::string> unknown_names(ClaimRequest const& request, Drafted const& drafted) {
  auto const* const asked = std::get_if<plan::TakeOver>(&request.what);
  return asked == nullptr ? std::vector<std::string>{}
                          : plan::fed_by_no_rule(drafted.lined_up.input, drafted.desired, *asked);
}

std::vector<Reason> reasons_for(ClaimRequest const& request, plan::Claiming const& claiming) {
  if (claiming.claims.empty()) return {};
  std::vector<Reason> reasons{plan::reason_to_claim(request.code, claiming)};
  reasons.insert(reasons.end(), request.doubts.begin(), request.doubts.end());
  return reasons;
}

/// An approval ends with the run that used it.
Result<void> end_used_approval(Journal& journal, PlanDigest const& digest, RunId run) {
  auto const stored = journal.find_plan(digest);
  if (!stored) return stored.error();
  return *stored ? journal.plan_applied(digest, run) : Result<void>{};
}

/// Writes the claims down: that is all that becomes of them.
Result<Written> keep_claims(RunContext const& context, Plan const& plan, ClaimsByTarget const& claims,
                            std::string const& detail, Decision decision) {
  Written written{.decision = decision, .outcomes = {}};
  if (decision != Decision::apply || claims.empty()) return written;
  auto& journal = *context.setup.journal;
  ClaimCause const cause{
      .run = context.run, .plan = plan.digest, .actor = context.request.actor, .detail = detail};
  if (auto const kept = journal.claim(cause, claims); !kept) return kept.error();
  for (auto const& change : plan.changes)
    if (is_to_send(change)) written.outcomes.push_back({change, Outcome::done, ""});
  if (auto const used = end_used_approval(journal, plan.digest, context.run); !used) return used.error();
  return written;
}

}  // namespace

asio::awaitable<Result<Report>> claim(Setup const& setup, ClaimRequest request, std::stop_token stop) {
  request.run.is_claim = true;
  request.run.cut = {};
  auto const context = begin(setup, request.run, std::move(stop));
  if (!context) co_return context.error();
  auto reads = co_await read(*context);
  if (!reads) co_return reads.error();
  auto ours = co_await recover(*context, *reads);
  if (!ours) co_return ours.error();
  auto lined_up = line_up(*context, *reads, std::move(*ours));
  if (!lined_up) co_return lined_up.error();
  auto drafted = want(std::move(*lined_up));

  plan::Claiming claiming;
  if (auto const* const asked = std::get_if<plan::TakeOver>(&request.what)) {
    auto found = co_await find_claims(*context, drafted, *asked);
    if (!found) co_return found.error();
    claiming = std::move(*found);
  } else {
    auto const& remembered = std::get<plan::RememberedByTarget>(request.what);
    claiming = plan::confirm(drafted.lined_up.input, drafted.desired, remembered);
  }
  auto const claims = claiming.claims;
  auto holds = reasons_for(request, claiming);
  drafted.draft = plan::draft_of(drafted.lined_up.input, std::move(claiming), std::move(holds));
  auto unknown = unknown_names(request, drafted);

  auto judged = with_decisions(*context, judge_claims(*context, *reads, std::move(drafted)));
  if (!judged) co_return judged.error();
  judged->plan.command = request.command;
  judged->unknown_names = std::move(unknown);
  auto const is_incomplete = request.needs_all_sides && !reads->refused.empty();
  auto const decision =
      is_incomplete ? Result<Decision>{Decision::plan_only} : decide(*context, *reads, *judged);
  if (!decision) co_return decision.error();
  auto written = keep_claims(*context, judged->plan, claims, request.detail, *decision);
  if (!written) co_return written.error();
  co_return record(*context, std::move(*reads), std::move(*judged), std::move(*written));
}

}  // namespace dirsync::engine
