#include "daemon/cli/plan_counts.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "daemon/cli/short_text.hpp"
#include "sync/model/join.hpp"

namespace dirsync::cli {
namespace {

struct Words {
  Verb verb;
  bool of_groups;
  std::string_view planned, done;
};

/// In the order in which they are told.
constexpr Words kWords[] = {
    {Verb::add, false, "to add", "added"},
    {Verb::remove, false, "to remove", "removed"},
    {Verb::create_group, true, "to create", "created"},
    {Verb::rename_group, true, "to rename", "renamed"},
    {Verb::delete_group, true, "to delete", "deleted"},
    {Verb::update_group, true, "to update", "updated"},
    {Verb::adopt, false, "to take over", "taken over"},
};

std::string in_words(std::map<Verb, std::uint64_t> const& counts, std::string_view Words::*said) {
  std::vector<std::string> parts;
  for (auto const& words : kWords) {
    auto const found = counts.find(words.verb);
    if (found == counts.end() || found->second == 0) continue;
    auto const number = words.of_groups ? counted(found->second, "group", "groups") : grouped(found->second);
    parts.push_back(number + " " + std::string{words.*said});
  }
  return join(parts, ", ");
}

}  // namespace

void PlanCounts::count(Change const& change) {
  blocked += change.blocked ? 1U : 0U;
  unconfirmed += change.unconfirmed && !change.blocked ? 1U : 0U;
  frozen += change.frozen ? 1U : 0U;
  if (!is_to_send(change)) return;
  ++to_send[change.verb];
  leavers += change.part == Part::leavers ? 1U : 0U;
}

PlanCounts counts_of(std::span<Change const> changes) {
  PlanCounts counts;
  for (auto const& change : changes) counts.count(change);
  return counts;
}

bool waits_for_a_person(Plan const& plan) {
  auto const waits = [](Change const& change) { return is_to_send(change) && change.part == Part::rest; };
  return plan.held && !plan.approved && std::ranges::any_of(plan.changes, waits);
}

std::string planned_words(std::map<Verb, std::uint64_t> const& counts) {
  return in_words(counts, &Words::planned);
}
std::string done_words(std::map<Verb, std::uint64_t> const& counts) { return in_words(counts, &Words::done); }

std::string words_of(PlanCounts const& counts) {
  std::vector<std::string> parts;
  if (auto changes = planned_words(counts.to_send); !changes.empty()) parts.push_back(std::move(changes));
  if (counts.frozen > 0) parts.push_back(grouped(counts.frozen) + " frozen");
  if (counts.blocked > 0) parts.push_back(grouped(counts.blocked) + " blocked");
  if (counts.unconfirmed > 0)
    parts.push_back(counted(counts.unconfirmed, "waits", "wait") + " for confirmation");
  return join(parts, "; ");
}

}  // namespace dirsync::cli
