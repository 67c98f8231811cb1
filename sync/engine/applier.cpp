#include "sync/engine/applier.hpp"

#include <algorithm>
#include <unordered_set>

#include "sync/engine/presence.hpp"
#include "sync/model/assert.hpp"
#include "sync/ports/gather.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;

namespace {

/// Of whom one write tells all. Somebody who is to be made a user has no id yet.
std::string const& member_of(Change const& change) {
  return change.new_user ? change.principal : change.principal_id;
}

}  // namespace

Applier::Applier(ApplyContext& context, SinkTarget const& target, Observed const& observed)
    : context_(context), target_(target), observed_(observed), traits_(target.target->traits()) {}

std::vector<Applier::Step> Applier::steps(std::vector<Change*> const& changes) const {
  enum Index { revocations, creations, additions, removals, renames, deletions, count };
  // Where one call carries all groups of a user, a user's removals travel with the additions (P12).
  std::set<std::string> users_with_additions;
  if (traits_.one_write_per_user)
    for (auto const* change : changes)
      if (change->verb == Verb::add) users_with_additions.insert(member_of(*change));

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
  for (auto* change : changes) {
    auto const membership = change->verb == Verb::add || change->verb == Verb::remove;
    auto const together = traits_.one_write_per_user && membership;
    auto& chain = chains[step_of(*change)][together ? member_of(*change) : change->group];
    if (together && !chain.empty())
      chain.front().push_back(change);
    else
      chain.push_back({change});
  }
  std::vector<Step> result(count);
  for (std::size_t step = 0; step < count; ++step)
    for (auto& [key, chain] : chains[step]) result[step].push_back(std::move(chain));
  return result;
}

asio::awaitable<void> Applier::apply(std::vector<Change*> changes) {
  std::erase_if(changes, [this](Change* change) {
    if (change->outcome != Outcome::unconfirmed) return false;
    if (auto const recorded =
            context_.journal->record_unsent(context_.run, context_.digest, context_.actor, *change);
        !recorded)
      context_.journal_failure = recorded.error();
    tell(*change);
    return true;
  });
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
  if (context_.journal_failure) return "not sent: the journal can not be written";
  if (down_) return "not sent: " + text(*down_);
  if (*context_.stopping) return "not sent: asked to stop";
  if (auto const failed = failed_creations_.find(change.group);
      change.group_id.empty() && failed != failed_creations_.end())
    return "not sent: the group could not be created: " + failed->second;
  if (change.group_id.empty() && change.verb != Verb::create_group)
    return "not sent: there is no such group yet";
  return "";
}

void Applier::skip(Change& change, std::string why) {
  change.outcome = Outcome::skipped;
  change.detail = std::move(why);
  if (!context_.journal_failure) {
    auto const recorded =
        context_.journal->record_unsent(context_.run, context_.digest, context_.actor, change);
    if (!recorded) context_.journal_failure = recorded.error();
  }
  tell(change);
}

asio::awaitable<void> Applier::send(Batch batch) {
  for (auto* change : batch) {
    auto const created = created_.find(change->group);
    if (change->group_id.empty() && created != created_.end()) change->group_id = created->second;
    if (auto why = reason_to_skip(*change); !why.empty()) skip(*change, std::move(why));
  }
  std::erase_if(batch, [](Change const* change) { return change->outcome == Outcome::skipped; });
  if (batch.empty()) co_return;

  std::vector<Change> announced;
  for (auto const* change : batch) announced.push_back(*change);
  auto const intents = context_.journal->intend(context_.run, context_.digest, context_.actor, announced);
  if (!intents) {
    context_.journal_failure = intents.error();
    for (auto* change : batch) skip(*change, "not sent: the journal can not be written");
    co_return;
  }
  auto const answers = co_await target_.target->apply(std::move(announced));
  DIRSYNC_ASSERT(answers.size() == batch.size());
  for (std::size_t at = 0; at < batch.size(); ++at) {
    auto& change = *batch[at];
    auto const& answer = answers[at];
    auto const new_name = change.detail;
    change.outcome = answer.outcome;
    if (!answer.detail.empty()) change.detail = answer.detail;
    if (!answer.group_id.empty()) change.group_id = answer.group_id;
    if (!answer.principal.empty()) change.principal = answer.principal;
    if (!answer.principal_id.empty()) change.principal_id = answer.principal_id;
    if (answer.target_down) down_ = answer.target_down;
    if (change.outcome == Outcome::unknown) co_await look_at(change, new_name);
    record(change, (*intents)[at]);
  }
}

