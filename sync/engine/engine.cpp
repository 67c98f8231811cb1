#include "sync/engine/engine.hpp"

#include <algorithm>

#include "sync/engine/presence.hpp"
#include "sync/engine/work.hpp"
#include "sync/model/assert.hpp"
#include "sync/model/dn.hpp"
#include "sync/plan/judge.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;

namespace {

/// Ids that grants and managed groups name and no snapshot shows. Nobody knows yet which directory had them.
std::set<EntryId> missing_ids(plan::Input const& input) {
  auto const is_there = [&input](EntryId const& id) {
    return std::ranges::any_of(input.views, [&id](auto const& view) {
      auto const& snapshot = *view.second.snapshot;
      return snapshot.person_by_id(id) || snapshot.group_by_id(id);
    });
  };
  std::set<EntryId> missing;
  auto const note = [&is_there, &missing](EntryId const& id) {
    if (!is_there(id)) missing.insert(id);
  };
  for (auto const& target : input.targets) {
    for (auto const& grant : target.managed->grants)
      if (!is_there(grant.id)) std::ranges::for_each(parts_of(grant.id), note);
    for (auto const& group : target.managed->groups) std::ranges::for_each(group.sources, note);
  }
  return missing;
}

/// Some entries of the same container. Unless one that was known before is still seen, a 32 may just mean a
/// hidden branch.
std::vector<Entry const*> neighbours(Snapshot const& snapshot, std::string const& dn) {
  constexpr std::size_t kEnough = 8;
  std::vector<Entry const*> beside;
  auto const key = normalized_dn(dn);
  auto const parent = key ? parent_of(*key) : std::nullopt;
  if (!parent) return beside;
  for (auto const entries : {snapshot.people(), snapshot.groups()})
    for (auto const& entry : entries)
      if (beside.size() < kEnough && parent_of(entry.normalized_dn) == parent) beside.push_back(&entry);
  return beside;
}

void overlay(Managed& managed, Change const& change) {
  auto const settled = grant_of(change);
  auto const same = [&settled](Grant const& grant) { return same_membership(grant, settled); };
  if (change.verb == Verb::remove || change.verb == Verb::add) std::erase_if(managed.grants, same);
  if (change.verb == Verb::add) managed.grants.push_back(settled);
  if (change.verb == Verb::create_group && !change.rule.empty())
    managed.groups.push_back({change.group_id, change.group, change.rule, true, {change.id}});
  if (change.verb == Verb::delete_group) {
    std::erase_if(managed.grants, [&change](auto const& grant) { return grant.group_id == change.group_id; });
    std::erase_if(managed.groups, [&change](auto const& group) { return group.group_id == change.group_id; });
  }
}

char const* words_of(Outcome fate) {
  if (fate == Outcome::done) return "looked up after an interruption: it was done";
  if (fate == Outcome::failed) return "looked up after an interruption: it was not done";
  return "interrupted, and no read of a run tells whether it was done: look with `dirsyncd console get`";
}

}  // namespace

Engine::Engine(Setup setup) : setup_(std::move(setup)) {
  DIRSYNC_ASSERT(setup_.journal != nullptr && setup_.clock != nullptr && setup_.monitor != nullptr);
}
Engine::~Engine() = default;

asio::awaitable<Result<Report>> Engine::run(RunRequest request) {
  Work work;
  work.request = std::move(request);
  stopping_ = false;
  if (work.request.apply) {
    RunStart const start{setup_.clock->now(), work.request.trigger, work.request.actor,
                         setup_.configuration_digest};
    auto const id = setup_.journal->begin_run(start);
    if (!id) co_return id.error();
    work.report.run = *id;
    work.record.start = start;
  }
  setup_.monitor->progress("reading directories and targets", 0, 0);
  Acceptance acceptance{work.request.accept_band, work.request.approve, work.request.actor, work.report.run};
  work.readings = co_await read_sides(setup_, std::move(acceptance));
  if (work.readings.journal_failure) co_return *work.readings.journal_failure;
  // What was approved was a read; the plan that comes of it needs its own approval, if any.
  if (work.request.approve && work.readings.used_approvals.contains(*work.request.approve))
    work.request.approve.reset();
  work.refused = refused_targets(setup_, work.readings);
  if (auto const audited = audit_failed_reads(work); !audited) co_return audited.error();
  if (auto const drafted = co_await draft_plan(work); !drafted) co_return drafted.error();

  auto const may = may_apply(work);
  if (!may) co_return may.error();
  if (*may)
    if (auto const applied = co_await apply(work); !applied) co_return applied.error();
  work.report.stopped = stopping_;
  work.report.total =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - work.begun);
  work.report.exit = exit_of(work.report);
  if (work.request.apply)
    if (auto const finished = finish(work); !finished) co_return finished.error();
  co_return std::move(work.report);
}

