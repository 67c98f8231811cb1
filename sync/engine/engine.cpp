#include "sync/engine/engine.hpp"

#include <algorithm>

#include "sync/engine/applier.hpp"
#include "sync/engine/gather.hpp"
#include "sync/engine/presence.hpp"
#include "sync/model/assert.hpp"
#include "sync/model/dn.hpp"
#include "sync/plan/desired.hpp"
#include "sync/plan/document.hpp"
#include "sync/plan/judge.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;

/// Everything of one run; lives until its report is out.
struct Engine::Work {
  RunRequest request;
  Report report;
  Readings readings;
  std::map<std::string, Error> refused;  // targets without a part in this run
  std::vector<Rule> rules;               // of the others
  std::map<std::string, Managed> managed;
  plan::Input input;
  plan::Desired desired;
  plan::Draft draft;
  RunRecord record;
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
};

namespace {

bool succeeded(Change const& change) { return change.outcome == Outcome::done || change.outcome == Outcome::already; }

/// Ids that grants and managed groups of a directory's rules name and the snapshot does not show.
std::map<std::string, std::set<EntryId>> missing_ids(plan::Input const& input) {
  std::map<std::string, std::string> directory_of;
  for (auto const& rule : input.rules) directory_of.emplace(rule.name, rule.directory);
  std::map<std::string, std::set<EntryId>> missing;
  auto const note = [&input, &directory_of, &missing](std::string const& rule, EntryId const& id, bool person) {
    auto const directory = directory_of.find(rule);
    if (directory == directory_of.end()) return;
    auto const& snapshot = *input.views.at(directory->second).snapshot;
    auto const there = person ? snapshot.person_by_id(id).has_value() : snapshot.group_by_id(id).has_value();
    if (!there) missing[directory->second].insert(id);
  };
  for (auto const& target : input.targets) {
    for (auto const& grant : target.managed->grants) note(grant.rule, grant.id, true);
    for (auto const& group : target.managed->groups)
      for (auto const& source : group.sources) note(group.rule, source, false);
  }
  return missing;
}

/// Whether some entry of the same container is still seen; without one a 32 may just mean a hidden branch.
bool has_visible_neighbour(Snapshot const& snapshot, std::string const& dn) {
  auto const key = normalized_dn(dn);
  auto const parent = key ? parent_of(*key) : std::nullopt;
  if (!parent) return false;
  auto const beside = [&parent](Entry const& entry) { return parent_of(entry.normalized_dn) == parent; };
  return std::ranges::any_of(snapshot.people(), beside) || std::ranges::any_of(snapshot.groups(), beside);
}

void overlay(Managed& managed, Change const& change) {
  auto const same = [&change](Grant const& grant) {
    return grant.group_id == change.group_id && grant.id == change.id;
  };
  if (change.verb == Verb::remove) std::erase_if(managed.grants, same);
  if (change.verb == Verb::add && std::ranges::none_of(managed.grants, same))
    managed.grants.push_back({change.group_id, change.group, change.principal, change.principal_id, change.id,
                              change.dn, change.rule});
  if (change.verb == Verb::create_group)
    managed.groups.push_back({change.group_id, change.group, change.rule, true, {change.id}});
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
    RunStart const start{setup_.clock->now(), work.request.trigger, work.request.actor, setup_.configuration_digest};
    auto const id = setup_.journal->begin_run(start);
    if (!id) co_return id.error();
    work.report.run = *id;
    work.record.start = start;
  }
  setup_.monitor->progress("reading directories and targets", 0, 0);
  work.readings = co_await read_sides(setup_, work.request.accept_band);
  work.refused = refused_targets(setup_, work.readings);
  if (auto const audited = audit_failed_reads(work); !audited) co_return audited.error();
  if (auto const drafted = co_await draft_plan(work); !drafted) co_return drafted.error();

  auto const may = may_apply(work);
  if (!may) co_return may.error();
  if (*may)
    if (auto const applied = co_await apply(work); !applied) co_return applied.error();
  work.report.stopped = stopping_;
  work.report.total = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - work.begun);
  work.report.exit = exit_of(work.report);
  if (work.request.apply)
    if (auto const finished = finish(work); !finished) co_return finished.error();
  co_return std::move(work.report);
}

