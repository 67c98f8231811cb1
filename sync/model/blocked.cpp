#include "sync/model/blocked.hpp"

#include <algorithm>
#include <tuple>

namespace dirsync {
namespace {

std::string const& id_or(std::string const& id, std::string const& name) { return id.empty() ? name : id; }

auto identity_of(Change const& change) {
  // An id is never taken for a name of the same letters.
  return std::tuple{std::string_view{change.target},
                    change.group_id.empty(),
                    std::string_view{id_or(change.group_id, change.group)},
                    change.principal_id.empty(),
                    std::string_view{id_or(change.principal_id, change.principal)},
                    change.verb,
                    std::string_view{change.id.value()}};
}

bool comes_before(Blocked const& left, Blocked const& right) {
  auto const key = [](Change const& change) {
    return std::tuple{std::string_view{change.target}, std::string_view{change.group},
                      std::string_view{change.principal}};
  };
  auto const first = key(left.change), second = key(right.change);
  return first != second ? first < second : identity_of(left.change) < identity_of(right.change);
}

std::vector<Blocked> by_identity(std::span<Blocked const> list) {
  std::vector<Blocked> sorted(list.begin(), list.end());
  auto const identity = [](Blocked const& one) { return identity_of(one.change); };
  std::ranges::stable_sort(sorted, {}, identity);
  auto const rest = std::ranges::unique(sorted, {}, identity);
  sorted.erase(rest.begin(), rest.end());
  return sorted;
}

Change kept_of(Change change) {
  Change const fresh;
  change.n = fresh.n;
  change.phase = fresh.phase;
  change.matched = fresh.matched;
  change.changed_at.reset();
  change.domain.clear();
  change.roles.clear();
  change.new_user.reset();
  change.new_name.clear();
  change.unconfirmed = false;
  return change;
}

Blocked const* find_in(std::vector<Blocked> const& sorted, Change const& change) {
  auto const identity = [](Blocked const& one) { return identity_of(one.change); };
  auto const found = std::ranges::lower_bound(sorted, identity_of(change), {}, identity);
  return found != sorted.end() && same_blocked(found->change, change) ? &*found : nullptr;
}

}  // namespace

bool same_blocked(Change const& left, Change const& right) { return identity_of(left) == identity_of(right); }

BlockedUpdate update_blocked(RunId run, PlanDigest const& plan, std::string const& actor,
                             std::span<Blocked const> before, std::span<Blocked const> now, Time time) {
  BlockedUpdate update;
  auto const tell = [&](Blocked const& one, char const* result) {
    Settled const unsent{one.change, Outcome::skipped, one.reason};
    auto row = change_row(run, plan, actor, unsent, "change", time);
    row.result = result;
    update.rows.push_back(std::move(row));
  };
  auto const known = by_identity(before);
  auto const blocked = by_identity(now);
  for (auto one : blocked) {
    auto const* const same = find_in(known, one.change);
    if (same != nullptr)
      one.since = same->since;
    else if (one.since == Time{})
      one.since = time;
    if (same == nullptr || same->code != one.code || same->reason != one.reason) tell(one, kBlocked);
    one.change = kept_of(std::move(one.change));
    update.list.push_back(std::move(one));
  }
  for (auto const& one : known)
    if (find_in(blocked, one.change) == nullptr) tell(one, kUnblocked);
  std::ranges::sort(update.list, comes_before);
  return update;
}

}  // namespace dirsync