Result<void> Engine::audit_failed_reads(Work& work) {
  auto failed = work.readings.failed_directories;
  failed.insert(work.readings.failed_targets.begin(), work.readings.failed_targets.end());
  for (auto const& [side, error] : failed) {
    Monitor::Field const fields[] = {
        {"cycle", std::to_string(work.report.run.value())}, {"side", side}, {"err", text(error)}};
    setup_.monitor->event(Monitor::Level::error, "read_incomplete", fields);
    if (!work.request.apply) continue;
    AuditRow row;
    row.time = setup_.clock->now();
    row.run = work.report.run;
    row.phase = "read";
    row.target = side;
    row.actor = work.request.actor;
    row.result = "refused";
    row.detail = text(error);
    if (auto const appended = setup_.journal->append(std::move(row)); !appended) return appended.error();
  }
  return {};
}

/// Lines up what the planner works on: the sides that were read and what is ours on them.
Result<void> Engine::line_up(Work& work) {
  for (auto const& rule : setup_.rules)
    if (!work.refused.contains(rule.target)) work.rules.push_back(rule);
  work.input.rules = work.rules;
  work.input.limits = setup_.limits;
  auto const now = setup_.clock->now();
  for (auto const& directory : setup_.directories) {
    auto const snapshot = work.readings.snapshots.find(directory.name);
    if (snapshot == work.readings.snapshots.end()) continue;
    work.input.views.emplace(
        directory.name, plan::DirectoryView{directory.name, &snapshot->second, directory.policy.disabled,
                                            directory.normalized_base, directory.policy.account_states, now});
    work.input.views.at(directory.name).join = directory.policy.join;
  }
  for (auto const& target : setup_.targets) {
    if (work.refused.contains(target.name)) continue;
    auto const& observed = work.readings.observed.at(target.name);
    work.folds_case.emplace(target.name, target.target->traits().group_names_fold_case);
    auto managed = setup_.journal->managed(target.name);
    if (!managed) return managed.error();
    auto const& kept = work.managed.emplace(target.name, std::move(*managed)).first->second;
    work.input.targets.push_back({target.name, target.target->traits(), &observed, &kept, target.domains,
                                  target.replace_stale_groups});
  }
  work.report.took = work.readings.took;
  work.report.certificates = work.readings.certificates;
  return {};
}

asio::awaitable<Result<void>> Engine::draft_plan(Work& work) {
  if (auto const lined_up = line_up(work); !lined_up) co_return lined_up.error();
  if (auto const recovered = recover(work); !recovered) co_return recovered.error();
  if (auto const gathered = gather_facts(work); !gathered) co_return gathered.error();

  setup_.monitor->progress("planning", 0, 0);
  work.desired = plan::desire(work.input.rules, work.input.views, work.folds_case);
  work.draft = plan::draft(work.input, work.desired);
  if (!work.draft.questions.empty()) {
    auto const questions = work.draft.questions;
    auto const learned = co_await answer(work, questions);
    if (!learned) co_return learned.error();
    if (*learned) work.draft = plan::draft(work.input, work.desired);
  }
  judge_plan(work);
  co_return Result<void>{};
}

void Engine::judge_plan(Work& work) {
  plan::JudgeInput judged{work.input.rules, setup_.limits, {}, work.input.facts.rules};
  for (auto const& target : setup_.targets) judged.target_limits.emplace(target.name, target.limits);
  std::map<std::string, std::pair<std::string, std::vector<Reason>>> refused;
  for (auto const& target : setup_.targets) {
    auto const found = work.refused.find(target.name);
    if (found == work.refused.end()) continue;
    Reason reason{
        refusal_code(found->second), text(found->second), target.name, "", "", std::nullopt, std::nullopt};
    refused.emplace(target.name,
                    std::pair{to_text(target.target->traits().kind), std::vector{std::move(reason)}});
  }
  plan::judge(work.draft, work.desired, judged, refused);
  work.report.plan = work.draft.plan;
  plan::cut(work.report.plan, work.request.cut);
  plan::settle_verdicts(work.report.plan);
}

/// Calls that were announced and whose outcome nobody recorded get it from the fresh read.
Result<void> Engine::recover(Work& work) {
  auto const intents = setup_.journal->open_intents();
  if (!intents) return intents.error();
  for (auto const& intent : *intents) {
    // What could not be read stays open.
    if (!work.readings.observed.contains(intent.change.target)) continue;
    if (auto const recovered = recover_one(work, intent); !recovered) return recovered.error();
  }
  return {};
}

