// Directory groups and LDAP users of the target whose DN is no longer that of their entry.
#include "sync/plan/diff/group_work.hpp"
#include "sync/plan/diff/object_dns.hpp"

namespace dirsync::plan {

namespace {

std::string text_of_moved(std::string const& dn, DnFinding const& finding) {
  return "the target has it at " + dn + ", but directory " + finding.view->name + " has that entry at " +
         std::string{finding.entry->dn} + " now";
}

std::string text_of_gone(std::string const& dn, DnFinding const& finding) {
  return "directory " + finding.view->name + " shows no entry with the DN " + dn +
         " any more, nor the one that had it. Memberships end by the rules alone, as for any leaver; the "
         "object itself "
         "stays: let the Vault synchronise its external objects, or delete it there if nobody needs it";
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

/// One membership of a Directory group that moved.
struct TargetPlanner::Replacement {
  TargetGroup const& have;
  OtherMember const& member;
  TargetGroup const& old;
  DnFinding const& finding;
  std::string rule;  // a membership that no rule asked for does not become one's by moving
  std::string why;
};

/// First the successor; the old one goes in a run whose read shows the successor in the group.
void TargetPlanner::replace_in(TargetGroup const& have, OtherMember const& member, TargetGroup const& old,
                               DnFinding const& finding) {
  auto const* const granted = grant_of(have, member);
  auto const rule = granted == nullptr ? std::string{} : granted->rule;
  auto const why = "its LDAP group moved from " + old.dn + "; stale_directory_groups = \"replace\"" +
                   (rule.empty() ? ", dirsyncd did not put it there" : "");
  Replacement const one{have, member, old, finding, rule, why};
  auto const is_there = std::ranges::any_of(have.others, [this, &finding](OtherMember const& other) {
    return stands_for(other, finding.entry->normalized_dn);
  });
  if (is_there)
    take_out_old(one);
  else
    put_successor(one);
}

Grant const* TargetPlanner::grant_of(TargetGroup const& have, OtherMember const& member) const {
  auto const grants = grants_by_group_.find(have.id);
  if (grants == grants_by_group_.end()) return nullptr;
  auto const found = std::ranges::find_if(grants->second, [this, &have, &member](Grant const* grant) {
    return granted_member(have, *grant) == &member;
  });
  return found == grants->second.end() ? nullptr : *found;
}

void TargetPlanner::put_successor(Replacement const& one) {
  auto const& entry = *one.finding.entry;
  // A rule with as = "group" may have asked for it already.
  auto const is_planned = [&one, &entry](Drafted const& other) {
    auto const& change = other.change;
    return change.verb == Verb::add && change.group_id == one.have.id && change.id == entry.id;
  };
  if (std::ranges::any_of(changes, is_planned)) return;
  auto change = nesting(one.have, *one.finding.view, entry, one.rule);
  if (!change) return;
  change->why = one.why;
  changes.push_back({*std::move(change), Cause::none});
  ++figures_of(one.have).additions;
}

void TargetPlanner::take_out_old(Replacement const& one) {
  auto const& have = one.have;
  if (!addressable(have.name, one.member.name) || !named_once(have.name, one.old.name)) return;
  Drafted drafted{unnesting(have, one.member, one.old.dn, one.finding.id), Cause::replaced};
  drafted.directory = one.finding.view->name;
  drafted.absence_key = membership_key(target_.name, have.id, drafted.change.principal_id);
  drafted.ours = !one.rule.empty();
  drafted.change.rule = one.rule;
  drafted.change.path = std::string{one.finding.entry->dn};
  drafted.change.why = one.why + "; the group at its new DN is in its place";
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
