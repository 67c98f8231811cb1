#include "sync/engine/leavers/leaving_groups.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "sync/engine/apply/back_off.hpp"
#include "sync/engine/leavers/leaving_people.hpp"
#include "sync/model/blocked.hpp"
#include "sync/plan/kept/settings.hpp"
#include "sync/ports/gather.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

template <class Values>
std::vector<Values> const& listed_for(std::map<std::string, std::vector<Values>> const& by_target,
                                      std::string const& target) {
  static std::vector<Values> const none;
  auto const found = by_target.find(target);
  return found == by_target.end() ? none : found->second;
}

asio::awaitable<void> read_touched(RunContext const& context, SinkTarget const& target, SomeOfTarget wanted,
                                   Reads& reads) {
  auto observed = co_await target.target->read_some(std::move(wanted));
  if (observed)
    reads.observed.emplace(target.name, std::move(*observed));
  else
    leave_to_whole_run(context, text(observed.error()));
}

/// Of each group whose grants all name users by their ids: these. A target need not tell who else is in it,
/// and what is about one of few people does not wait for the list of a group of everybody.
std::map<std::string, std::set<std::string>> members_in_question(Managed const& managed) {
  std::map<std::string, std::set<std::string>> members;
  std::set<std::string> others;
  for (auto const& grant : managed.grants)
    if (grant.principal_id.empty() || is_group_principal(grant.principal_id))
      others.insert(grant.group_id);
    else
      members[grant.group_id].insert(grant.principal_id);
  for (auto const& group : others) members.erase(group);
  return members;
}

/// Under the settings of its last applied plan; nothing is told of them where they are not known.
bool is_as_kept(Rule const& rule, RuleMemory const& memory) {
  return !memory.settings.empty() && plan::changed_settings(memory.settings, rule).empty() &&
         plan::changed_elsewhere(memory.settings, rule).empty();
}

}  // namespace

bool InTheWay::stops(Change const& change, Time now) const {
  auto const is_of_group = [&change](OpenIntent const& intent) {
    return intent.change.target == change.target && intent.change.group_id == change.group_id;
  };
  // Nobody joins where anything at all is blocked: it may be a stranger who was let in.
  auto const is_it = [&change](Blocked const& one) {
    if (change.verb == Verb::remove) return same_blocked(one.change, change);
    return one.change.group_id == change.group_id || one.change.id == change.id;
  };
  if (freeze_of(freezes, change) != nullptr || std::ranges::any_of(intents, is_of_group) ||
      std::ranges::any_of(listed_for(blocked, change.target), is_it))
    return true;
  std::span<Change const> const alone{&change, 1};
  return !skip_set_aside(alone, listed_for(set_aside, change.target), now).empty();
}

Result<InTheWay> what_is_in_the_way(RunContext const& context, Ours const& held) {
  auto& journal = *context.setup.journal;
  InTheWay in_the_way;
  auto freezes = journal.freezes();
  if (!freezes) return freezes.error();
  in_the_way.freezes = in_force(std::move(*freezes), context.setup.clock->now());
  auto intents = journal.open_intents();
  if (!intents) return intents.error();
  in_the_way.intents = std::move(*intents);
  for (auto const& [target, managed] : held) {
    auto blocked = journal.blocked(target);
    if (!blocked) return blocked.error();
    in_the_way.blocked.emplace(target, std::move(*blocked));
    auto aside = journal.set_aside(target);
    if (!aside) return aside.error();
    in_the_way.set_aside.emplace(target, std::move(*aside));
  }
  return in_the_way;
}

Result<std::vector<Rule>> settled_rules(RunContext const& context,
                                        std::map<std::string, plan::DirectoryView> const& views) {
  std::vector<Rule> settled;
  for (auto rule : context.setup.rules) {
    auto const memory = context.setup.journal->rule_memory(rule.name);
    if (!memory) return memory.error();
    if (!*memory) continue;
    plan::note_equality_rules(rule, views);
    if (is_as_kept(rule, **memory)) settled.push_back(std::move(rule));
  }
  return settled;
}

asio::awaitable<void> read_touched_groups(RunContext const& context,
                                          std::map<std::string, Joining> const& joiners, Ours& held,
                                          Reads& reads) {
  std::vector<asio::awaitable<void>> works;
  for (auto const& target : context.setup.targets) {
    auto const found = held.find(target.name);
    if (found == held.end()) continue;
    SomeOfTarget wanted;
    for (auto const& group : found->second.groups) wanted.groups.insert(group.group_id);
    for (auto const& grant : found->second.grants)
      if (!grant.principal_id.empty()) wanted.users.insert(grant.principal_id);
    wanted.members = members_in_question(found->second);
    if (auto const join = joiners.find(target.name); join != joiners.end()) {
      wanted.joining = join->second.users;
      wanted.users.insert(wanted.joining.begin(), wanted.joining.end());
      // That somebody is in no list only the list tells.
      for (auto const& group : join->second.groups) wanted.members.erase(group);
    }
    works.push_back(read_touched(context, target, std::move(wanted), reads));
  }
  co_await gather(std::move(works));
  std::erase_if(held, [&reads](auto const& of) { return !reads.observed.contains(of.first); });
}

}  // namespace dirsync::engine
