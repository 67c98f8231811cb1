#include "sync/plan/judge/frozen.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <tuple>

#include "sync/model/counted.hpp"

namespace dirsync::plan {
namespace {

/// Holds of nothing but removals.
constexpr std::array<std::string_view, 2> kOfRemovals{"rule-gone", "nested-group-gone"};

bool is_of_leaver(Cause cause) { return cause == Cause::gone || cause == Cause::disabled; }

template <class Of>
auto group_of(Of const& of) {
  // A group that is to be created has a name alone.
  return std::tuple{std::string_view{of.target}, std::string_view{of.group_id},
                    of.group_id.empty() ? std::string_view{of.group} : std::string_view{}};
}

void take_out(GroupFigures& figures, Change const& change, Cause cause, bool ours) {
  if (change.verb == Verb::add) --figures.additions;
  if (change.verb != Verb::remove) return;
  --figures.removals;
  figures.leavers -= is_of_leaver(cause);
  figures.ours_removed -= ours;
}

struct Kept {
  std::uint64_t changes = 0, leavers = 0;
};

Kept kept_back_by(Freeze const& freeze, std::string_view target, Draft const& draft,
                  std::span<Freeze const> freezes) {
  Kept kept;
  for (std::size_t at = 0; at < draft.plan.changes.size(); ++at) {
    auto const& change = draft.plan.changes[at];
    if (!change.frozen || change.target != target || freeze_of(freezes, change) != &freeze) continue;
    ++kept.changes;
    kept.leavers += change.verb == Verb::remove && is_of_leaver(draft.causes[at]);
  }
  return kept;
}

std::string words_of(Freeze const& freeze, Kept const& kept) {
  auto words = text(freeze) + "; ";
  if (kept.changes == 0) return words + "nothing waits for it to end";
  words += number_of(kept.changes, "change waits", "changes wait") + " for `dirsyncd " +
           thaw_command({&freeze, 1}) + "`, or for its end";
  if (kept.leavers > 0)
    words += ". " + number_of(kept.leavers, "is the removal", "are removals") +
             " of people who are gone or disabled: they keep their access until then";
  return words;
}

}  // namespace

void freeze_changes(Draft& draft, std::span<Freeze const> freezes) {
  if (freezes.empty()) return;
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, GroupFigures*> figures;
  for (auto& group : draft.groups) figures.emplace(group_of(group), &group);
  for (std::size_t at = 0; at < draft.plan.changes.size(); ++at) {
    auto& change = draft.plan.changes[at];
    if (!is_to_send(change) || freeze_of(freezes, change) == nullptr) continue;
    change.frozen = true;
    if (auto const group = figures.find(group_of(change)); group != figures.end())
      take_out(*group->second, change, draft.causes[at], draft.ours[at]);
  }
  std::erase_if(draft.holds, [freezes](Reason const& hold) {
    return std::ranges::find(kOfRemovals, hold.code) != kOfRemovals.end() &&
           std::ranges::any_of(freezes,
                               [&hold](Freeze const& freeze) { return covers(freeze, hold.target); });
  });
}

std::vector<Reason> reasons_of_freezes(Draft const& draft, std::span<Freeze const> freezes) {
  std::vector<Reason> reasons;
  for (auto const& freeze : freezes)
    for (auto const& [name, target] : draft.plan.targets) {
      if (!covers(freeze, name)) continue;
      auto const kept = kept_back_by(freeze, name, draft, freezes);
      reasons.push_back({.code = "frozen",
                         .text = words_of(freeze, kept),
                         .target = name,
                         .rule = "",
                         .group = "",
                         .count = static_cast<std::int64_t>(kept.changes),
                         .allowed = std::nullopt,
                         .holds = false});
    }
  return reasons;
}

}  // namespace dirsync::plan
