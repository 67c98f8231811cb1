#include "sync/engine/apply/applier.hpp"

#include <algorithm>

#include "sync/engine/apply/fate.hpp"
#include "sync/engine/apply/verification.hpp"
#include "sync/ports/gather.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;

namespace {

constexpr char kAskedToStop[] = "not sent: asked to stop";

std::size_t at_once(std::size_t works, TargetTraits const& traits) {
  return std::min(works, static_cast<std::size_t>(std::max(1, traits.concurrency)));
}

}  // namespace

void tell_outcome(Monitor& monitor, RunId run, Change const& change, Settled const* settled) {
  auto const success = settled != nullptr && is_success(settled->outcome);
  auto const lost = settled != nullptr && !success && settled->outcome != Outcome::skipped;
  Monitor::Field const fields[] = {{"cycle", std::to_string(run.value())},
                                   {"change", std::to_string(change.n)},
                                   {"target", change.target},
                                   {"verb", to_text(change.verb)},
                                   {"group", change.group},
                                   {"principal", change.principal},
                                   {"entry", change.id.value()},
                                   {"outcome", outcome_text(change, settled)},
                                   {"detail", detail_text(change, settled)}};
  monitor.event(lost ? Monitor::Level::warn : Monitor::Level::info,
                success ? "change_applied" : "change_not_applied", fields);
}

Applier::Applier(ApplyContext& context, SinkTarget const& target, Observed const& observed,
                 Standings standings)
    : context_(context),
      target_(target),
      observed_(observed),
      traits_(target.target->traits()),
      room_(std::move(standings)) {}

asio::awaitable<void> Applier::apply(std::span<Settled> changes) {
  auto order = order_of(changes, traits_);
  for (auto const step :
       {&Order::revocations, &Order::creations, &Order::newcomers, &Order::additions, &Order::moves})
    co_await take(order.*step);
  std::ranges::move(put_off_, std::back_inserter(order.removals));
  co_await take(order.removals);
  std::set<std::string> renamed;
  for (auto const& settled : changes)
    if (settled.change.verb == Verb::rename_group) renamed.insert(settled.change.group_id);
  co_await verify(renamed);
  co_await take(order.renames);
  co_await take(order.deletions);
  co_await verify({});
}

asio::awaitable<void> Applier::take(Step& step) {
  std::size_t next = 0;
  std::vector<asio::awaitable<void>> workers;
  for (auto count = at_once(step.size(), traits_); count > 0; --count) workers.push_back(work(step, next));
  co_await gather(std::move(workers));
}

asio::awaitable<void> Applier::work(Step& step, std::size_t& next) {
  while (next < step.size()) {
    auto& chain = step[next++];
    for (auto& batch : chain) co_await send(batch);
  }
}

void Applier::look_for_freezes() {
  if (context_.journal_failure) return;
  auto freezes = context_.audit.journal->freezes();
  if (freezes)
    context_.freezes = in_force(std::move(*freezes), context_.clock->now());
  else
    context_.journal_failure = freezes.error();
}

/// Of many changes at once.
std::string Applier::reason_to_leave(Change const& change) const {
  if (context_.stop.stop_requested()) return kAskedToStop;
  if (auto const* const freeze = freeze_of(context_.freezes, change)) return "not sent: " + text(*freeze);
  return std::string{context_.way.is_given() ? WayForLeavers::kLeft : ""};
}

std::string Applier::reason_to_skip(Change const& change) const {
  if (context_.journal_failure) return "not sent: the journal cannot be written";
  if (down_) return "not sent: " + text(*down_);
  if (auto why = reason_to_leave(change); !why.empty()) return why;
  if (auto const failed = failed_creations_.find(change.group);
      change.group_id.empty() && failed != failed_creations_.end())
    return "not sent: the group could not be created: " + failed->second;
  if (change.group_id.empty() && change.verb != Verb::create_group)
    return "not sent: there is no such group yet";
  if (change.verb == Verb::delete_group && keep_members_.contains(change.group_id))
    return "not sent: somebody who should have left " + change.group + " before may still be in it";
  if (auto const failed = not_taken_in_.find(newcomer_of(change)); failed != not_taken_in_.end())
    return "not sent: the target did not take in " + change.principal + ": " + failed->second;
  return "";
}