Result<void> Engine::recover_one(Work& work, OpenIntent found) {
  auto& change = found.change;
  auto const& observed = work.readings.observed.at(change.target);
  auto const target = std::ranges::find(setup_.targets, change.target, &SinkTarget::name);
  auto const traits = target->target->traits();
  auto const* const group = find_group(observed, traits, change);
  if (group != nullptr) change.group_id = group->id;
  auto const fate = fate_by_read(change, observed, traits);
  auto const done = fate == Outcome::done;
  std::string words = words_of(fate);
  if (done && change.verb == Verb::add && (!change.domain.empty() || change.principal_id.empty())) {
    // Whoever was provisioned has a name and an id by now, and the grant is theirs.
    auto const member = find_member(*group, observed, change);
    change.principal = member->name;
    change.principal_id = member->id;
    words += ", provisioned " + member->name;
  }
  auto const managed = work.managed.find(change.target);
  if (done && managed != work.managed.end()) overlay(managed->second, change);
  if (!work.request.apply) return {};
  if (auto const recorded = setup_.journal->recover(found, fate, words); !recorded) return recorded.error();
  Monitor::Field const fields[] = {{"cycle", std::to_string(found.run.value())},
                                   {"target", change.target},
                                   {"verb", to_text(change.verb)},
                                   {"group", change.group},
                                   {"principal", change.principal},
                                   {"outcome", to_text(fate)}};
  setup_.monitor->event(Monitor::Level::warn, "change_recovered", fields);
  return {};
}

Result<void> Engine::gather_facts(Work& work) {
  auto& facts = work.input.facts;
  facts.other_server = work.readings.other_servers;
  for (auto const& rule : work.input.rules) {
    auto const memory = setup_.journal->rule_memory(rule.name);
    if (!memory) return memory.error();
    if (*memory) facts.rules.emplace(rule.name, **memory);
  }
  for (auto const& [directory, view] : work.input.views) {
    auto const counts = setup_.journal->absences(directory);
    if (!counts) return counts.error();
    for (auto const& count : *counts) facts.absences[directory].emplace(count.key, count.runs);
  }
  auto const missing = missing_ids(work.input);
  std::vector<EntryId> const wanted{missing.begin(), missing.end()};
  if (wanted.empty()) return {};
  for (auto const& [directory, view] : work.input.views) {
    auto const known = setup_.journal->known_by_id(directory, wanted);
    if (!known) return known.error();
    for (auto const& entry : *known) {
      facts.last_dn.emplace(entry.id, entry.dn);
      facts.last_seen_in.emplace(entry.id, directory);
    }
  }
  return {};
}

/// Looks that could confirm an absence, each with what was known before and is still seen beside it. Where
/// that is nothing only a canary can tell.
Result<std::vector<EntryProbe>> Engine::probes_for(Work const& work, plan::Questions const& questions,
                                                   SourceDirectory const& directory) {
  std::vector<std::pair<EntryProbe, std::vector<Entry const*>>> candidates;
  std::vector<EntryId> ids;
  for (auto const& question : questions.gone) {
    if (question.directory != directory.name) continue;
    auto beside = neighbours(*work.input.views.at(directory.name).snapshot, question.last_dn);
    for (auto const* entry : beside) ids.push_back(entry->id);
    candidates.emplace_back(EntryProbe{question.id, question.last_dn, {}}, std::move(beside));
  }
  std::vector<EntryProbe> probes;
  if (candidates.empty()) return probes;
  auto const entries = setup_.journal->known_by_id(directory.name, ids);
  if (!entries) return entries.error();
  std::set<EntryId> known;
  for (auto const& entry : *entries) known.insert(entry.id);
  for (auto& [probe, beside] : candidates) {
    for (auto const* entry : beside)
      if (known.contains(entry->id)) probe.beside.emplace_back(entry->dn);
    if (directory.has_canaries || !probe.beside.empty()) probes.push_back(std::move(probe));
  }
  return probes;
}

/// True when the answers tell the planner something new.
asio::awaitable<Result<bool>> Engine::answer(Work& work, plan::Questions const& questions) {
  auto& facts = work.input.facts;
  auto learned = false;
  for (auto const& [directory, dns] : questions.dns) {
    std::vector<std::string_view> const wanted{dns.begin(), dns.end()};
    auto const known = setup_.journal->known_by_dn(directory, wanted);
    if (!known) co_return known.error();
    for (auto const& entry : *known) learned |= facts.known[directory].emplace(entry.dn, entry).second;
  }
  for (auto const& directory : setup_.directories) {
    // One that lags behind has not heard of the entry yet, by whatever way it is asked.
    if (facts.other_server.contains(directory.name)) continue;
    auto const found = probes_for(work, questions, directory);
    if (!found) co_return found.error();
    auto const& probes = *found;
    if (probes.empty()) continue;
    auto const presences = co_await directory.directory->look_for(probes);
    if (!presences) continue;  // not confirmed; further reads will tell
    for (std::size_t at = 0; at < probes.size(); ++at)
      if ((*presences)[at] == Presence::gone) learned |= facts.confirmed_gone.insert(probes[at].id).second;
  }
  co_return learned;
}

}  // namespace dirsync::engine
