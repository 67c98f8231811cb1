// approve and reject, and the plans that they decide on.
#include "daemon/account.hpp"
#include "daemon/cli/by_service.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/digest_argument.hpp"
#include "daemon/cli/short_text.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/wishes.hpp"
#include "daemon/witness.hpp"
#include "sync/model/approvals.hpp"

namespace dirsync::cli {

namespace {

/// What carries out a plan that was approved, and what has to be so then.
std::string words_of_next_step(StoredPlan const& plan) {
  if (!plan.directory.empty())
    return "; the next run takes it as the new level if what it reads goes on from it";
  auto const own = command_of(plan);
  return (own.empty() ? "; the next run applies it" : "; `dirsyncd " + own + "` carries it out") +
         std::string{" if it is still the same"};
}

/// What a person is told of a decision that was taken.
std::string words_of_decision(DecisionWish const& wish, TakenDecision const& taken, std::string const& digest,
                              std::optional<StoredPlan> const& plan) {
  auto const decided = (wish.approves ? "approved " : "rejected ") + digest;
  if (!wish.approves) return decided;
  if (taken.state != StoredPlan::State::approved)
    return decided + "; " + std::to_string(taken.given) + " of " + std::to_string(taken.needed) +
           " approvals: another person must approve it as well";
  return decided + (plan ? words_of_next_step(*plan) : std::string{});
}

/// An approval does not lift a freeze.
std::string words_of_freezes(store::Store& store, Time now) {
  auto const all = store.freezes();
  if (!all) return {};
  std::string words;
  for (auto const& freeze : in_force(*all, now))
    words += "; but " + text(freeze) + ". No approval lifts that, `dirsyncd " + thaw_command({&freeze, 1}) +
             "` does";
  return words;
}

}  // namespace

Answer decision_answer(config::Config const& config, store::Store& store, DecisionWish const& wish,
                       std::string const& actor) {
  if (auto const flaw = flaw_of_reason(wish.reason)) return refusal(kUsage, "usage", "--reason: " + *flaw);
  auto const meant = digest_meant_by(wish.digest, store);
  if (!meant) return refusal(meant.error());
  auto const now = std::chrono::system_clock::now();
  auto const taken = store.decide_plan({.digest = *meant,
                                        .approves = wish.approves,
                                        .actor = actor,
                                        .time = now,
                                        .reason = wish.reason,
                                        .valid_from = now - config.limits.approval_ttl});
  tell_chain_head(store);
  if (!taken) {
    auto const is_closed = taken.error().code == store::make_error_code(store::StoreErrc::plan_closed);
    return refusal(taken.error(), is_closed ? std::optional{kHeld} : std::nullopt);
  }
  if (taken->is_repeated)
    return refusal(kHeld, "same-person",
                   "you have approved " + short_digest(*meant) + " already; it takes the approvals of " +
                       std::to_string(taken->needed) + " different people. Let another one approve it");
  auto const stored = store.find_plan(*meant);
  if (!stored) return refusal(stored.error());
  boost::json::object document{{"digest", meant->value()},
                               {"decision", wish.approves ? "approved" : "rejected"}};
  if (wish.approves) document["approvals"] = {{"given", taken->given}, {"needed", taken->needed}};
  return {.document = boost::json::serialize(document),
          .text = words_of_decision(wish, *taken, short_digest(*meant), *stored) +
                  (wish.approves ? words_of_freezes(store, now) : "") + "\n"};
}

Answer stored_plan_answer(store::Store& store, std::string const& digest) {
  auto const meant = digest_meant_by(digest, store);
  if (!meant) return refusal(meant.error());
  auto const stored = store.find_plan(*meant);
  if (!stored) return refusal(stored.error());
  if (!*stored)
    return refusal(Error{make_error_code(store::StoreErrc::no_such_plan),
                         meant->value() + "; `dirsyncd status` lists what waits"});
  return {.document = (*stored)->document_json, .text = (*stored)->document_json + "\n"};
}

int decide(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  if (auto const by_service = decide_by_service(arguments, *config); by_service.exit) return *by_service.exit;
  auto state = open_state(*config, StateUse::write);
  if (!state) return refuse_state(arguments, state.error());
  auto const approves = arguments.command == Command::approve;
  DecisionWish const wish{arguments.digest, approves, arguments.reason};
  auto const answer = decision_answer(*config, state->store, wish, invoking_person());
  return show_answer(arguments, answer, Palette::plain());
}

}  // namespace dirsync::cli