void Applier::note_freeze(Change const& change) {
  auto const* const freeze = context_.stop.stop_requested() ? nullptr : freeze_of(context_.freezes, change);
  auto& noted = context_.stopped_by;
  if (freeze != nullptr && std::ranges::find(noted, *freeze) == noted.end()) noted.push_back(*freeze);
}

void Applier::skip(Settled& settled, std::string why) {
  settled.outcome = Outcome::skipped;
  settled.detail = std::move(why);
  context_.count_answered(settled.change);
  note_removal(settled);
  if (!context_.journal_failure && !down_ && settled.detail == reason_to_leave(settled.change)) {
    ++context_.left[{target_.name, settled.detail}];
    note_freeze(settled.change);
    return;
  }
  if (!context_.journal_failure) {
    auto const& audit = context_.audit;
    auto const recorded =
        audit.journal->record_unsent(audit.run, audit.digest, audit.actor, settled.change, settled.detail);
    if (!recorded) context_.journal_failure = recorded.error();
  }
  tell(settled);
}

/// Leaves in `batch` what is to be sent now.
void Applier::settle_what_is_not_sent(Batch& batch) {
  auto const moves =
      std::ranges::any_of(batch, [](auto const* each) { return each->change.verb == Verb::add; });
  Batch later;
  std::erase_if(batch, [this, moves, &later](Settled* settled) {
    auto& change = settled->change;
    auto const created = created_.find(change.group);
    if (change.group_id.empty() && created != created_.end()) change.group_id = created->second;
    name_as_known(change);
    auto why = reason_to_skip(change);
    if (why.empty() && change.verb == Verb::remove) {
      why = room_.take(change);
      // Once all additions were answered there may be room.
      if (!why.empty() && moves) {
        later.push_back(settled);
        return true;
      }
    }
    if (why.empty()) return false;
    skip(*settled, std::move(why));
    return true;
  });
  if (!later.empty()) put_off_.push_back({std::move(later)});
}

asio::awaitable<void> Applier::send(Batch batch) {
  look_for_freezes();
  context_.way.look();
  settle_what_is_not_sent(batch);
  if (batch.empty()) co_return;
  std::vector<Change> announced;
  for (auto const* settled : batch) announced.push_back(settled->change);
  Send to_target = [this](std::vector<Change> changes) { return target_.target->apply(std::move(changes)); };
  Look look = [this](Settled& settled) { return look_at(settled); };
  auto carried = co_await carry_out(context_.audit, std::move(announced), std::move(to_target),
                                    std::move(look), Rows::once_verified);
  note(batch, std::move(carried));
}

void Applier::note(Batch const& batch, Carried carried) {
  if (carried.journal_failure) context_.journal_failure = carried.journal_failure;
  if (carried.target_down) down_ = carried.target_down;
  for (std::size_t at = 0; at < batch.size(); ++at) {
    auto& settled = *batch[at];
    settled = std::move(carried.settled[at]);
    note_creation(settled);
    note_newcomer(settled);
    note_removal(settled);
    room_.note(settled);
    context_.count_answered(settled.change);
    context_.monitor->progress("applying changes", context_.done, context_.total);
    auto const waits = carried.unverified.find(at);
    if (waits == carried.unverified.end()) {
      tell(settled);
      continue;
    }
    auto& group = to_verify_[settled.change.group_id];
    group.changes.push_back(&settled);
    group.intents.push_back(waits->second);
  }
}

