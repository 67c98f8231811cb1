#include "sync/plan/diff/resolve.hpp"

#include <algorithm>

#include "sync/model/text.hpp"
#include "sync/plan/diff/template_hint.hpp"

namespace dirsync::plan {
namespace {

/// Whether it is the group that these sources fed by the same rule. What another rule made of one of them has
/// another meaning in the target.
bool is_fed_by(DesiredGroup const& desired, ManagedGroup const& managed) {
  return std::ranges::any_of(desired.trees, [&managed](SourceTree const& tree) {
    return tree.rule->name == managed.rule &&
           std::ranges::find(managed.sources, tree.source().id) != managed.sources.end();
  });
}

/// A group of ours that the target does not list now: it is there all the same, so no second one is made in
/// its place. Taken out of `hidden`. Null: none of that name or source.
ManagedGroup const* take_hidden(std::vector<ManagedGroup const*>& hidden, DesiredGroup const& desired,
                                bool folds_case) {
  auto const is_it = [&desired, folds_case](ManagedGroup const* managed) {
    return group_key(folds_case, managed->group) == group_key(folds_case, desired.name) ||
           is_fed_by(desired, *managed);
  };
  auto const found = std::ranges::find_if(hidden, is_it);
  if (found == hidden.end()) return nullptr;
  auto const* const managed = *found;
  hidden.erase(found);
  return managed;
}

class Resolver {
 public:
  explicit Resolver(Context const& context) : context_(context) {}

  Resolved run() && {
    auto const& target = context_.target.name;
    for (auto const& managed : context_.target.managed->groups) look_at_name(managed);
    if (auto const found = context_.desired.disputed.find(target); found != context_.desired.disputed.end())
      for (auto const& [key, disputed] : found->second)
        for (auto const* bearer : context_.index.groups_named(key)) {
          auto const fresh = resolved_.claimed.insert(bearer->id).second;
          if (fresh && context_.index.managed(bearer->id) != nullptr)
            resolved_.disputed.push_back({&disputed, bearer});
        }
    hidden_ = hidden_groups(context_);
    if (auto const found = context_.desired.groups.find(target); found != context_.desired.groups.end())
      for (auto const& [key, group] : found->second) add(group);
    tell_refused_names();
    // Of one without grants nobody asks any more.
    for (auto const* managed : hidden_)
      if (!context_.index.grants(managed->group_id).empty()) hide(*managed, nullptr);
    return std::move(resolved_);
  }

 private:
  bool is_known_as(ManagedGroup const& managed, std::string const& name) const {
    auto const folds_case = context_.target.traits.group_names_fold_case;
    return group_key(folds_case, managed.group) == group_key(folds_case, name);
  }

  /// Of a group of ours that bears another name now.
  void look_at_name(ManagedGroup const& managed) {
    if (!context_.index.is_renamed(managed)) return;
    auto const& have = *context_.index.group(managed.group_id);
    auto const& target = context_.target;
    auto const folds_case = target.traits.group_names_fold_case;
    if (!context_.index.is_used_again(managed)) {
      // What the rules call so now was renamed with its source.
      if (context_.desired.find(target.name, group_key(folds_case, have.name)) == nullptr)
        block(
            {.code = "renamed-target",
             .group = have.name,
             .principal = "",
             .text =
                 "our group " + managed.group + " is called " + have.name +
                 " in the target now; it stays ours under that name. Rename it back, or rename its source"});
      return;
    }
    resolved_.claimed.insert(have.id);
    Notice why{.code = "ambiguous",
               .group = have.name,
               .principal = "",
               .text = have.name + " has the id of our group " + managed.group +
                       ", and another group of the target bears that name; nothing is given or taken in " +
                       have.name +
                       ". Rename one of them so that the name is that of the group which is meant, "
                       "or delete the other there"};
    resolved_.stuck.push_back({&managed, &have,
                               context_.desired.find(target.name, group_key(folds_case, managed.group)),
                               std::move(why)});
  }

  void add(DesiredGroup const& desired) {
    auto const bearers = context_.index.groups_named(desired.name);
    if (!bearers.empty()) {
      if (auto const* const meant = meant_by(desired, bearers)) claim(desired, *meant, std::nullopt);
      return;
    }
    if (auto const* const former = find_renamed(desired)) {
      // By hand, in the target: it keeps that name.
      if (is_known_as(*context_.index.managed(former->id), desired.name))
        return claim(desired, *former, std::nullopt);
      return rename(desired, *former);
    }
    if (auto const* const hidden =
            take_hidden(hidden_, desired, context_.target.traits.group_names_fold_case)) {
      hide(*hidden, &desired);
      // Whether it is there tells the name: it is taken as long as it is.
      if (!may_be_made_again(desired) || !is_said_to_be_deleted(context_, *hidden)) return;
    }
    auto name = new_name(desired, nullptr);
    if (!name) return;
    if (!desired.rule().create_groups)
      return block({.code = "missing-group",
                    .group = desired.name,
                    .principal = "",
                    .text = "no group " + desired.name +
                            " in the target; create it there or set create_groups = true in rule " +
                            desired.rule().name});
    resolved_.to_create.push_back({&desired, take(*std::move(name))});
  }

  void claim(DesiredGroup const& desired, TargetGroup const& have, std::optional<NewName> name) {
    if (!resolved_.claimed.insert(have.id).second) return;
    auto group = context_.hands_off.group_of_rule(have, desired.rule());
    if (!group) return refuse(desired, have, group.error());
    resolved_.existing.push_back({.desired = &desired,
                                  .group = *group,
                                  .managed = context_.index.managed(have.id),
                                  .new_name = std::move(name)});
  }

