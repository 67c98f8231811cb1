// recover: what a lost, damaged or older store does not know any more becomes ours again.
#include <optional>
#include <set>

#include "daemon/account.hpp"
#include "daemon/cli/claim_answer.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/digest_argument.hpp"
#include "daemon/cli/one_run.hpp"
#include "daemon/cli/reason_view.hpp"
#include "daemon/cli/recovery/evidence.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/wishes.hpp"
#include "daemon/doctor/still_journal.hpp"
#include "daemon/witness.hpp"
#include "store/recovery.hpp"
#include "sync/engine/claim/claim.hpp"
#include "sync/model/quoted_word.hpp"

namespace dirsync::cli {
namespace {
using StoreKind = store::StoreState::Kind;

/// What is to be recovered, and from what.
struct Recovery {
  Arguments const& arguments;
  config::Config const& configuration;
  store::StoreState found;
  std::optional<Evidence> evidence{};  // nothing: the marks that groups bear
  std::string chain_fault{};           // of the audit trail of the store that is there; empty: it holds
  std::string kept_as{};               // name of the damaged store's file, once it is out of the way
  bool is_sound() const { return found.kind == StoreKind::sound; }
  bool is_approved() const { return !arguments.approve.empty(); }
};

std::string recovery_source_of(Recovery const& recovery) {
  return recovery.evidence ? recovery.evidence->source : "the marks that groups bear in their targets";
}

/// A person must see what becomes of the store that is there.
std::vector<Reason> recovery_doubts_of(Recovery const& recovery) {
  std::vector<Reason> doubts;
  switch (recovery.found.kind) {
    case StoreKind::sound:
      break;
    case StoreKind::behind:
      doubts.push_back(doubt_of("store-behind", recovery.found.why));
      break;
    case StoreKind::lost:
      doubts.push_back(doubt_of("store-lost", recovery.found.why));
      break;
    case StoreKind::damaged:
      doubts.push_back(doubt_of("store-damaged", recovery.found.why +
                                                     ". Once this is approved the file is kept under "
                                                     "another name, and a new store takes its place"));
      break;
  }
  if (!recovery.chain_fault.empty())
    doubts.push_back(doubt_of(
        "audit-broken", "the audit trail of the store that is there does not hold: " + recovery.chain_fault +
                            ". What it says is taken as it stands: approve only if you know why that "
                            "is so. The next run asks for `dirsyncd log acknowledge`"));
  if (recovery.evidence)
    doubts.insert(doubts.end(), recovery.evidence->doubts.begin(), recovery.evidence->doubts.end());
  else
    doubts.push_back(
        doubt_of("marks-alone",
                 "marks tell which groups dirsyncd made and not whom it put there: people whom the "
                 "rules do not want any more stay as they are. Give an export or a copy with --audit "
                 "if there is one"));
  return doubts;
}

engine::ClaimRequest recovery_request_of(Recovery const& recovery, PlanDigest const& approved) {
  auto const& arguments = recovery.arguments;
  engine::ClaimRequest request;
  request.run.apply = recovery.is_sound() || recovery.is_approved();
  request.run.trigger = kRecoverTrigger;
  request.run.actor = invoking_person();
  if (!approved.value().empty()) request.run.approve = approved;
  request.run.reason = arguments.reason;
  if (recovery.evidence)
    request.what = recovery.evidence->remembered;
  else
    request.what = plan::TakeOver{.only_marked = true};
  request.code = "recover";
  request.command = "recover" + (arguments.audit.empty() ? "" : " --audit " + quoted_word(arguments.audit));
  request.detail = "recovered from " + recovery_source_of(recovery);
  request.doubts = recovery_doubts_of(recovery);
  request.needs_all_sides = true;
  return request;
}

/// Nothing while nobody approved and there is no store: then nothing is made.
Result<std::optional<store::Store>> open_recovered_store(Recovery& recovery, HeldFolder const& held) {
  auto const kind = recovery.found.kind;
  auto const has_store = kind == StoreKind::sound || kind == StoreKind::behind;
  if (!has_store && !recovery.is_approved()) return std::optional<store::Store>{};
  if (kind == StoreKind::damaged) {
    auto kept = store::set_store_aside(held.folder);
    if (!kept) return kept.error();
    recovery.kept_as = *std::move(kept);
  }
  auto store = store::Store::open({.folder = held.folder,
                                   .lock = &held.lock,
                                   .actor = invoking_person(),
                                   .recover = !recovery.is_sound(),
                                   .with_broken_chain = !recovery.is_sound()});
  if (!store) return store.error();
  return std::optional<store::Store>{std::move(*store)};
}

/// What a trail says of ends counts only where it tells more than the store: else the store knows what came
/// after them.
Result<void> keep_known_ends(Recovery& recovery, store::Store* store) {
  if (!recovery.evidence) return {};
  auto const head = store == nullptr ? Result<store::ChainHead>{store::ChainHead{}} : store->chain_head();
  if (!head) return head.error();
  if (store != nullptr && recovery.evidence->last_row > head->sequence) return {};
  for (auto& [target, remembered] : recovery.evidence->remembered)
    for (auto& group : remembered.groups) group.ended.clear();
  return {};
}

/// What was claimed is kept, and all sides had been read: the store may be used again.
bool is_recovered(Recovery const& recovery, engine::Report const& report) {
  return !recovery.is_sound() && recovery.is_approved() && !report.approval_stale && !report.stopped &&
         report.exit != engine::Exit::unread && report.exit != engine::Exit::held;
}

std::string recovery_words_of(Recovery const& recovery) {
  return "the store was " + std::string{to_text(recovery.found.kind)} + ", and was recovered from " +
         recovery_source_of(recovery) +
         (recovery.kept_as.empty() ? "" : "; the damaged one is kept as " + recovery.kept_as);
}

/// The plan alone does not say that there is something to decide when nothing can be claimed.
void tell_what_waits(Recovery const& recovery, engine::Report const& report, Presentation const& presentation,
                     Answer& answer) {
  auto const waits = !recovery.is_sound() && !recovery.is_approved();
  if (!waits || report.exit == engine::Exit::unread || answer.exit == kUsage) return;
  answer.exit = kHeld;
  if (report.plan.changes.empty())
    answer.message = "nothing can be claimed; to use the store all the same: " +
                     approve_command(report.plan, presentation);
}

/// A sound one is opened only when the end of its trail holds.
Result<void> look_at_chain(Recovery& recovery, store::Store& store) {
  if (recovery.is_sound()) return {};
  auto const chain = store.verify_chain();
  if (!chain) return chain.error();
  if (chain->fault) recovery.chain_fault = chain->fault->text;
  return {};
}

int recover_with(Recovery& recovery, HeldFolder const& held) {
  auto const& arguments = recovery.arguments;
  auto store = open_recovered_store(recovery, held);
  if (!store) return refuse_state(arguments, store.error());
  if (*store)
    if (auto const looked = look_at_chain(recovery, **store); !looked)
      return refuse_state(arguments, looked.error());
  if (auto const known = keep_known_ends(recovery, *store ? &**store : nullptr); !known)
    return refuse_state(arguments, known.error());
  PlanDigest approved;
  if (recovery.is_approved()) {
    auto meant = digest_meant_by(arguments.approve, **store);
    if (!meant) return show_answer(arguments, refusal(meant.error()), Palette::plain());
    approved = *std::move(meant);
  }
  doctor::StillJournal still{*store ? &**store : nullptr};
  auto const writes = recovery.is_sound() || recovery.is_approved();
  OneRun run{arguments, recovery.configuration};
  auto const connected = writes ? run.connect(**store) : run.connect(still);
  if (!connected) return show_answer(arguments, refusal(connected.error()), Palette::plain());
  auto const ended = run.perform([&recovery, &approved](engine::Setup const& setup, std::stop_token stop) {
    return engine::claim(setup, recovery_request_of(recovery, approved), std::move(stop));
  });
  if (!ended) return tell_interrupted(arguments);
  auto const& report = *ended;
  if (!report) return show_answer(arguments, refusal(report.error(), kInternal), Palette::plain());
  auto const presentation = Presentation::for_descriptor(1, arguments);
  auto answer = claim_answer(arguments, *report, presentation);
  tell_what_waits(recovery, *report, presentation, answer);
  if (is_recovered(recovery, *report)) {
    if (auto const vouched = (*store)->vouch(recovery_words_of(recovery)); !vouched)
      return refuse_state(arguments, vouched.error());
    answer.text += "The store is in use again: " + recovery_words_of(recovery) + ".\n";
  }
  if (writes) tell_chain_head(**store);
  return show_answer(arguments, answer, presentation.palette);
}

}  // namespace

int recover_store(Arguments const& arguments) {
  if (auto const flaw = flaw_of_approval(arguments.approve, arguments.reason)) {
    print_error(arguments, "usage", *flaw);
    return kUsage;
  }
  auto const config = load_config(arguments, config::Secrets::fetch);
  if (!config) return kUsage;
  auto const held = hold_folder(*config);
  if (!held) return refuse_claim(arguments, held.error());
  auto found = store::look_at_store(held->folder);
  if (!found) return refuse_state(arguments, found.error());
  Recovery recovery{.arguments = arguments, .configuration = *config, .found = std::move(*found)};
  if (!arguments.audit.empty()) {
    std::set<std::string> targets;
    for (auto const& [name, target] : config->targets) targets.insert(name);
    auto evidence = read_evidence(arguments.audit, held->folder, targets);
    if (!evidence) return refuse_state(arguments, evidence.error());
    recovery.evidence = std::move(*evidence);
  }
  return recover_with(recovery, *held);
}

}  // namespace dirsync::cli
