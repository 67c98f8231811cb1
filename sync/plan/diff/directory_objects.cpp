#include "sync/plan/diff/directory_objects.hpp"

#include <algorithm>

#include "sync/plan/diff/directory_member.hpp"
#include "sync/plan/diff/granted.hpp"
#include "sync/plan/diff/object_dns.hpp"

namespace dirsync::plan {
namespace {

using Kind = DnFinding::Kind;

/// A Directory group that moved.
struct Moved {
  TargetGroup const& old;
  DnFinding const& finding;
};

std::string text_of_moved(std::string const& dn, DnFinding const& finding) {
  return "the target has it at " + dn + ", but directory " + finding.view->name + " has that entry at " +
         std::string{finding.entry->dn} + " now";
}

std::string text_of_gone(std::string const& dn, DnFinding const& finding) {
  return "directory " + finding.view->name + " shows no entry with the DN " + dn +
         " any more, nor the one that had it. Memberships end by the rules alone, as for any leaver; the "
         "object itself stays: let the Vault synchronise its external objects, or delete it there if nobody "
         "needs it";
}

Grant const* grant_of(Context const& context, TargetGroup const& group, OtherMember const& member) {
  auto const grants = context.index.grants(group.id);
  auto const found = std::ranges::find_if(grants, [&context, &group, &member](Grant const* grant) {
    auto const granted = granted_member(context, group, *grant);
    return granted.holds && granted.nested == &member;
  });
  return found == grants.end() ? nullptr : *found;
}

void put_successor(Context const& context, WritableGroup const& group, Moved const& moved,
                   std::string const& rule, std::string const& why, GroupDraft& draft) {
  auto change = group_addition(context, group, *moved.finding.view, *moved.finding.entry, rule);
  if (!change) {
    draft.notices.push_back(change.error());
    return;
  }
  change->why = why;
  draft.changes.push_back({.change = *std::move(change)});
}

void take_out_old(Context const& context, WritableGroup const& group, OtherMember const& member,
                  Moved const& moved, std::string const& rule, std::string const& why, GroupDraft& draft) {
  auto const writable = context.hands_off.group_to_remove(group, member);
  if (!writable) {
    draft.notices.push_back(writable.error());
    return;
  }
  Drafted drafted;
  drafted.cause = Cause::replaced;
  drafted.directory = moved.finding.view->name;
  drafted.ours = !rule.empty();
  auto& change = drafted.change;
  change = member_change(context, Verb::remove, *writable, rule);
  drafted.absence_key = membership_key(context.target.name, group.id(), change.principal_id);
  change.dn = moved.old.dn;
  change.id = moved.finding.id;
  change.path = std::string{moved.finding.entry->dn};
  change.why = why + "; the group at its new DN is in its place";
  draft.changes.push_back(std::move(drafted));
}

GroupDraft replace_in(Context const& context, TargetGroup const& have, OtherMember const& member,
                      Moved const& moved) {
  auto const group = context.hands_off.group(have);
  if (!group) {
    GroupDraft draft;
    draft.notices.push_back({.code = "protected",
                             .group = have.name,
                             .principal = moved.old.name,
                             .text = "keeps Directory group " + moved.old.name +
                                     " at its old DN; it is protected: " + have.protected_because});
    return draft;
  }
  auto const* const granted = grant_of(context, have, member);
  // A membership that no rule asked for does not become one's by moving.
  auto const rule = granted == nullptr ? std::string{} : granted->rule;
  auto const why = "its LDAP group moved from " + moved.old.dn + "; stale_directory_groups = \"replace\"" +
                   (rule.empty() ? ", dirsyncd did not put it there" : "");
  auto draft = draft_of(context, *group, "");
  auto const is_there = std::ranges::any_of(have.others, [&context, &moved](OtherMember const& other) {
    return stands_for(context.index, other, moved.finding.entry->normalized_dn);
  });
  if (is_there)
    take_out_old(context, *group, member, moved, rule, why, draft);
  else
    put_successor(context, *group, moved, rule, why, draft);
  return draft;
}

std::vector<GroupDraft> replace(Context const& context, Moved const& moved) {
  std::vector<GroupDraft> drafts;
  for (auto const& have : context.target.observed->groups) {
    if (have.directory_group) continue;  // LDAP itself decides what is in it
    auto const member = std::ranges::find_if(have.others, [&context, &moved](OtherMember const& other) {
      return context.index.group_of(other) == &moved.old;
    });
    if (member != have.others.end()) drafts.push_back(replace_in(context, have, *member, moved));
  }
  return drafts;
}

/// Whether the memberships of a group that moved go to its successor.
bool replaces(Context const& context, DnFinding const& finding) {
  // A server that lags behind may show where an entry was before.
  return context.target.replace_stale_groups && finding.is_group &&
         !context.book.facts().other_server.contains(finding.view->name);
}

std::optional<Notice> notice_of_group(Context const& context, TargetGroup const& group,
                                      DnFinding const& finding) {
  if (finding.kind == Kind::gone)
    return Notice{
        .code = "gone-dn", .group = group.name, .principal = "", .text = text_of_gone(group.dn, finding)};
  if (finding.kind != Kind::moved) return std::nullopt;
  auto const is_replaced = context.target.replace_stale_groups && finding.is_group;
  return Notice{.code = "stale-dn",
                .group = group.name,
                .principal = "",
                .text = text_of_moved(group.dn, finding) +
                        (is_replaced ? "; the group at its new DN takes its place"
                                     : "; let the Vault synchronise its external objects")};
}

std::optional<Notice> notice_of_user(TargetUser const& user, DnFinding const& finding) {
  if (finding.kind == Kind::gone)
    return Notice{
        .code = "gone-dn", .group = "", .principal = user.name, .text = text_of_gone(user.dn, finding)};
  if (finding.kind != Kind::moved) return std::nullopt;
  return Notice{.code = "stale-dn",
                .group = "",
                .principal = user.name,
                .text = text_of_moved(user.dn, finding) + "; let the Vault synchronise its external objects"};
}

std::optional<Notice> summary(std::map<Kind, std::size_t> counts) {
  if (counts[Kind::moved] + counts[Kind::gone] == 0) return std::nullopt;
  auto const count = [&counts](Kind kind) { return std::to_string(counts[kind]); };
  return Notice{.code = "dn-check",
                .group = "",
                .principal = "",
                .text = "DNs of Directory groups and LDAP users: " + count(Kind::ok) + " ok, " +
                        count(Kind::moved) + " moved, " + count(Kind::gone) + " gone, " +
                        count(Kind::unread) + " not read here, " + count(Kind::foreign) +
                        " of no configured directory"};
}

}  // namespace

std::vector<GroupDraft> directory_objects(Context const& context) {
  std::vector<GroupDraft> drafts;
  if (!context.target.traits.matches_by_dn) return drafts;
  ObjectDns const dns{context.input, context.target, context.match.people, context.match.former};
  std::map<Kind, std::size_t> counts;
  GroupDraft told;
  auto const tell = [&told](std::optional<Notice> notice) {
    if (notice) told.notices.push_back(*std::move(notice));
  };
  for (auto const& group : context.target.observed->groups) {
    if (!group.directory_group || group.dn.empty()) continue;
    auto const finding = dns.find(group.dn, group_principal_id(group.id), context.book);
    ++counts[finding.kind];
    tell(notice_of_group(context, group, finding));
    if (finding.kind != Kind::moved || !replaces(context, finding)) continue;
    for (auto& draft : replace(context, {group, finding})) drafts.push_back(std::move(draft));
  }
  for (auto const& user : context.target.observed->users) {
    if (user.source != UserSource::directory || user.dn.empty()) continue;
    auto const finding = dns.find(user.dn, user.id, context.book);
    ++counts[finding.kind];
    tell(notice_of_user(user, finding));
  }
  tell(summary(std::move(counts)));
  drafts.push_back(std::move(told));
  return drafts;
}

}  // namespace dirsync::plan