/// A call whose fate is unknown is looked up, never guessed (P6). Of a group that was to be created there is
/// no id to look for, and the name of somebody who was to be provisioned is up to the target: the next run's
/// read tells.
asio::awaitable<void> Applier::look_at(Change& change, std::string new_name) {
  if (change.group_id.empty() || !change.domain.empty()) co_return;
  auto const group = co_await target_.target->read_group(change.group_id, observed_);
  if (!group) co_return;
  auto const* const found = *group ? &**group : nullptr;
  auto const done = has_happened(change, new_name, found, observed_);
  change.outcome = done ? Outcome::done : Outcome::failed;
  change.detail += done ? "; a look showed that it was done" : "; a look showed that it was not done";
}

void Applier::record(Change& change, std::int64_t intent) {
  auto const settled = context_.journal->settle(intent, change);
  if (!settled) context_.journal_failure = settled.error();
  auto const success = change.outcome == Outcome::done || change.outcome == Outcome::already;
  if (change.verb == Verb::create_group) {
    if (success)
      created_[change.group] = change.group_id;
    else
      failed_creations_[change.group] = change.detail;
  }
  tell(change);
}

void Applier::tell(Change const& change) const {
  ++context_.done;
  auto const success = change.outcome == Outcome::done || change.outcome == Outcome::already;
  Monitor::Field const fields[] = {{"cycle", std::to_string(context_.run.value())},
                                   {"change", std::to_string(change.n)},
                                   {"target", change.target},
                                   {"verb", to_text(change.verb)},
                                   {"group", change.group},
                                   {"principal", change.principal},
                                   {"entry", change.id.value()},
                                   {"outcome", to_text(change.outcome)},
                                   {"detail", change.detail}};
  auto const failed = change.outcome == Outcome::failed || change.outcome == Outcome::unknown;
  auto const level = failed ? Monitor::Level::warn : Monitor::Level::info;
  context_.monitor->event(level, success ? "change_applied" : "change_not_applied", fields);
  context_.monitor->progress("applying changes", context_.done, context_.total);
}

asio::awaitable<void> Applier::verify(std::vector<Change*> changes) {
  std::map<std::string, std::vector<Change*>> by_group;
  for (auto* change : changes) {
    auto const membership = change->verb == Verb::add || change->verb == Verb::remove;
    auto const success = change->outcome == Outcome::done || change->outcome == Outcome::already;
    if (membership && success) by_group[change->group_id].push_back(change);
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
  auto const group = co_await target_.target->read_group(changes.front()->group_id, observed_);
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
    Change whole = *changes.front();
    whole.principal.clear();
    append(whole, "failed", "the group could not be read back: " + text(group.error()));
    co_return;
  }
  // Thousands of additions to one group are found without a pass over its members for each.
  std::unordered_set<std::string_view> ids;
  if (*group)
    for (auto const user : (*group)->users) ids.insert(observed_.users[user].id);
  for (auto* change : changes) {
    auto const present =
        *group && (ids.contains(change->principal_id) || holds_member(**group, observed_, *change));
    if (present == (change->verb == Verb::add)) continue;
    change->outcome = Outcome::failed;
    change->detail =
        "the target answered success, but reading the group back shows no effect; it is tried again at the "
        "next run, look into the target's own log if it stays so";
    append(*change, "failed", change->detail);
    if (change->verb == Verb::remove) keep_grant(*change);
    tell(*change);
  }
}

}  // namespace dirsync::engine