/// A call whose fate is unknown is looked up, never guessed (P6). Of a group that was to be created there is
/// no id to look for, and the name of somebody who was to be provisioned is up to the target: the next run's
/// read tells.
asio::awaitable<void> Applier::look_at(Settled& settled) {
  auto const& change = settled.change;
  if (change.group_id.empty() || !change.domain.empty()) co_return;
  auto const group = co_await target_.target->read_group(change.group_id, observed_);
  if (!group) co_return;
  auto const* const found = *group ? &**group : nullptr;
  auto const done = has_happened(change, found, observed_);
  settled.outcome = done ? Outcome::done : Outcome::failed;
  settled.detail += done ? "; a look showed that it was done" : "; a look showed that it was not done";
}

void Applier::note_creation(Settled const& settled) {
  auto const& change = settled.change;
  if (change.verb != Verb::create_group) return;
  if (is_success(settled.outcome))
    created_[change.group] = change.group_id;
  else
    failed_creations_[change.group] = settled.detail;
}

void Applier::note_newcomer(Settled const& settled) {
  auto const& change = settled.change;
  auto const newcomer = newcomer_of(change);
  // What was not sent says nothing of them.
  if (newcomer.empty() || settled.outcome == Outcome::skipped) return;
  if (is_success(settled.outcome) && !change.principal_id.empty() && change.principal_id != kGroupPrincipal)
    taken_in_[newcomer] = {change.principal, change.principal_id, change.source};
  else if (!is_success(settled.outcome))
    not_taken_in_[newcomer] = settled.detail;
}

void Applier::note_removal(Settled const& settled) {
  if (settled.change.verb == Verb::remove && !is_success(settled.outcome))
    keep_members_.insert(settled.change.group_id);
}

void Applier::name_as_known(Change& change) const {
  auto const found = taken_in_.find(newcomer_of(change));
  if (found == taken_in_.end()) return;
  change.principal = found->second.name;
  change.principal_id = found->second.id;
  change.source = found->second.source;
  change.domain.clear();
}

void Applier::tell(Settled const& settled) const {
  tell_outcome(*context_.monitor, context_.audit.run, settled.change, &settled);
}

/// Those of which more is to come wait for it.
asio::awaitable<void> Applier::verify(std::set<std::string> const& but_for) {
  std::vector<ToVerify*> groups;
  for (auto& [group_id, group] : to_verify_)
    if (!but_for.contains(group_id)) groups.push_back(&group);
  std::size_t next = 0;
  std::vector<asio::awaitable<void>> workers;
  for (auto count = at_once(groups.size(), traits_); count > 0; --count)
    workers.push_back(verify_groups(groups, next));
  co_await gather(std::move(workers));
  std::erase_if(to_verify_, [&but_for](auto const& item) { return !but_for.contains(item.first); });
}

asio::awaitable<void> Applier::verify_groups(std::vector<ToVerify*> const& groups, std::size_t& next) {
  while (next < groups.size()) {
    auto& mine = *groups[next];
    ++next;
    co_await verify_group(mine);
  }
}

std::string Applier::reason_not_to_look() const {
  if (down_) return text(*down_);
  return context_.stop.stop_requested() ? "asked to stop" : "";
}

asio::awaitable<void> Applier::verify_group(ToVerify& group) {
  if (auto const why = reason_not_to_look(); !why.empty()) {
    for (auto* settled : group.changes) tell_unverified(*settled, why);
    context_.unverified += group.changes.size();
    keep_members_.insert(group.changes.front()->change.group_id);
  } else {
    auto const seen = co_await target_.target->read_group(group.changes.front()->change.group_id, observed_);
    compare_with_group(group.changes, seen, observed_);
    if (!seen) {
      context_.unverified += group.changes.size();
      keep_members_.insert(group.changes.front()->change.group_id);
    }
    for (auto const* settled : group.changes) note_removal(*settled);
  }
  settle_verified(context_, group.changes, group.intents);
}

}  // namespace dirsync::engine
