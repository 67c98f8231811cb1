#include "daemon/cli/recovery/audit_replay.hpp"

#include <algorithm>

#include "sync/model/joined_id.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

bool is_effective(AuditRow const& row) {
  return (row.phase == "change" || row.phase == "recovered") &&
         (row.result == to_text(Outcome::done) || row.result == to_text(Outcome::already));
}

Grant grant_in(AuditRow const& row) {
  Grant grant;
  grant.group = row.group;
  grant.principal = row.principal;
  grant.id = EntryId{row.id};
  grant.dn = row.dn;
  grant.rule = row.rule;
  return grant;
}

void add_sources(ManagedGroup& group, std::string const& id) {
  if (id.empty()) return;
  for (auto const& part : parts_of(EntryId{id}))
    if (std::ranges::find(group.sources, part) == group.sources.end()) group.sources.push_back(part);
  std::ranges::sort(group.sources);
}

}  // namespace

/// A name that nobody knows may be the one that a renamed group got: its row does not tell.
AuditReplay::Group& AuditReplay::group_of(AuditRow const& row) {
  Name const name{row.target, row.group};
  if (auto const known = groups_.find(name); known != groups_.end()) return known->second;
  auto& group = groups_[name];
  auto const renamed = renamed_.find({row.target, row.rule});
  if (renamed != renamed_.end() && renamed->second.size() == 1) {
    group = std::move(renamed->second.front());
    renamed_.erase(renamed);
    group.is_renamed = false;
  }
  group.group.group = row.group;
  if (group.group.rule.empty()) group.group.rule = row.rule;
  return group;
}

void AuditReplay::create(AuditRow const& row) {
  if (row.rule.empty()) return;  // a person's own group
  auto& group = groups_[{row.target, row.group}];
  group.group.group = row.group;
  group.group.rule = row.rule;
  group.group.created_by_us = group.group.created_by_us || row.result == to_text(Outcome::done);
  add_sources(group.group, row.id);
}

void AuditReplay::rename(AuditRow const& row) {
  auto const found = groups_.find({row.target, row.group});
  if (found == groups_.end()) return;
  auto group = std::move(found->second);
  groups_.erase(found);
  group.is_renamed = true;
  add_sources(group.group, row.id);
  auto const rule = group.group.rule;
  renamed_[{row.target, rule}].push_back(std::move(group));
}

void AuditReplay::take(AuditRow const& row) {
  if (!is_effective(row)) return;
  auto const folded = fold_case(row.principal);
  if (row.verb == to_text(Verb::create_group)) {
    create(row);
  } else if (row.verb == to_text(Verb::rename_group)) {
    rename(row);
  } else if (row.verb == to_text(Verb::delete_group)) {
    groups_.erase({row.target, row.group});
  } else if (row.verb == to_text(Verb::adopt) && row.principal.empty()) {
    group_of(row).group.rule = row.rule;
  } else if (row.verb == to_text(Verb::add) || row.verb == to_text(Verb::adopt)) {
    auto& group = group_of(row);
    group.grants.insert_or_assign(folded, grant_in(row));
    group.ended.erase(folded);
  } else if (row.verb == to_text(Verb::remove) || row.verb == "forget") {
    auto const found = groups_.find({row.target, row.group});
    if (found == groups_.end()) return;
    found->second.grants.erase(folded);
    found->second.ended.insert_or_assign(folded, grant_in(row));
  }
}

plan::RememberedByTarget AuditReplay::remembered() const {
  plan::RememberedByTarget all;
  auto const note = [&all](std::string const& target, Group const& group) {
    plan::RememberedGroup remembered{.group = group.group, .is_renamed = group.is_renamed, .grants = {}};
    for (auto const& [name, grant] : group.grants) remembered.grants.push_back(grant);
    for (auto const& [name, grant] : group.ended) remembered.ended.push_back(grant);
    all[target].groups.push_back(std::move(remembered));
  };
  for (auto const& [name, group] : groups_) note(name.first, group);
  for (auto const& [rule, groups] : renamed_)
    for (auto const& group : groups) note(rule.first, group);
  return all;
}

}  // namespace dirsync::cli
