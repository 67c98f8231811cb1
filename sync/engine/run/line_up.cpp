// line_up: from the reads and the journal to what the planner works on.
#include "sync/engine/apply/strangers.hpp"
#include "sync/engine/run/stages.hpp"
#include "sync/plan/kept/settings.hpp"

namespace dirsync::engine {
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

/// Where those entries were last seen; in a directory that was read before any other, which may not be
/// configured any more.
Result<void> note_last_seen(Journal& journal, plan::Input const& input, std::vector<EntryId> const& wanted,
                            plan::Facts& facts) {
  auto const directories = journal.known_directories();
  if (!directories) return directories.error();
  for (auto const& directory : *directories) {
    auto const known = journal.known_by_id(directory, wanted);
    if (!known) return known.error();
    auto const is_read = input.views.contains(directory);
    for (auto const& entry : *known) {
      if (!is_read && facts.last_seen_in.contains(entry.id)) continue;
      facts.last_dn[entry.id] = entry.dn;
      facts.last_seen_in[entry.id] = directory;
    }
  }
  return {};
}

/// Nothing: reads were accepted before anybody kept them.
Result<std::optional<plan::UnresolvedBefore>> unresolved_before(Journal& journal,
                                                                std::string const& directory) {
  using Before = std::optional<plan::UnresolvedBefore>;
  auto kept = journal.unresolved(directory);
  if (!kept) return kept.error();
  plan::UnresolvedBefore before;
  if (*kept) {
    for (auto& one : **kept) before.values[one.group].push_back(std::move(one));
    return Before{std::move(before)};
  }
  auto const counts = journal.last_counts(directory);
  if (!counts) return counts.error();
  before.is_first = !*counts;
  return before.is_first ? Before{std::move(before)} : Before{};
}

Result<plan::Facts> gather_facts(Journal& journal, plan::Input const& input) {
  plan::Facts facts;
  for (auto const& rule : input.rules) {
    auto const memory = journal.rule_memory(rule.name);
    if (!memory) return memory.error();
    if (*memory) facts.rules.emplace(rule.name, **memory);
    auto excluded = journal.excludes(rule.name);
    if (!excluded) return excluded.error();
    facts.excluded.emplace(rule.name, std::move(*excluded));
  }
  std::vector<std::string> counted;
  for (auto const& [directory, view] : input.views) counted.push_back(directory);
  for (auto const& target : input.targets) counted.push_back(plan::members_of(target.name));
  for (auto const& side : counted) {
    auto const counts = journal.absences(side);
    if (!counts) return counts.error();
    for (auto const& count : *counts)
      facts.absences[side].emplace(plan::AbsenceKey{count.key},
                                   plan::AbsentBefore{count.runs, count.counted});
  }
  for (auto const& [directory, view] : input.views) {
    auto unresolved = unresolved_before(journal, directory);
    if (!unresolved) return unresolved.error();
    if (*unresolved) facts.unresolved.emplace(directory, **std::move(unresolved));
  }
  for (auto const& target : input.targets) {
    auto undone = journal.undone(target.name);
    if (!undone) return undone.error();
    if (!undone->empty()) facts.undone.emplace(target.name, *std::move(undone));
  }
  auto const missing = missing_ids(input);
  std::vector<EntryId> const wanted{missing.begin(), missing.end()};
  if (wanted.empty()) return facts;
  if (auto const noted = note_last_seen(journal, input, wanted, facts); !noted) return noted.error();
  return facts;
}

/// Those that end by themselves are told when nobody asks for them any more.
Result<std::vector<Freeze>> freezes_of(RunContext const& context, Time now) {
  auto& journal = *context.setup.journal;
  if (context.request.apply) {
    auto const ended = journal.end_freezes(context.run, now);
    if (!ended) return ended.error();
    for (auto const& freeze : *ended) {
      Monitor::Field const fields[] = {
          {"cycle", std::to_string(context.run.value())}, {"target", freeze.target}, {"text", text(freeze)}};
      context.setup.monitor->event(Monitor::Level::info, "freeze_ended", fields);
    }
  }
  auto freezes = journal.freezes();
  if (!freezes) return freezes.error();
  return in_force(std::move(*freezes), now);
}

}  // namespace

void line_up_directories(RunContext const& context, Reads const& reads, plan::Input& input) {
  auto const now = context.setup.clock->now();
  for (auto const& directory : context.setup.directories) {
    auto const snapshot = reads.snapshots.find(directory.name);
    if (snapshot == reads.snapshots.end()) {
      input.unread_directories.insert(directory.name);
      continue;
    }
    plan::DirectoryView view{.name = directory.name,
                             .snapshot = &snapshot->second,
                             .disabled = directory.policy.disabled,
                             .normalized_base = directory.normalized_base,
                             .account_states = directory.policy.account_states,
                             .now = now,
                             .join = directory.policy.join};
    input.views.emplace(directory.name, std::move(view));
  }
}

Result<LinedUp> line_up(RunContext const& context, Reads const& reads, Ours ours) {
  StageClock const clock{context, "line_up"};
  auto const& setup = context.setup;
  LinedUp lined_up;
  lined_up.ours = std::move(ours);
  for (auto const& rule : setup.rules)
    if (!reads.refused.contains(rule.target)) lined_up.rules.push_back(rule);
  auto& input = lined_up.input;
  input.limits = setup.limits;
  auto const now = setup.clock->now();
  auto freezes = freezes_of(context, now);
  if (!freezes) return freezes.error();
  lined_up.freezes = std::move(*freezes);
  line_up_directories(context, reads, input);
  for (auto& rule : lined_up.rules) plan::note_equality_rules(rule, input.views);
  input.rules = lined_up.rules;
  for (auto const& target : setup.targets) {
    if (reads.refused.contains(target.name)) continue;
    auto const traits = target.target->traits();
    auto const& observed = reads.observed.at(target.name);
    auto const blocked = setup.journal->blocked(target.name);
    if (!blocked) return blocked.error();
    lined_up.folds_case.emplace(target.name, traits.group_names_fold_case);
    input.targets.push_back(
        {.name = target.name,
         .traits = traits,
         .observed = &observed,
         .managed = &lined_up.ours.at(target.name),
         .domains = target.domains,
         .strangers = strangers_that_stay(*blocked, observed, lined_up.ours.at(target.name)),
         .replace_stale_groups = target.replace_stale_groups});
  }
  auto facts = gather_facts(*setup.journal, input);
  if (!facts) return facts.error();
  input.facts = std::move(*facts);
  input.facts.now = context.start.time;
  input.facts.other_server = reads.other_servers;
  input.facts.deleted_at = context.request.deleted_at;
  for (auto const& [name, why] : reads.refused) input.unread_targets.insert(name);
  return lined_up;
}

}  // namespace dirsync::engine
