#include <algorithm>

#include "sync/plan/undo/take_back.hpp"

namespace dirsync::plan {
namespace {

bool is_same(Context const& context, std::string const& one, std::string const& other) {
  auto const folds_case = context.target.traits.group_names_fold_case;
  return group_key(folds_case, one) == group_key(folds_case, other);
}

Drafted draft_of_group(Context const& context, Verb verb, WritableGroup const& group, PastChange const& past,
                       std::string why) {
  Drafted drafted;
  drafted.change = group_change(context, verb, group, past.change.rule);
  drafted.change.id = past.change.id;
  drafted.change.dn = past.change.dn;
  drafted.change.path = past.change.path;
  drafted.change.why = std::move(why);
  return drafted;
}

/// Whether nobody will be in the group once those have left.
bool becomes_empty(Context const& context, TargetGroup const& group, Leaving const& leaving) {
  auto const found = leaving.find(group.id);
  auto const leaves = [&found, &leaving](std::string const& id) {
    return found != leaving.end() && found->second.contains(id);
  };
  auto const user_leaves = [&context, &leaves](std::uint32_t user) { return leaves(context.user(user).id); };
  auto const nested_leaves = [&leaves](OtherMember const& other) {
    return leaves(group_principal_id(other.id));
  };
  return std::ranges::all_of(group.users, user_leaves) && std::ranges::all_of(group.others, nested_leaves);
}

OrBecause<Drafted> delete_again(Context const& context, PastChange const& past, std::string const& why,
                                Leaving const& leaving) {
  auto const group = group_to_change(context, past);
  if (!group) return group.error();
  if (!context.index.managed(past.change.group_id)->created_by_us)
    return Because{"not-ours", "dirsyncd did not create the group " + group->name()};
  if (!is_same(context, group->name(), past.change.group))
    return Because{"changed-by-others",
                   "the group " + past.change.group + " is called " + group->name() + " by now"};
  if (!becomes_empty(context, group->read(), leaving))
    return Because{"has-members", group->name() + " has members whom the run did not put there, or who stay"};
  return draft_of_group(context, Verb::delete_group, *group, past, why + ", which created the group");
}

OrBecause<Drafted> create_again(Context const& context, PastChange const& past, std::string const& why) {
  auto const& name = past.change.group;
  auto const* const rule = rule_named(context.input, past.change.rule);
  if (rule == nullptr || rule->target != context.target.name)
    return Because{"rule-gone", "rule " + past.change.rule + " does not feed this target any more"};
  if (!context.index.groups_spelt_like(name).empty())
    return Because{"changed-by-others", "there is a group " + name + " again"};
  auto const free = context.hands_off.new_name(name, {});
  if (!free) return Because{free.error().code, free.error().text};
  TargetGroup placeholder;
  placeholder.name = free->value();
  auto const group = HandsOff::group_to_create(placeholder);
  auto drafted = draft_of_group(context, Verb::create_group, group, past, why + ", which deleted the group");
  drafted.change.roles = rule->roles;
  return drafted;
}

OrBecause<Drafted> rename_back(Context const& context, PastChange const& past, std::string const& why) {
  auto const& [before, after] = std::tie(past.change.group, past.change.new_name);
  auto const group = group_to_change(context, past);
  if (!group) return group.error();
  if (after.empty()) return Because{"unknown-name", "what the run called it is not known any more"};
  if (!is_same(context, group->name(), after))
    return Because{"changed-by-others", "the group " + after + " is called " + group->name() + " by now"};
  auto const free = context.hands_off.new_name(before, {}, &group->read());
  if (!free) return Because{free.error().code, free.error().text};
  auto drafted = draft_of_group(context, Verb::rename_group, *group, past, why + ", which renamed the group");
  drafted.change.new_name = free->value();
  return drafted;
}

}  // namespace

OrBecause<Drafted> take_back_group(Context const& context, PastChange const& past, RunId run,
                                   Leaving const& leaving) {
  if (past.change.rule.empty())
    return Because{"by-hand", "it was changed by hand; change it back with `dirsyncd console`"};
  if (past.outcome == Outcome::already)
    return Because{"so-before", "it was so before the run, which changed nothing there"};
  auto const why = "undoes run " + std::to_string(run.value());
  switch (past.change.verb) {
    case Verb::create_group:
      return delete_again(context, past, why, leaving);
    case Verb::delete_group:
      return create_again(context, past, why);
    case Verb::rename_group:
      return rename_back(context, past, why);
    case Verb::add:
    case Verb::remove:
    case Verb::update_group:
    case Verb::adopt:
      break;
  }
  return Because{"by-hand", "what it was before is not kept"};
}

}  // namespace dirsync::plan
