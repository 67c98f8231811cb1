#include "sync/plan/diff/unwanted_groups.hpp"

#include <algorithm>

#include "sync/model/counted.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/diff/absence.hpp"
#include "sync/plan/diff/granted.hpp"
#include "sync/plan/diff/standstill.hpp"

namespace dirsync::plan {
namespace {

constexpr char kSourceGone[] = "the source group is gone; source_gone = \"empty\"";

UnreadEntry const* unread_source(Input const& input, EntryId const& source) {
  for (auto const& [name, view] : input.views)
    if (auto const* const entry = view.snapshot->unread_by_id(source)) return entry;
  return nullptr;
}

/// The directory that had the entry when it was last seen, where it is not configured any more; else empty.
std::string lost_directory(Context const& context, EntryId const& id) {
  auto const& seen = context.book.facts().last_seen_in;
  auto const found = seen.find(id);
  if (found == seen.end() || context.input.views.contains(found->second) ||
      context.input.unread_directories.contains(found->second))
    return {};
  return found->second;
}

/// Why a group keeps its members; empty when its source is confirmed gone.
std::string why_kept(Context const& context, ManagedGroup const& managed, Rule const* rule) {
  if (rule == nullptr) return "rule " + managed.rule + " is no longer configured";
  auto confirmed = !managed.sources.empty();
  for (auto const& source : managed.sources) {
    if (source_is_there(context.input, source))
      return "its source is still there, but rule " + rule->name + " no longer selects it under this name";
    if (auto const* const entry = unread_source(context.input, source))
      return "its source \"" + printable(entry->dn) + "\" is of class " + entry->object_class +
             " now, which is not read" +
             (entry->kind == UnreadEntry::Kind::group ? "; add the class to groups.classes" : " as a group");
    if (auto const directory = lost_directory(context, source); !directory.empty())
      return "its source group was last seen in directory " + directory +
             ", which is not configured any more, so that nobody can tell whether it is gone";
    confirmed = absence_of_group(context, rule->directory, source).confirmed && confirmed;
  }
  return confirmed ? "" : "its source group is no longer found; its absence is not confirmed yet";
}

Drafted orphaned_member(Context const& context, WritableMember const& member, Grant const& grant,
                        Rule const& rule) {
  Drafted drafted;
  drafted.cause = Cause::orphaned;
  drafted.directory = rule.directory;
  drafted.ours = true;
  auto& change = drafted.change;
  change = member_change(context, Verb::remove, member, rule.name);
  change.id = grant.id;
  change.dn = grant.dn;
  change.why = kSourceGone;
  return drafted;
}

void empty_group(Context const& context, WritableGroup const& group, Rule const& rule, GroupDraft& draft) {
  auto kept = group.read().users.size() + group.read().others.size();
  for (auto const* grant : context.index.grants(group.id())) {
    auto const granted = granted_member(context, group.read(), *grant);
    if (!granted.is_there()) continue;
    draft.figures.managed += granted.holds;
    auto const member = removable(context, group, *grant, granted);
    if (!member) {
      auto change = blocked_removal(context, *grant, member.error());
      change.id = grant->id;
      change.dn = grant->dn;
      change.why = kSourceGone;
      draft.changes.push_back({.change = std::move(change), .cause = Cause::orphaned});
      continue;
    }
    draft.changes.push_back(orphaned_member(context, *member, *grant, rule));
    --kept;
  }
  if (kept > 0)
    draft.notices.push_back({.code = "orphaned",
                             .group = group.name(),
                             .principal = "",
                             .text = group.name() + " keeps " +
                                     number_of(kept, "member who is", "members who are") +
                                     " not ours or protected; its source group is gone"});
}

GroupDraft unwanted_group(Context const& context, ManagedGroup const& managed, TargetGroup const& have,
                          Matches& matches) {
  auto const* const rule = rule_named(context.input, managed.rule);
  auto const notice = [&have](std::string const& text) {
    return Notice{.code = "orphaned",
                  .group = have.name,
                  .principal = "",
                  .text = have.name + " keeps its members: " + text};
  };
  auto const group = context.hands_off.group(have);
  if (!group) {
    auto const why = have.directory_group ? std::string{"LDAP itself decides who they are"}
                                          : "it is protected: " + have.protected_because;
    return blocked_in(context, {&managed, &have, nullptr, notice(why)}, matches);
  }
  auto const keep = [&context, &group, &managed, &notice](std::string const& text) {
    auto leavers = leavers_of(context, *group, managed);
    leavers.notices.push_back(notice(text));
    return leavers;
  };
  if (auto const why = why_kept(context, managed, rule); !why.empty()) return keep(why);
  auto draft = draft_of(context, *group, rule->name);
  if (have.users.empty() && have.others.empty()) {
    if (rule->delete_groups != DeleteGroups::when_empty || !managed.created_by_us)
      return keep("its source group is gone, and it has none");
    auto change = group_change(context, Verb::delete_group, *group, rule->name);
    change.id = managed.sources.front();
    change.why = "its source group is gone and it has no member";
    draft.changes.push_back({.change = std::move(change)});
    return draft;
  }
  if (rule->source_gone != SourceGone::empty) return keep("its source group is gone; source_gone = \"keep\"");
  empty_group(context, *group, *rule, draft);
  return draft;
}

}  // namespace

std::vector<GroupDraft> unwanted_groups(Context const& context, std::set<std::string> const& claimed,
                                        Matches& matches) {
  std::vector<GroupDraft> drafts;
  for (auto const& managed : context.target.managed->groups) {
    if (claimed.contains(managed.group_id)) continue;
    if (auto const* const have = context.index.group(managed.group_id)) {
      drafts.push_back(unwanted_group(context, managed, *have, matches));
    } else if (is_deleted(context, managed)) {
      GroupDraft forgotten;
      for (auto const* grant : context.index.grants(managed.group_id))
        forgotten.store_updates.forget.push_back(*grant);
      drafts.push_back(std::move(forgotten));
    }
  }
  return drafts;
}

}  // namespace dirsync::plan
