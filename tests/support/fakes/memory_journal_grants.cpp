#include "tests/support/fakes/memory_journal.hpp"

#include <algorithm>
#include <array>

#include "sync/model/joined_id.hpp"
#include "sync/model/text.hpp"

namespace dirsync::fake {
namespace {

/// What any grant that is the same as this one shares at least one of.
std::array<std::string, 2> marks_of(std::string const& target, Grant const& grant) {
  auto const where = target + '\n' + grant.group_id + '\n';
  return {where + "id " + grant.principal_id, where + "name " + fold_case(grant.principal)};
}

void note_made_user(Managed& managed, Change const& change) {
  auto& made = managed.made_users;
  std::erase_if(made, [&change](MadeUser const& one) { return one.id == change.principal_id; });
  made.push_back({change.principal_id, change.principal});
  std::ranges::sort(made);
}

}  // namespace

void MemoryJournal::take_effect(Settled const& settled) {
  if (!is_success(settled.outcome)) return;
  auto const& change = settled.change;
  auto const grant = grant_of(change);
  auto& managed = managed_[change.target];
  switch (change.verb) {
    case Verb::add:
      if (change.made_by_us) note_made_user(managed, change);
      return put_grant(change.target, grant);
    case Verb::remove:
      return drop_grant(change.target, grant);
    case Verb::create_group: {
      if (change.rule.empty()) return;
      ManagedGroup group{change.group_id, change.group, change.rule, settled.outcome == Outcome::done, {}};
      if (!change.id.value().empty()) group.sources = parts_of(change.id);
      return put_group(change.target, group);
    }
    case Verb::delete_group:
      std::erase_if(managed.grants, [&change](auto const& one) { return one.group_id == change.group_id; });
      std::erase_if(managed.groups, [&change](auto const& one) { return one.group_id == change.group_id; });
      return;
    case Verb::rename_group:
      if (change.rule.empty() || change.new_name.empty()) return;
      for (auto& one : managed.groups)
        if (one.group_id == change.group_id) one.group = change.new_name;
      for (auto& one : managed.grants)
        if (one.group_id == change.group_id) one.group = change.new_name;
      return;
    case Verb::update_group:
    case Verb::adopt:
      return;
  }
}

void MemoryJournal::drop_grant(std::string const& target, Grant const& grant) {
  std::erase_if(managed_[target].grants, [&grant](auto const& kept) { return same_membership(kept, grant); });
}

void MemoryJournal::put_grant(std::string const& target, Grant const& grant) {
  // Nearly every grant is a new one; the others need not be looked at to know it.
  auto const marks = marks_of(target, grant);
  auto const known = [this](std::string const& mark) { return grant_marks_.contains(mark); };
  if (std::ranges::any_of(marks, known)) drop_grant(target, grant);
  grant_marks_.insert(marks.begin(), marks.end());
  managed_[target].grants.push_back(grant);
}

void MemoryJournal::put_group(std::string const& target, ManagedGroup const& group) {
  auto& groups = managed_[target].groups;
  auto const known = std::ranges::find(groups, group.group_id, &ManagedGroup::group_id);
  if (known == groups.end()) {
    groups.push_back(group);
    return;
  }
  auto const created = known->created_by_us || group.created_by_us;
  *known = group;
  known->created_by_us = created;
}

Result<Managed> MemoryJournal::managed(std::string const& target) {
  if (auto const ok = step("managed"); !ok) return ok.error();
  auto managed = managed_[target];
  std::ranges::sort(managed.grants, {}, [](auto const& one) {
    return std::tuple{one.group_id, one.principal, one.principal_id};
  });
  std::ranges::sort(managed.groups, {}, &ManagedGroup::group_id);
  return managed;
}

Result<std::map<std::string, Managed>> MemoryJournal::held_by(std::span<EntryId const> entries) {
  if (auto const ok = step("held_by"); !ok) return ok.error();
  std::map<std::string, Managed> held;
  for (auto const& [target, all] : managed_) {
    Managed of_target;
    for (auto const& grant : all.grants)
      if (std::ranges::find(entries, grant.id) != entries.end()) of_target.grants.push_back(grant);
    if (of_target.grants.empty()) continue;
    std::ranges::sort(of_target.grants, {}, [](auto const& one) {
      return std::tuple{one.group_id, one.principal, one.principal_id};
    });
    for (auto const& group : all.groups)
      if (std::ranges::find(of_target.grants, group.group_id, &Grant::group_id) != of_target.grants.end())
        of_target.groups.push_back(group);
    std::ranges::sort(of_target.groups, {}, &ManagedGroup::group_id);
    held.emplace(target, std::move(of_target));
  }
  return held;
}

Result<void> MemoryJournal::adopt(RunId run, std::string const& target, std::string const& actor,
                                  std::span<ManagedGroup const> groups, std::span<Grant const> grants) {
  if (auto const ok = step("adopt"); !ok) return ok.error();
  for (auto const& group : groups) {
    put_group(target, group);
    Grant whole;
    whole.group_id = group.group_id;
    whole.group = group.group;
    whole.rule = group.rule;
    add_row(found_row(run, target, actor, "adopt", whole, clock_->now()));
  }
  for (auto const& grant : grants) {
    put_grant(target, grant);
    note_found(run, target, "adopt", grant);
    add_row(found_row(run, target, actor, "adopt", grant, clock_->now()));
  }
  return {};
}

Result<void> MemoryJournal::claim(ClaimCause const& cause, ClaimsByTarget const& claims) {
  if (auto const ok = step("claim"); !ok) return ok.error();
  for (auto const& [target, of_target] : claims) {
    for (auto const& group : of_target.groups) {
      put_group(target, group);
      add_row(claim_row(cause, target, group, clock_->now()));
    }
    for (auto const& grant : of_target.grants) {
      put_grant(target, grant);
      add_row(claim_row(cause, target, grant, clock_->now()));
    }
    auto& made = managed_[target].made_users;
    for (auto const& user : of_target.made_users)
      if (std::ranges::find(made, user) == made.end()) made.push_back(user);
    for (auto const& grant : of_target.forgotten) {
      drop_grant(target, grant);
      add_row(claim_row(cause, target, grant, clock_->now(), "forget"));
    }
  }
  return {};
}

Result<void> MemoryJournal::forget(RunId run, std::string const& target, std::string const& actor,
                                   std::span<Grant const> grants) {
  if (auto const ok = step("forget"); !ok) return ok.error();
  for (auto const& grant : grants) {
    drop_grant(target, grant);
    note_found(run, target, "forget", grant);
    add_row(found_row(run, target, actor, "forget", grant, clock_->now()));
  }
  return {};
}

Result<void> MemoryJournal::update_groups(std::string const& target, std::span<ManagedGroup const> groups) {
  if (auto const ok = step("update_groups"); !ok) return ok.error();
  auto& managed = managed_[target];
  for (auto const& group : groups)
    if (std::ranges::find(managed.groups, group.group_id, &ManagedGroup::group_id) == managed.groups.end())
      return failure(boost::system::errc::invalid_argument, "no such group");
  for (auto const& group : groups) {
    auto& kept = *std::ranges::find(managed.groups, group.group_id, &ManagedGroup::group_id);
    auto const created = kept.created_by_us;
    kept = group;
    kept.created_by_us = created;
    for (auto& grant : managed.grants)
      if (grant.group_id == group.group_id) grant.group = group.group;
  }
  return {};
}

}  // namespace dirsync::fake