Result<void> Engine::audit_failed_reads(Work& work) {
  auto failed = work.readings.failed_directories;
  failed.insert(work.readings.failed_targets.begin(), work.readings.failed_targets.end());
  for (auto const& [side, error] : failed) {
    Monitor::Field const fields[] = {{"cycle", std::to_string(work.report.run.value())}, {"side", side}, {"err", text(error)}};
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

asio::awaitable<Result<void>> Engine::draft_plan(Work& work) {
  for (auto const& rule : setup_.rules)
    if (!work.refused.contains(rule.target)) work.rules.push_back(rule);
  work.input.rules = work.rules;
  work.input.limits = setup_.limits;
  for (auto const& directory : setup_.directories) {
    auto const snapshot = work.readings.snapshots.find(directory.name);
    if (snapshot == work.readings.snapshots.end()) continue;
    work.report.certificates.emplace(directory.name, snapshot->second.certificate());
    work.input.views.emplace(directory.name, plan::DirectoryView{directory.name, &snapshot->second, directory.disabled,
                                                                 directory.normalized_base});
  }
  std::map<std::string, bool> folds_case;
  for (auto const& target : setup_.targets) {
    if (work.refused.contains(target.name)) continue;
    auto const& observed = work.readings.observed.at(target.name);
    work.report.certificates.emplace(target.name, observed.certificate);
    folds_case.emplace(target.name, target.target->traits().group_names_fold_case);
    auto managed = setup_.journal->managed(target.name);
    if (!managed) co_return managed.error();
    auto const& kept = work.managed.emplace(target.name, std::move(*managed)).first->second;
    work.input.targets.push_back({target.name, target.target->traits(), &observed, &kept, target.domains});
  }
  work.report.took = work.readings.took;
  if (auto const recovered = recover(work); !recovered) co_return recovered.error();
  if (auto const gathered = gather_facts(work); !gathered) co_return gathered.error();

  setup_.monitor->progress("planning", 0, 0);
  work.desired = plan::desire(work.input.rules, work.input.views, folds_case);
  work.draft = plan::draft(work.input, work.desired);
  if (!work.draft.questions.empty()) {
    auto const questions = work.draft.questions;
    if (auto const answered = co_await answer(work, questions); !answered) co_return answered.error();
    work.draft = plan::draft(work.input, work.desired);
  }

  plan::JudgeInput judged{work.input.rules, setup_.limits, {}, work.input.facts.rules};
  for (auto const& target : setup_.targets) judged.target_limits.emplace(target.name, target.limits);
  std::map<std::string, std::pair<std::string, std::vector<Reason>>> refused;
  for (auto const& target : setup_.targets) {
    auto const found = work.refused.find(target.name);
    if (found == work.refused.end()) continue;
    Reason reason{"read-failed", text(found->second), target.name, "", "", std::nullopt, std::nullopt};
    refused.emplace(target.name, std::pair{to_text(target.target->traits().kind), std::vector{std::move(reason)}});
  }
  plan::judge(work.draft, work.desired, judged, refused);
  work.report.plan = work.draft.plan;
  plan::cut(work.report.plan, work.request.cut);
  plan::settle_verdicts(work.report.plan);
  co_return Result<void>{};
}

/// Calls that were announced and whose outcome nobody recorded get it from the fresh read.
Result<void> Engine::recover(Work& work) {
  auto const intents = setup_.journal->open_intents();
  if (!intents) return intents.error();
  for (auto const& intent : *intents) {
    auto const managed = work.managed.find(intent.change.target);
    if (managed == work.managed.end()) continue;  // that target could not be read; it stays open
    auto const target = std::ranges::find(work.input.targets, intent.change.target, &plan::TargetInput::name);
    auto found = intent;
    if (auto const* group = find_group(*target->observed, target->traits, intent.change)) found.change.group_id = group->id;
    auto const fate = fate_by_read(found.change, *target->observed, target->traits);
    if (fate == Outcome::done) overlay(managed->second, found.change);
    if (!work.request.apply) continue;
    auto const words = fate == Outcome::done ? "looked up after an interruption: it was done"
                                             : "looked up after an interruption: it was not done";
    if (auto const recorded = setup_.journal->recover(found, fate, words); !recorded) return recorded.error();
    Monitor::Field const fields[] = {{"cycle", std::to_string(intent.run.value())},
                                     {"target", intent.change.target},
                                     {"verb", to_text(intent.change.verb)},
                                     {"group", intent.change.group},
                                     {"principal", intent.change.principal},
                                     {"outcome", to_text(fate)}};
    setup_.monitor->event(Monitor::Level::warn, "change_recovered", fields);
  }
  return {};
}

Result<void> Engine::gather_facts(Work& work) {
  auto& facts = work.input.facts;
  for (auto const& rule : work.input.rules) {
    auto const memory = setup_.journal->rule_memory(rule.name);
    if (!memory) return memory.error();
    if (*memory) facts.rules.emplace(rule.name, **memory);
  }
  for (auto const& [directory, view] : work.input.views) {
    auto const counts = setup_.journal->absences(directory);
    if (!counts) return counts.error();
    for (auto const& count : *counts) facts.absences.emplace(count.key, count.runs);
  }
  for (auto const& [directory, ids] : missing_ids(work.input)) {
    std::vector<EntryId> const wanted{ids.begin(), ids.end()};
    auto const known = setup_.journal->known_by_id(directory, wanted);
    if (!known) return known.error();
    for (auto const& entry : *known) facts.last_dn.emplace(entry.id, entry.dn);
  }
  return {};
}

asio::awaitable<Result<void>> Engine::answer(Work& work, plan::Questions const& questions) {
  auto& facts = work.input.facts;
  for (auto const& [directory, dns] : questions.dns) {
    std::vector<std::string_view> const wanted{dns.begin(), dns.end()};
    auto const known = setup_.journal->known_by_dn(directory, wanted);
    if (!known) co_return known.error();
    for (auto const& entry : *known) facts.known.emplace(entry.dn, entry);
  }
  for (auto const& directory : setup_.directories) {
    std::vector<EntryProbe> probes;
    for (auto const& question : questions.gone)
      if (question.directory == directory.name &&
          has_visible_neighbour(*work.input.views.at(directory.name).snapshot, question.last_dn))
        probes.push_back({question.id, question.last_dn});
    if (probes.empty()) continue;
    auto const presences = co_await directory.directory->look_for(probes);
    if (!presences) continue;  // not confirmed; further reads will tell
    for (std::size_t at = 0; at < probes.size(); ++at)
      if ((*presences)[at] == Presence::gone) facts.confirmed_gone.insert(probes[at].id);
  }
  co_return Result<void>{};
}

/// Holds, approvals and the question at the terminal.
Result<bool> Engine::may_apply(Work& work) {
  auto& report = work.report;
  auto const& plan = report.plan;
  if (work.request.approve && *work.request.approve != plan.digest) {
    report.approval_stale = true;
    return false;
  }
  auto const changes = std::ranges::any_of(plan.changes, [](auto const& change) { return change.outcome == Outcome::planned; });
  if (!changes || !plan.held) {
    if (!work.request.apply) return false;
    if (changes && work.request.proceed && !work.request.proceed(plan)) {
      report.declined = true;
      return false;
    }
    return true;
  }
  auto const stored = setup_.journal->find_plan(plan.digest);
  if (!stored) return stored.error();
  auto const now = setup_.clock->now();
  if (work.request.apply && *stored && (*stored)->state == StoredPlan::State::approved && (*stored)->decided &&
      *(*stored)->decided + setup_.limits.approval_ttl > now)
    return true;
  if (work.request.apply || work.request.cut.empty())
    if (auto const held = hold(work); !held) return held.error();
  if (!work.request.apply || !work.request.approve) return false;
  auto const decided = setup_.journal->decide_plan(plan.digest, true, work.request.actor, now);
  if (!decided) return decided.error();
  return true;
}

Result<void> Engine::hold(Work& work) {
  auto const& plan = work.report.plan;
  auto const known = setup_.journal->find_plan(plan.digest);
  if (!known) return known.error();
  auto const now = setup_.clock->now();
  auto const run = work.request.apply ? std::optional{work.report.run} : std::nullopt;
  auto const document = plan::plan_json(plan, run);
  if (auto const held = setup_.journal->hold_plan(
          {plan.digest, work.report.run, now, now, StoredPlan::State::held, std::nullopt, "", document});
      !held)
    return held.error();
  if (!work.request.apply || (*known && (*known)->run.value() != 0)) return {};
  AuditRow row;
  row.time = now;
  row.run = work.report.run;
  row.phase = "hold";
  row.plan = plan.digest.value();
  row.actor = work.request.actor;
  row.result = "held";
  for (auto const& reason : plan.reasons) row.detail += (row.detail.empty() ? "" : "; ") + reason.code + ": " + reason.text;
  return setup_.journal->append(std::move(row));
}

asio::awaitable<Result<void>> Engine::apply(Work& work) {
  auto& report = work.report;
  auto const keep = [this, &work]() -> Result<void> {
    for (auto const& [target, house] : work.draft.housekeeping) {
      auto const actor = work.request.actor;
      auto const run = work.report.run;
      if (!house.adopt_groups.empty() || !house.adopt_grants.empty())
        if (auto const done = setup_.journal->adopt(run, target, actor, house.adopt_groups, house.adopt_grants); !done)
          return done.error();
      if (!house.forget.empty())
        if (auto const done = setup_.journal->forget(run, target, actor, house.forget); !done) return done.error();
      if (!house.update_groups.empty())
        if (auto const done = setup_.journal->update_groups(target, house.update_groups); !done) return done.error();
    }
    return {};
  };
  if (auto const kept = keep(); !kept) co_return kept.error();

  ApplyContext context{setup_.journal, setup_.monitor,       report.run,   report.plan.digest,
                       work.request.actor, &stopping_, std::nullopt, 0, report.plan.changes.size()};
  std::vector<Applier> appliers;
  appliers.reserve(setup_.targets.size());
  std::vector<std::vector<Change*>> parts;
  for (auto const& target : setup_.targets) {
    std::vector<Change*> part;
    for (auto& change : report.plan.changes)
      if (change.target == target.name) part.push_back(&change);
    if (part.empty()) continue;
    appliers.emplace_back(context, target, work.readings.observed.at(target.name));
    parts.push_back(std::move(part));
  }
  auto const one = [](Applier& applier, std::vector<Change*> changes) -> asio::awaitable<void> {
    co_await applier.apply(changes);
    co_await applier.verify(changes);
  };
  std::vector<asio::awaitable<void>> works;
  for (std::size_t at = 0; at < appliers.size(); ++at) works.push_back(one(appliers[at], parts[at]));
  co_await gather(std::move(works));
  report.applied = !appliers.empty();
  if (context.journal_failure) co_return *context.journal_failure;
  if (report.plan.held)
    if (auto const used = setup_.journal->plan_applied(report.plan.digest, report.run); !used) co_return used.error();
  co_return remember(work);
}

/// What a rule's next plan is compared with (contract 9).
Result<void> Engine::remember(Work& work) {
  if (!work.request.cut.empty()) return {};
  for (auto const& rule : work.input.rules) {
    auto const& changes = work.report.plan.changes;
    auto const mine = [&rule](Change const& change) { return change.rule == rule.name; };
    auto const done = std::ranges::any_of(changes, [&mine](auto const& change) { return mine(change) && succeeded(change); });
    auto const quiet = std::ranges::none_of(changes, mine);
    auto const known = work.input.facts.rules.find(rule.name);
    auto const reconfigured = known != work.input.facts.rules.end() && known->second.configuration_digest != rule.digest;
    if (!done && !(quiet && reconfigured)) continue;
    RuleMemory const memory{rule.digest, plan::desired_digest(work.desired, rule)};
    if (auto const kept = setup_.journal->remember_rule(rule.name, memory); !kept) return kept.error();
  }
  return {};
}

Result<void> Engine::finish(Work& work) {
  for (auto const& [directory, snapshot] : work.readings.snapshots) {
    if (auto const accepted = setup_.journal->accept_read(work.report.run, snapshot); !accepted) return accepted.error();
    std::vector<AbsenceCount> counts;
    for (auto const& key : work.draft.absent[directory]) {
      auto const before = work.input.facts.absences.find(key);
      counts.push_back({key, (before == work.input.facts.absences.end() ? 0 : before->second) + 1});
    }
    if (auto const kept = setup_.journal->replace_absences(directory, counts); !kept) return kept.error();
  }
  auto& record = work.record;
  auto const& changes = work.report.plan.changes;
  auto const count = [&changes](auto... outcomes) {
    return std::ranges::count_if(changes, [outcomes...](auto const& change) { return ((change.outcome == outcomes) || ...); });
  };
  record.id = work.report.run;
  record.finished = setup_.clock->now();
  record.verdict = to_text(work.report.plan.verdict);
  record.exit_code = static_cast<int>(work.report.exit);
  record.digest = work.report.plan.digest.value();
  record.planned = static_cast<std::int64_t>(changes.size());
  record.done = count(Outcome::done, Outcome::already);
  record.failed = count(Outcome::failed, Outcome::unknown, Outcome::skipped);
  record.unconfirmed = count(Outcome::unconfirmed);
  record.report_json = report_document(work.report);
  return setup_.journal->end_run(record);
}

Exit exit_of(Report const& report) {
  auto const& plan = report.plan;
  auto const any = [&plan](auto... outcomes) {
    return std::ranges::any_of(plan.changes, [outcomes...](auto const& change) { return ((change.outcome == outcomes) || ...); });
  };
  auto const refused = std::ranges::any_of(plan.targets, [](auto const& target) { return target.second.verdict == Verdict::refuse; });
  if (refused) return Exit::unread;
  if (report.approval_stale || any(Outcome::unconfirmed)) return Exit::held;
  if (plan.held && any(Outcome::planned)) return Exit::held;
  if (any(Outcome::failed, Outcome::unknown, Outcome::skipped)) return Exit::failed;
  return any(Outcome::planned) ? Exit::pending : Exit::done;
}

}  // namespace dirsync::engine
