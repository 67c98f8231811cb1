#pragma once
// What the stages find about one target group.
#include "sync/plan/diff/context.hpp"
#include "sync/plan/diff/draft.hpp"

namespace dirsync::plan {

/// Source groups that come to feed a target group beside another one.
struct Joining {
  std::string target, group, group_id, rule;
  std::vector<EntryId> sources;  // the new ones, ordered
  std::string names;             // DNs of all
};

/// A part of a draft; parts are joined, never changed.
struct GroupDraft {
  GroupFigures figures;  // those that are counted from the changes are empty
  std::vector<Drafted> changes;
  std::vector<Notice> notices;
  std::vector<Reason> holds;
  std::vector<Joining> joining;
  std::vector<NothingRead> nothing_read;
  std::map<std::string, RuleSummary> rules;
  StoreUpdates store_updates;
};

/// Of that group, with nothing in it. `rule`: may be empty.
GroupDraft draft_of(Context const& context, WritableGroup const& group, std::string const& rule);
/// Everything of `from` but its figures' names.
void append(GroupDraft& into, GroupDraft from);

/// A change of the group itself. `group.id()` is empty for create_group.
Change group_change(Context const& context, Verb verb, WritableGroup const& group, std::string const& rule);
/// An addition or a removal. `verb`: add or remove.
Change member_change(Context const& context, Verb verb, WritableMember const& member,
                     std::string const& rule);

/// A removal that is due and that no call can make. `why`: the notice that says so.
Change blocked_removal(Context const& context, Grant const& grant, Notice const& why);

}  // namespace dirsync::plan