  void refuse(DesiredGroup const& desired, TargetGroup const& have, Notice why) {
    auto const* const managed = context_.index.managed(have.id);
    if (managed != nullptr)
      resolved_.stuck.push_back({managed, &have, &desired, std::move(why)});
    else if (why.code == "not-ours")
      resolved_.not_ours.push_back({&desired, &have, std::move(why)});
    else
      block(std::move(why));
  }

  /// Of several groups of one name ours, or else the only one that can be written to. Null, with a notice,
  /// when nobody can tell.
  TargetGroup const* meant_by(DesiredGroup const& desired, std::span<TargetGroup const* const> bearers) {
    std::vector<TargetGroup const*> ours, others;
    for (auto const* group : bearers)
      if (context_.index.managed(group->id) != nullptr)
        ours.push_back(group);
      else if (!group->directory_group)
        others.push_back(group);
    if (ours.size() == 1) return ours.front();
    if (ours.empty() && others.size() == 1) return others.front();
    if (ours.empty() && others.empty()) return bearers.front();
    for (auto const* group : bearers) resolved_.claimed.insert(group->id);
    auto const& name = bearers.front()->name;
    Notice const why{.code = "ambiguous",
                     .group = name,
                     .principal = "",
                     .text = "the target has " + std::to_string(ours.size() + others.size()) +
                             " groups of the name " + name +
                             ", and nothing tells which one is meant; rename all but one there"};
    for (auto const* group : ours) refuse(desired, *group, why);
    if (ours.empty()) block(why);
    return nullptr;
  }

  /// A managed group that the same source fed under another name: the source was renamed.
  TargetGroup const* find_renamed(DesiredGroup const& desired) const {
    for (auto const& managed : context_.target.managed->groups) {
      auto const fed_by_us = is_fed_by(desired, managed);
      auto const* const have = fed_by_us ? context_.index.group(managed.group_id) : nullptr;
      if (have == nullptr || resolved_.claimed.contains(have->id)) continue;
      auto const key = group_key(context_.target.traits.group_names_fold_case, have->name);
      if (context_.desired.find(context_.target.name, key) == nullptr) return have;
    }
    return nullptr;
  }

  /// The members are compared under the old name as well.
  void rename(DesiredGroup const& desired, TargetGroup const& have) {
    auto const* const managed = context_.index.managed(have.id);
    if (auto const untouchable = context_.hands_off.group(have); !untouchable) {
      resolved_.claimed.insert(have.id);
      return refuse(desired, have, untouchable.error());
    }
    if (!managed->created_by_us) {
      block({.code = "renamed-source",
             .group = have.name,
             .principal = "",
             .text = "its source is now called " + desired.name +
                     "; dirsyncd renames only groups that it made itself"});
      return claim(desired, have, std::nullopt);
    }
    auto name = new_name(desired, &have);
    renamed_.insert(&desired);
    claim(desired, have, name ? std::optional{take(*std::move(name))} : std::nullopt);
  }

  /// `renamed`: null for a group that is to be created.
  std::optional<NewName> new_name(DesiredGroup const& desired, TargetGroup const* renamed) {
    auto name = context_.hands_off.new_name(desired.name, taken_, renamed);
    if (name) return *std::move(name);
    if (name.error().code == "refused-name")
      refused_names_[desired.rule().name].emplace_back(&desired, name.error());
    else
      block(name.error());
    return std::nullopt;
  }

  /// With what to write instead, for all that one rule gives.
  void tell_refused_names() {
    auto const& refuse = context_.target.traits.refuse_group_name;
    for (auto& [rule, notices] : refused_names_) {
      std::vector<DesiredGroup const*> refused;
      for (auto const& [group, notice] : notices)
        if (refuse && !refuse(group->name).empty()) refused.push_back(group);
      auto const hint =
          refused.empty()
              ? std::string{}
              : template_that_would_do({.rule = refused.front()->rule(),
                                        .refused = refused,
                                        .wanted = context_.desired.groups.at(context_.target.name),
                                        .refuse = refuse,
                                        .folds_case = context_.target.traits.group_names_fold_case});
      for (auto& [group, notice] : notices) {
        if (!hint.empty() && std::ranges::find(refused, group) != refused.end())
          notice.text += "; group_name = " + hint + " of rule " + rule + " would do";
        if (!renamed_.contains(group)) resolved_.refused_names.push_back({group, notice.text});
        block(std::move(notice));
      }
    }
  }

  NewName take(NewName name) {
    taken_.insert(fold_case(name.value()));
    return name;
  }

  /// Where nothing else tells whether it is there.
  bool may_be_made_again(DesiredGroup const& desired) const {
    return !context_.target.traits.tells_deleted && desired.rule().create_groups;
  }

  void hide(ManagedGroup const& managed, DesiredGroup const* desired) {
    if (context_.target.traits.tells_deleted || (desired != nullptr && may_be_made_again(*desired)))
      context_.book.ask_whether_it_exists(context_.target.name, managed.group_id);
    resolved_.stuck.push_back({&managed, nullptr, desired, hidden_notice(context_, managed)});
  }

  void block(Notice why) { resolved_.notices.push_back(std::move(why)); }

  Context const& context_;
  Resolved resolved_;
  std::vector<ManagedGroup const*> hidden_;  // of ours, not listed; those that nobody wanted yet
  std::map<std::string, std::vector<std::pair<DesiredGroup const*, Notice>>> refused_names_;  // by rule
  std::set<DesiredGroup const*> renamed_;  // they go on under their old name where the new one is refused
  std::set<std::string> taken_;            // folded names that groups get in this plan
};

}  // namespace

Resolved resolve(Context const& context) { return Resolver{context}.run(); }

}  // namespace dirsync::plan
