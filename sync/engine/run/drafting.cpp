// draft: what the planner asks is found out, and it drafts again, until it asks nothing new.
#include <algorithm>

#include "sync/engine/run/draft_in_force.hpp"
#include "sync/engine/run/stages.hpp"
#include "sync/model/dn.hpp"
#include "sync/plan/undo/undo.hpp"
#include "sync/plan/undo/undone.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

using BySide = std::map<std::string, std::set<std::string>>;

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

/// Whether the entry was last seen there, or its absence counted. Nowhere else does it mean anything that it
/// is not found.
bool was_in(plan::Facts const& facts, std::string const& directory, EntryId const& id) {
  auto const seen = facts.last_seen_in.find(id);
  if (seen != facts.last_seen_in.end()) return seen->second == directory;
  return plan::absent_before(facts, directory, plan::person_key(id)).runs > 0 ||
         plan::absent_before(facts, directory, plan::group_key_of(id)).runs > 0;
}

/// Searches that could confirm an absence, each with what was known before and is still seen beside it. Where
/// that is nothing only a canary can tell that it is gone; the look may still find it.
Result<std::vector<EntryProbe>> probes_for(Journal& journal, plan::Input const& input,
                                           plan::Questions const& questions, std::string const& directory) {
  std::vector<std::pair<EntryProbe, std::vector<Entry const*>>> candidates;
  std::vector<EntryId> ids;
  for (auto const& question : questions.gone) {
    if (question.directory != directory) continue;
    auto beside = neighbours(*input.views.at(directory).snapshot, question.last_dn);
    for (auto const* entry : beside) ids.push_back(entry->id);
    candidates.emplace_back(EntryProbe{question.id, question.last_dn, {}}, std::move(beside));
  }
  std::vector<EntryProbe> probes;
  if (candidates.empty()) return probes;
  auto const entries = journal.known_by_id(directory, ids);
  if (!entries) return entries.error();
  std::set<EntryId> known;
  for (auto const& entry : *entries) known.insert(entry.id);
  for (auto& [probe, beside] : candidates) {
    for (auto const* entry : beside)
      if (known.contains(entry->id)) probe.beside.emplace_back(entry->dn);
    probes.push_back(std::move(probe));
  }
  return probes;
}

/// Groups of ours that a target does not list: deleted only when it says so itself. True when one is.
asio::awaitable<bool> look_for_groups(Setup const& setup, plan::Input& input, BySide const& asked) {
  auto learned = false;
  for (auto const& target : setup.targets) {
    auto const ids = asked.find(target.name);
    auto const read = std::ranges::find(input.targets, target.name, &plan::TargetInput::name);
    if (ids == asked.end() || read == input.targets.end()) continue;
    for (auto const& id : ids->second) {
      auto const group = co_await target.target->read_group(id, *read->observed);
      if (group && !*group) learned |= input.facts.deleted_groups[target.name].insert(id).second;
    }
  }
  co_return learned;
}

/// True when a target says something that the plan must say as well.
asio::awaitable<bool> ask_for_mappings(Setup const& setup, plan::Input& input, BySide const& asked) {
  auto learned = false;
  for (auto const& target : setup.targets) {
    auto const domains = asked.find(target.name);
    if (domains == asked.end()) continue;
    for (auto const& domain : domains->second) {
      auto answer = co_await target.target->ask_mapping(domain);
      learned = learned || !answer.text.empty();
      input.facts.mappings[target.name].insert_or_assign(domain, std::move(answer));
    }
  }
  co_return learned;
}

/// Puts the answers into `input`; true when they tell the planner something new.
asio::awaitable<Result<bool>> answer(Setup const& setup, plan::Input& input,
                                     plan::Questions const& questions) {
  auto& facts = input.facts;
  auto learned = co_await look_for_groups(setup, input, questions.groups);
  auto const mapped = co_await ask_for_mappings(setup, input, questions.mappings);
  learned = learned || mapped;
  for (auto const& [directory, dns] : questions.dns) {
    std::vector<std::string_view> const wanted{dns.begin(), dns.end()};
    auto const known = setup.journal->known_by_dn(directory, wanted);
    if (!known) co_return known.error();
    for (auto const& entry : *known) learned |= facts.known[directory].emplace(entry.dn, entry).second;
  }
  for (auto const& directory : setup.directories) {
    // One that lags behind has not heard of the entry yet, by whatever way it is asked.
    if (facts.other_server.contains(directory.name) || !input.views.contains(directory.name)) continue;
    auto const found = probes_for(*setup.journal, input, questions, directory.name);
    if (!found) co_return found.error();
    auto const& probes = *found;
    if (probes.empty()) continue;
    auto const presences = co_await directory.directory->look_for(probes);
    if (!presences) continue;  // not confirmed; further reads will tell
    for (std::size_t at = 0; at < probes.size(); ++at) {
      auto const& id = probes[at].id;
      if ((*presences)[at] == Presence::gone && was_in(facts, directory.name, id))
        learned |= facts.confirmed_gone.insert(id).second;
      if ((*presences)[at] == Presence::present) learned |= facts.found_by_look.insert(id).second;
    }
  }
  co_return learned;
}

void add_new(BySide const& asked_now, BySide const& asked, BySide& fresh) {
  for (auto const& [side, values] : asked_now) {
    auto const before = asked.find(side);
    for (auto const& value : values)
      if (before == asked.end() || !before->second.contains(value)) fresh[side].insert(value);
  }
}

