#include "sync/engine/apply/applier.hpp"

#include <algorithm>
#include <unordered_set>

#include "sync/engine/apply/fate.hpp"
#include "sync/model/assert.hpp"
#include "sync/ports/gather.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;

namespace {

/// Of whom one write tells all. Somebody who is to be made a user has no id yet.
std::string const& member_of(Change const& change) {
  return change.new_user ? change.principal : change.principal_id;
}

void take_answer(Settled& settled, Applied const& answer) {
  auto& change = settled.change;
  settled.outcome = answer.outcome;
  settled.detail = answer.detail.empty() ? change.new_name : answer.detail;
  if (!answer.group_id.empty()) change.group_id = answer.group_id;
  if (!answer.principal.empty()) change.principal = answer.principal;
  if (!answer.principal_id.empty()) change.principal_id = answer.principal_id;
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
    for (auto count = workers_for(step.size()); count > 0; --count) workers.push_back(work(step, next));
    co_await gather(std::move(workers));
  }
}

std::size_t Applier::workers_for(std::size_t works) const {
  return std::min(works, static_cast<std::size_t>(std::max(1, traits_.concurrency)));
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
  if (*context_.stopping) return "not sent: asked to stop";
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
    auto const recorded = context_.journal->record_unsent(context_.run, context_.digest, context_.actor,
                                                          settled.change, settled.detail);
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
  auto const intents = context_.journal->intend(context_.run, context_.digest, context_.actor, announced);
  if (!intents) {
    context_.journal_failure = intents.error();
    for (auto* settled : batch) skip(*settled, "not sent: the journal cannot be written");
    co_return;
  }
  auto const answers = co_await target_.target->apply(std::move(announced));
  DIRSYNC_ASSERT(answers.size() == batch.size());
  for (std::size_t at = 0; at < batch.size(); ++at) {
    auto& settled = *batch[at];
    take_answer(settled, answers[at]);
    if (answers[at].target_down) down_ = answers[at].target_down;
    if (settled.outcome == Outcome::unknown) co_await look_at(settled);
    record(settled, (*intents)[at]);
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

void Applier::record(Settled const& settled, std::int64_t intent) {
  auto const& change = settled.change;
  auto const recorded = context_.journal->settle(intent, settled);
  if (!recorded) context_.journal_failure = recorded.error();
  if (change.verb == Verb::create_group) {
    if (is_success(settled.outcome))
      created_[change.group] = change.group_id;
    else
      failed_creations_[change.group] = settled.detail;
  }
  tell(settled);
}

void Applier::tell(Settled const& settled) const {
  ++context_.done;
  tell_outcome(*context_.monitor, context_.run, settled.change, &settled);
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
  for (auto count = workers_for(groups.size()); count > 0; --count)
    workers.push_back(verify_groups(groups, next));
  co_await gather(std::move(workers));
}

asio::awaitable<void> Applier::verify_groups(std::vector<Batch> const& groups, std::size_t& next) {
  while (next < groups.size() && !down_ && !context_.journal_failure && !*context_.stopping) {
    auto const& mine = groups[next];
    ++next;
    co_await verify_group(mine);
  }
}

/// The membership is there after all and it was ours: it must not turn into a foreign one.
void Applier::keep_grant(Change const& change) {
  auto const grant = grant_of(change);
  auto const kept = context_.journal->adopt(context_.run, change.target, context_.actor, {}, {&grant, 1});
  if (!kept) context_.journal_failure = kept.error();
}

asio::awaitable<void> Applier::verify_group(Batch changes) {
  auto const group = co_await target_.target->read_group(changes.front()->change.group_id, observed_);
  auto const append = [this](Change const& change, std::string result, std::string detail) {
    AuditRow row;
    row.run = context_.run;
    row.phase = "read";
    row.target = change.target;
    row.verb = "verify";
    row.group = change.group;
    row.principal = change.principal;
    row.id = change.id.value();
    row.plan = context_.digest.value();
    row.actor = context_.actor;
    row.result = std::move(result);
    row.detail = std::move(detail);
    if (auto const appended = context_.journal->append(std::move(row)); !appended)
      context_.journal_failure = appended.error();
  };
  if (!group) {
    auto whole = changes.front()->change;
    whole.principal.clear();
    append(whole, "failed", "the group could not be read back: " + text(group.error()));
    co_return;
  }
  // Thousands of additions to one group are found without a pass over its members for each.
  std::unordered_set<std::string_view> ids;
  if (*group)
    for (auto const user : (*group)->users) ids.insert(observed_.users[user].id);
  for (auto* settled : changes) {
    auto const& change = settled->change;
    auto const present =
        *group && (ids.contains(change.principal_id) || holds_member(**group, observed_, change));
    if (present == (change.verb == Verb::add)) continue;
    settled->outcome = Outcome::failed;
    settled->detail =
        "the target answered success, but reading the group back shows no effect; it is tried again at the "
        "next run, look into the target's own log if it stays so";
    append(change, "failed", settled->detail);
    if (change.verb == Verb::remove) keep_grant(change);
    tell(*settled);
  }
}

}  // namespace dirsync::engine
