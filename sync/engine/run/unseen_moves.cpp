#include "sync/engine/run/unseen_moves.hpp"

#include <algorithm>

#include "sync/plan/absence_key.hpp"

namespace dirsync::engine {
namespace {

std::vector<std::string> unread_targets_of(Setup const& setup, Reads const& reads,
                                           std::string const& directory) {
  std::vector<std::string> unread;
  for (auto const& target : setup.targets) {
    auto const feeds_it = [&target, &directory](Rule const& rule) {
      return rule.target == target.name &&
             (rule.directory == directory || rule.people_directory() == directory);
    };
    if (reads.refused.contains(target.name) && std::ranges::any_of(setup.rules, feeds_it))
      unread.push_back(target.name);
  }
  return unread;
}

/// Null: it is no longer read.
Entry const* entry_of(Snapshot const& snapshot, EntryId const& id) {
  if (auto const person = snapshot.person_by_id(id)) return &snapshot.people()[*person];
  if (auto const group = snapshot.group_by_id(id)) return &snapshot.groups()[*group];
  return nullptr;
}

}  // namespace

Result<std::vector<AbsenceCount>> unseen_moves(RunContext const& context, Reads const& reads,
                                               std::string const& directory) {
  std::vector<AbsenceCount> moves;
  auto const targets = unread_targets_of(context.setup, reads, directory);
  auto const read = reads.snapshots.find(directory);
  if (targets.empty() || read == reads.snapshots.end()) return moves;
  auto const& snapshot = read->second;
  std::vector<EntryId> ids;
  for (auto const entries : {snapshot.people(), snapshot.groups()})
    for (auto const& entry : entries) ids.push_back(entry.id);
  auto const known = context.setup.journal->known_by_id(directory, ids);
  if (!known) return known.error();
  for (auto const& before : *known) {
    auto const* const now = entry_of(snapshot, before.id);
    // Where somebody else has the DN already, that one is who a target means by it.
    if (now == nullptr || now->normalized_dn == before.dn || snapshot.has_dn(before.dn)) continue;
    for (auto const& target : targets)
      moves.push_back({plan::former_dn_key(target, before.id, before.dn).value(), 1, context.start.time});
  }
  return moves;
}

}  // namespace dirsync::engine
