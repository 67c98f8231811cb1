#include "sync/engine/apply/applier.hpp"

#include <algorithm>
#include <set>

#include "sync/engine/apply/fate.hpp"
#include "sync/engine/apply/verification.hpp"
#include "sync/ports/gather.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;

namespace {

/// Of whom one write tells all. Somebody who is to be made a user has no id yet.
std::string const& member_of(Change const& change) {
  return change.new_user ? change.principal : change.principal_id;
}

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

Applier::Applier(ApplyContext& context, SinkTarget const& target, Observed const& observed)
    : context_(context), target_(target), observed_(observed), traits_(target.target->traits()) {}

std::vector<Applier::Step> Applier::steps(std::span<Settled> changes) const {
  enum Index { revocations, creations, additions, removals, renames, deletions, count };
  // Where one call carries all groups of a user, a user's removals travel with the additions (P12).
  std::set<std::string> users_with_additions;
  if (traits_.one_write_per_user)
    for (auto const& [change, outcome, detail] : changes)
      if (change.verb == Verb::add) users_with_additions.insert(member_of(change));

  auto const step_of = [&users_with_additions](Change const& change) {
    switch (change.verb) {
      case Verb::create_group:
        return creations;
      case Verb::rename_group:
      case Verb::update_group:
        return renames;
      case Verb::delete_group:
        return deletions;
      case Verb::add:
        return additions;
      case Verb::remove:
        break;
    }
    if (change.phase == Phase::revocation) return revocations;
    return users_with_additions.contains(member_of(change)) ? additions : removals;
  };
  std::vector<std::map<std::string, Chain>> chains(count);
  for (auto& settled : changes) {
    auto const& change = settled.change;
    auto const membership = change.verb == Verb::add || change.verb == Verb::remove;
    auto const together = traits_.one_write_per_user && membership;
    auto& chain = chains[step_of(change)][together ? member_of(change) : change.group];
    if (together && !chain.empty())
      chain.front().push_back(&settled);
    else
      chain.push_back({&settled});
  }
  std::vector<Step> result(count);
  for (std::size_t step = 0; step < count; ++step)
    for (auto& [key, chain] : chains[step]) result[step].push_back(std::move(chain));
  return result;
}

asio::awaitable<void> Applier::apply(std::span<Settled> changes) {
  for (auto& step : steps(changes)) {
    std::size_t next = 0;
    std::vector<asio::awaitable<void>> workers;
    for (auto count = at_once(step.size(), traits_); count > 0; --count) workers.push_back(work(step, next));
    co_await gather(std::move(workers));
  }
}

asio::awaitable<void> Applier::work(Step& step, std::size_t& next) {
  while (next < step.size()) {
    auto& chain = step[next++];
    for (auto& batch : chain) co_await send(batch);
  }
}

std::string Applier::reason_to_skip(Change const& change) const {
  if (context_.journal_failure) return "not sent: the journal cannot be written";
  if (down_) return "not sent: " + text(*down_);
  if (context_.stop.stop_requested()) return "not sent: asked to stop";
  if (auto const failed = failed_creations_.find(change.group);
      change.group_id.empty() && failed != failed_creations_.end())
    return "not sent: the group could not be created: " + failed->second;
  if (change.group_id.empty() && change.verb != Verb::create_group)
    return "not sent: there is no such group yet";
  return "";
}

void Applier::skip(Settled& settled, std::string why) {
  settled.outcome = Outcome::skipped;
  settled.detail = std::move(why);
  if (!context_.journal_failure) {
    auto const& audit = context_.audit;
    auto const recorded =
        audit.journal->record_unsent(audit.run, audit.digest, audit.actor, settled.change, settled.detail);
    if (!recorded) context_.journal_failure = recorded.error();
  }
  tell(settled);
}

asio::awaitable<void> Applier::send(Batch batch) {
  std::erase_if(batch, [this](Settled* settled) {
    auto& change = settled->change;
    auto const created = created_.find(change.group);
    if (change.group_id.empty() && created != created_.end()) change.group_id = created->second;
    auto why = reason_to_skip(change);
    if (why.empty()) return false;
    skip(*settled, std::move(why));
    return true;
  });
  if (batch.empty()) co_return;

  std::vector<Change> announced;
  for (auto const* settled : batch) announced.push_back(settled->change);
  Send to_target = [this](std::vector<Change> changes) { return target_.target->apply(std::move(changes)); };
  Look look = [this](Settled& settled) { return look_at(settled); };
  auto carried =
      co_await carry_out(context_.audit, std::move(announced), std::move(to_target), std::move(look));
  if (carried.journal_failure) context_.journal_failure = carried.journal_failure;
  if (carried.target_down) down_ = carried.target_down;
  for (std::size_t at = 0; at < batch.size(); ++at) {
    *batch[at] = std::move(carried.settled[at]);
    note_creation(*batch[at]);
    tell(*batch[at]);
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

void Applier::tell(Settled const& settled) const {
  ++context_.done;
  tell_outcome(*context_.monitor, context_.audit.run, settled.change, &settled);
  context_.monitor->progress("applying changes", context_.done, context_.total);
}

asio::awaitable<void> Applier::verify(std::span<Settled> changes) {
  std::map<std::string, Batch> by_group;
  for (auto& settled : changes) {
    auto const& change = settled.change;
    auto const membership = change.verb == Verb::add || change.verb == Verb::remove;
    if (membership && is_success(settled.outcome)) by_group[change.group_id].push_back(&settled);
  }
  std::vector<Batch> groups;
  for (auto& [group_id, members] : by_group) groups.push_back(std::move(members));
  std::size_t next = 0;
  std::vector<asio::awaitable<void>> workers;
  for (auto count = at_once(groups.size(), traits_); count > 0; --count)
    workers.push_back(verify_groups(groups, next));
  co_await gather(std::move(workers));
}

asio::awaitable<void> Applier::verify_groups(std::vector<Batch> const& groups, std::size_t& next) {
  while (next < groups.size() && !down_ && !context_.journal_failure && !context_.stop.stop_requested()) {
    auto const& mine = groups[next];
    ++next;
    co_await verify_group(mine);
  }
}

asio::awaitable<void> Applier::verify_group(Batch changes) {
  auto const group = co_await target_.target->read_group(changes.front()->change.group_id, observed_);
  auto const failed = compare_with_group(context_.audit, changes, group, observed_);
  if (!failed) {
    context_.journal_failure = failed.error();
    co_return;
  }
  for (auto const* settled : *failed)
    tell_outcome(*context_.monitor, context_.audit.run, settled->change, settled);
}

}  // namespace dirsync::engine