/// Of `asked_now` what is not in `asked` yet. Searches for single entries serve only so many of one run; the
/// others wait for further reads.
plan::Questions new_questions(plan::Questions const& asked_now, plan::Questions const& asked,
                              Limits const& limits) {
  plan::Questions fresh;
  for (auto const& question : asked_now.gone)
    if (std::cmp_less(asked.gone.size() + fresh.gone.size(), limits.confirm.removals_above) &&
        !asked.gone.contains(question))
      fresh.gone.insert(question);
  add_new(asked_now.dns, asked.dns, fresh.dns);
  add_new(asked_now.groups, asked.groups, fresh.groups);
  add_new(asked_now.mappings, asked.mappings, fresh.mappings);
  return fresh;
}

void note(plan::Questions const& questions, plan::Questions& asked) {
  asked.gone.insert(questions.gone.begin(), questions.gone.end());
  for (auto const& [directory, dns] : questions.dns) asked.dns[directory].insert(dns.begin(), dns.end());
  for (auto const& [target, ids] : questions.groups) asked.groups[target].insert(ids.begin(), ids.end());
  for (auto const& [target, domains] : questions.mappings)
    asked.mappings[target].insert(domains.begin(), domains.end());
}

/// Memberships that the draft would change and that runs changed too often of late; true when there are some.
Result<bool> note_flips(RunContext const& context, plan::Input& input, Plan const& plan) {
  auto const& limit = input.limits.flaps;
  auto found = false;
  if (!limit || context.request.undo) return found;
  for (auto const& target : input.targets) {
    auto const is_its_member = [&target](Change const& change) {
      return change.target == target.name && !change.principal.empty();
    };
    if (std::ranges::none_of(plan.changes, is_its_member)) continue;
    auto flips = context.setup.journal->flips(target.name, input.facts.now - limit->within, limit->count);
    if (!flips) return flips.error();
    if (flips->empty()) continue;
    found = true;
    input.facts.flips.insert_or_assign(target.name, *std::move(flips));
  }
  return found;
}

/// Instead of what the rules want what a person wants to take back.
Result<void> draft_undo(RunContext const& context, Drafted& drafted) {
  auto const run = *context.request.undo;
  auto const past = context.setup.journal->past_changes(run);
  if (!past) return past.error();
  drafted.draft =
      plan::draft_undo(drafted.lined_up.input, drafted.desired,
                       {.run = run, .changes = *past, .by = context.run}, std::move(drafted.draft));
  return {};
}

/// Those of the settings in force come after the plan's `own`, which must get the answers that a run would.
plan::Questions with_questions_of(DraftInForce const& in_force, plan::Questions own, plan::Questions asked,
                                  Limits const& limits) {
  note(own, asked);
  note(new_questions(in_force.draft.questions, asked, limits), own);
  return own;
}

Reason still_asking(plan::Questions const& open) {
  auto count = open.gone.size();
  for (auto const& [directory, dns] : open.dns) count += dns.size();
  for (auto const& [target, ids] : open.groups) count += ids.size();
  for (auto const& [target, domains] : open.mappings) count += domains.size();
  return {.code = "questions",
          .text = "after " + std::to_string(kRounds) +
                  " rounds of closer looks the plan still asks for more, so that it cannot be relied on; "
                  "look at it, then approve it or run again",
          .target = "",
          .rule = "",
          .group = "",
          .count = static_cast<std::int64_t>(count),
          .allowed = 0};
}

}  // namespace

Drafted want(LinedUp lined_up) {
  Drafted drafted{std::move(lined_up), {}, {}};
  auto const& input = drafted.lined_up.input;
  drafted.desired = plan::desire(input.rules, input.views, drafted.lined_up.folds_case, input.facts.excluded);
  return drafted;
}

asio::awaitable<Result<Drafted>> draft(RunContext const& context, LinedUp lined_up) {
  context.setup.monitor->progress("planning", 0, 0);
  auto wanted = want(std::move(lined_up));
  co_return co_await draft_wanted(context, std::move(wanted));
}

asio::awaitable<Result<Drafted>> draft_wanted(RunContext const& context, Drafted wanted) {
  StageClock const clock{context, "draft"};
  auto drafted = std::move(wanted);
  auto& input = drafted.lined_up.input;
  drafted.draft = plan::draft(input, drafted.desired);
  auto const flaps = note_flips(context, input, drafted.draft.plan);
  if (!flaps) co_return flaps.error();
  if (*flaps) drafted.draft = plan::draft(input, drafted.desired);
  std::optional<DraftInForce> in_force;
  if (context.request.rehearses)
    if (auto const begun = begin_draft_in_force(context, drafted, in_force); !begun) co_return begun.error();
  plan::Questions asked;
  for (int round = 0;; ++round) {
    auto const own = new_questions(drafted.draft.questions, asked, input.limits);
    auto const fresh = in_force ? with_questions_of(*in_force, own, asked, input.limits) : own;
    if (fresh.empty()) break;
    if (round == kRounds) {
      if (!own.empty()) drafted.draft.holds.push_back(still_asking(own));
      break;
    }
    note(fresh, asked);
    auto const learned = co_await answer(context.setup, input, fresh);
    if (!learned) co_return learned.error();
    if (!*learned) break;
    drafted.draft = plan::draft(input, drafted.desired);
    if (in_force) in_force->draft_again(input.facts);
  }
  if (!context.request.undo)
    plan::hold_undone(input, drafted.desired, drafted.draft);
  else if (auto const undone = draft_undo(context, drafted); !undone)
    co_return undone.error();
  if (in_force)
    drafted.draft.plan.rehearsal = plan::rehearse(in_force->settings, drafted.draft, in_force->draft);
  co_return std::move(drafted);
}

}  // namespace dirsync::engine
