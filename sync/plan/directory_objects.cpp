// Directory groups and LDAP users of the target whose DN is no longer that of their entry.
#include "sync/plan/group_work.hpp"
#include "sync/plan/object_dns.hpp"

namespace dirsync::plan {

namespace {

std::string text_of_moved(std::string const& dn, DnFinding const& finding) {
  return "the target has it at " + dn + ", but directory " + finding.view->name + " has that entry at " +
         std::string{finding.entry->dn} + " now";
}

std::string text_of_gone(std::string const& dn, DnFinding const& finding) {
  return "directory " + finding.view->name + " shows no entry with the DN " + dn +
         " any more, nor the one that had it; nothing is done because of it, look whether it is needed";
}

}  // namespace

/// Only reported, but for groups that are to be replaced: no membership ends because an entry is gone.
void TargetPlanner::check_directory_objects() {
  if (!target_.traits.matches_by_dn) return;
  using Kind = DnFinding::Kind;
  ObjectDns const dns{input_, target_};
  std::map<Kind, std::size_t> counts;
  for (auto const& group : target_.observed->groups) {
    if (!group.directory_group || group.dn.empty()) continue;
    auto const finding = dns.find(group.dn, group_principal_id(group.id), questions, absent);
    ++counts[finding.kind];
    check_group(group, finding);
  }
  for (auto const& user : target_.observed->users) {
    if (user.source != UserSource::directory || user.dn.empty()) continue;
    auto const finding = dns.find(user.dn, user.id, questions, absent);
    ++counts[finding.kind];
    if (finding.kind == Kind::moved)
      notice("stale-dn", "", user.name,
             text_of_moved(user.dn, finding) + "; let the Vault synchronise its external objects");
    if (finding.kind == Kind::gone) notice("gone-dn", "", user.name, text_of_gone(user.dn, finding));
  }
  if (counts[Kind::moved] + counts[Kind::gone] == 0) return;
  auto const count = [&counts](Kind kind) { return std::to_string(counts[kind]); };
  notice("dn-check", "", "",
         "DNs of Directory groups and LDAP users: " + count(Kind::ok) + " ok, " + count(Kind::moved) +
             " moved, " + count(Kind::gone) + " gone, " + count(Kind::unread) + " not read here, " +
             count(Kind::foreign) + " of no configured directory");
}

void TargetPlanner::check_group(TargetGroup const& group, DnFinding const& finding) {
  if (finding.kind == DnFinding::Kind::gone)
    notice("gone-dn", group.name, "", text_of_gone(group.dn, finding));
  if (finding.kind != DnFinding::Kind::moved) return;
  auto const replaces = target_.replace_stale_groups && finding.is_group;
  notice("stale-dn", group.name, "",
         text_of_moved(group.dn, finding) + (replaces ? "; the group at its new DN takes its place"
                                                      : "; let the Vault synchronise its external objects"));
  // One that lags behind may show where an entry was before.
  if (replaces && !input_.facts.other_server.contains(finding.view->name)) replace_moved(group, finding);
}

void TargetPlanner::replace_moved(TargetGroup const& old, DnFinding const& finding) {
  for (auto const& have : target_.observed->groups) {
    if (have.directory_group) continue;  // LDAP itself decides what is in it
    auto const member = std::ranges::find_if(
        have.others, [this, &old](OtherMember const& other) { return group_of(other) == &old; });
    if (member == have.others.end()) continue;
    if (have.protected_because.empty())
      replace_in(have, *member, old, finding);
    else
      notice(
          "protected", have.name, old.name,
          "keeps Directory group " + old.name + " at its old DN; it is protected: " + have.protected_because);
  }
}

/// First the successor; the old one goes in a run whose read shows the successor in the group.
void TargetPlanner::replace_in(TargetGroup const& have, OtherMember const& member, TargetGroup const& old,
                               DnFinding const& finding) {
  auto const& entry = *finding.entry;
  Grant const* granted = nullptr;
  if (auto const grants = grants_by_group_.find(have.id); grants != grants_by_group_.end())
    for (auto const* grant : grants->second)
      if (granted_member(have, *grant) == &member) granted = grant;
  // A membership that no rule asked for does not become one's by moving.
  auto const rule = granted == nullptr ? std::string{} : granted->rule;
  auto const why = std::string{"its LDAP group moved from "} + old.dn +
                   "; stale_directory_groups = \"replace\"" +
                   (rule.empty() ? ", dirsyncd did not put it there" : "");
  auto const is_there = std::ranges::any_of(have.others, [this, &entry](OtherMember const& other) {
    return stands_for(other, entry.normalized_dn);
  });
  if (!is_there) {
    // A rule with as = "group" may have asked for it already.
    if (std::ranges::any_of(changes, [&have, &entry](Drafted const& one) {
          return one.change.verb == Verb::add && one.change.group_id == have.id && one.change.id == entry.id;
        }))
      return;
    auto change = nesting(have, *finding.view, entry, rule);
    if (!change) return;
    change->why = why;
    changes.push_back({*std::move(change), Cause::none});
    ++figures_of(have).additions;
    return;
  }
  if (!addressable(have.name, member.name) || !named_once(have.name, old)) return;
  Drafted drafted{unnesting(have, member, old.dn, finding.id), Cause::replaced};
  drafted.directory = finding.view->name;
  drafted.absence_key = membership_key(target_.name, have.id, drafted.change.principal_id);
  drafted.ours = !rule.empty();
  drafted.change.rule = rule;
  drafted.change.path = std::string{entry.dn};
  drafted.change.why = why + "; the group at its new DN is in its place";
  figures_of(have);
  changes.push_back(std::move(drafted));
}

/// Those of a group that no rule feeds are made.
GroupFigures& TargetPlanner::figures_of(TargetGroup const& have) {
  auto const found = std::ranges::find(groups, have.id, &GroupFigures::group_id);
  if (found != groups.end()) return *found;
  return groups.emplace_back(GroupFigures{target_.name, have.name, have.id, ""});
}

}  // namespace dirsync::plan
