#include "tests/support/fakes/memory_journal.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"

namespace dirsync::fake {

Result<std::optional<ReadCounts>> MemoryJournal::last_counts(std::string const& directory) {
  if (auto const ok = step("last_counts"); !ok) return ok.error();
  auto const found = accepted_.find(directory);
  if (found == accepted_.end()) return std::nullopt;
  return found->second.counts;
}

Result<void> MemoryJournal::accept_read(RunId, Snapshot const& snapshot) {
  if (auto const ok = step("accept_read"); !ok) return ok.error();
  Accepted now{
      {static_cast<std::int64_t>(snapshot.groups().size()),
       static_cast<std::int64_t>(snapshot.people().size()), static_cast<std::int64_t>(snapshot.value_count()),
       snapshot.certificate().deciding_attributes, snapshot.certificate().ignored_referrals},
      {}};
  for (auto const& person : snapshot.people())
    now.entries.push_back({person.id, std::string{person.normalized_dn}, false});
  for (auto const& group : snapshot.groups())
    now.entries.push_back({group.id, std::string{group.normalized_dn}, true});
  accepted_[snapshot.directory()] = std::move(now);
  auto const& numbers = snapshot.certificate().change_numbers;
  change_numbers_[{snapshot.directory(), numbers.source}] = numbers;
  if (!numbers.source.empty()) last_sources_[snapshot.directory()] = numbers.source;
  for (auto& [digest, plan] : plans_)
    if (plan.directory == snapshot.directory() && is_open(plan.state))
      plan.state = plan.state == State::approved ? State::applied : State::superseded;
  return {};
}

Result<ChangeNumbers> MemoryJournal::last_change_numbers(std::string const& directory,
                                                         std::string const& source) {
  if (auto const ok = step("last_change_numbers"); !ok) return ok.error();
  auto const found = change_numbers_.find({directory, source});
  return found == change_numbers_.end() ? ChangeNumbers{source, {}} : found->second;
}

Result<std::string> MemoryJournal::last_source(std::string const& directory) {
  if (auto const ok = step("last_source"); !ok) return ok.error();
  auto const found = last_sources_.find(directory);
  return found == last_sources_.end() ? std::string{} : found->second;
}

Result<std::vector<KnownEntry>> MemoryJournal::known_by_dn(std::string const& directory,
                                                           std::span<std::string_view const> normalized) {
  if (auto const ok = step("known_by_dn"); !ok) return ok.error();
  std::vector<KnownEntry> known;
  auto const read = accepted_.find(directory);
  if (read == accepted_.end()) return known;
  for (auto const& entry : read->second.entries)
    if (std::ranges::find(normalized, entry.dn) != normalized.end()) known.push_back(entry);
  return known;
}

Result<std::vector<std::string>> MemoryJournal::known_directories() {
  if (auto const ok = step("known_directories"); !ok) return ok.error();
  std::vector<std::string> names;
  for (auto const& [name, read] : accepted_) names.push_back(name);
  return names;
}

Result<std::vector<KnownEntry>> MemoryJournal::known_by_id(std::string const& directory,
                                                           std::span<EntryId const> ids) {
  if (auto const ok = step("known_by_id"); !ok) return ok.error();
  std::vector<KnownEntry> known;
  auto const read = accepted_.find(directory);
  if (read == accepted_.end()) return known;
  for (auto const& entry : read->second.entries)
    if (std::ranges::find(ids, entry.id) != ids.end()) known.push_back(entry);
  return known;
}

Result<std::vector<KnownEntry>> MemoryJournal::known_right_below(std::string const& directory,
                                                                 std::string_view container,
                                                                 std::size_t most) {
  if (auto const ok = step("known_right_below"); !ok) return ok.error();
  std::vector<KnownEntry> known;
  auto const read = accepted_.find(directory);
  if (read == accepted_.end()) return known;
  for (auto const& entry : read->second.entries)
    if (known.size() < most && parent_of(entry.dn) == container) known.push_back(entry);
  return known;
}

Result<std::optional<RuleMemory>> MemoryJournal::rule_memory(std::string const& rule) {
  if (auto const ok = step("rule_memory"); !ok) return ok.error();
  auto const found = rules_.find(rule);
  if (found == rules_.end()) return std::nullopt;
  return found->second;
}

Result<void> MemoryJournal::remember_rule(std::string const& rule, RuleMemory const& memory) {
  if (auto const ok = step("remember_rule"); !ok) return ok.error();
  rules_[rule] = memory;
  return {};
}

Result<std::vector<AbsenceCount>> MemoryJournal::absences(std::string const& directory) {
  if (auto const ok = step("absences"); !ok) return ok.error();
  return absences_[directory];
}

Result<void> MemoryJournal::replace_absences(std::string const& directory,
                                             std::span<AbsenceCount const> counts) {
  if (auto const ok = step("replace_absences"); !ok) return ok.error();
  absences_[directory].assign(counts.begin(), counts.end());
  std::ranges::sort(absences_[directory], {}, &AbsenceCount::key);
  return {};
}

Result<std::optional<std::vector<KeptUnresolved>>> MemoryJournal::unresolved(std::string const& directory) {
  if (auto const ok = step("unresolved"); !ok) return ok.error();
  auto const found = unresolved_.find(directory);
  if (found == unresolved_.end()) return std::nullopt;
  return found->second;
}

Result<void> MemoryJournal::keep_unresolved(std::string const& directory,
                                            std::span<KeptUnresolved const> values) {
  if (auto const ok = step("keep_unresolved"); !ok) return ok.error();
  if (!accepted_.contains(directory)) return {};
  auto& kept = unresolved_[directory];
  kept.assign(values.begin(), values.end());
  std::ranges::sort(kept, {}, [](auto const& one) {
    return std::tuple{one.group.value(), one.runs, one.counted};
  });
  return {};
}

Result<ExcludedGroups> MemoryJournal::excludes(std::string const& rule) {
  if (auto const ok = step("excludes"); !ok) return ok.error();
  return excluded_[rule];
}

Result<void> MemoryJournal::keep_excludes(std::string const& rule, ExcludedGroups const& groups) {
  if (auto const ok = step("keep_excludes"); !ok) return ok.error();
  excluded_[rule] = groups;
  return {};
}

Result<FeedCookies> MemoryJournal::feed_cookies() {
  if (auto const ok = step("feed_cookies"); !ok) return ok.error();
  return feed_cookies_;
}

}  // namespace dirsync::fake
