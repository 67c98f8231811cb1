#include "tests/sequences/closing.hpp"

#include <algorithm>

namespace dirsync::sequences {
namespace {

constexpr int kMostRuns = 14;

bool is_ours(Oracle const& oracle, std::string const& target, std::string const& group_id) {
  auto const ours = oracle.ledger().groups.find(target);
  return ours != oracle.ledger().groups.end() && ours->second.contains(group_id);
}

/// A group of ours that somebody renamed, while another one has its name: nobody can tell which of them is
/// meant.
void delete_confused(fake::TargetWorld& there, std::map<std::string, OurGroup> const& ours) {
  auto const is_confused = [&there, &ours](TargetGroup const& group) {
    auto const known = ours.find(group.id);
    if (known == ours.end() || known->second.name == group.name) return false;
    return std::ranges::find(there.observed.groups, known->second.name, &TargetGroup::name) !=
           there.observed.groups.end();
  };
  std::erase_if(there.observed.groups, is_confused);
}

/// What a person does who reads the notices: nothing is frozen, nobody is protected, everybody has logged on,
/// no group that is not ours has the name of one that is wanted, and what came of nothing may be so.
void mend(World& world, Oracle& oracle) {
  world.allows_empty = true;
  world.plant.journal.frozen.clear();
  for (auto const* name : {"vault", "console"}) {
    auto& there = world.world_of(name);
    for (auto& user : there.observed.users) user.protected_because.clear();
    for (auto& group : there.observed.groups) {
      group.protected_because.clear();
      if (!is_ours(oracle, name, group.id)) group.name = "old-" + group.id;
    }
    if (auto const ours = oracle.ledger().groups.find(name); ours != oracle.ledger().groups.end())
      delete_confused(there, ours->second);
    for (auto const& [uid, person] : world.truth.people) {
      auto const bears_dn = [&dn = person.dn](auto const& user) { return user.dn == dn; };
      if (name == std::string{"vault"} && std::ranges::any_of(there.observed.users, bears_dn)) continue;
      auto* const namesake = there.find_user(uid);
      if (namesake == nullptr)
        world.give_user(name, uid);
      else
        namesake->dn = name == std::string{"vault"} ? person.dn : "";
    }
  }
}

/// Whether a person would have had to say yes.
bool decide(World& world, engine::Report const& report) {
  for (auto const& reason : report.plan.reasons)
    if (reason.code == "band" || reason.code == "attributes") world.now.accept_band = true;
  if (report.exit != engine::Exit::held) return world.now.accept_band;
  world.now.approve = report.plan.digest;
  return true;
}

/// As the message says: a Vault does not tell a deleted group from one out of sight, and another group of its
/// name does, if only for one run.
class StandIns {
 public:
  void make(World& world, engine::Report const& report) {
    for (auto const& change : report.plan.changes) {
      auto& there = world.world_of(change.target);
      auto const is_hidden = change.blocked && change.blocked->code == "hidden-group";
      if (is_hidden && there.find_group(change.group) == nullptr)
        made_.emplace_back(change.target, there.group(change.group).id);
    }
  }
  /// Those that nobody took over.
  void drop(World& world, Oracle& oracle) {
    for (auto const& [target, id] : made_)
      if (!is_ours(oracle, target, id))
        std::erase_if(world.world_of(target).observed.groups,
                      [&id](TargetGroup const& group) { return group.id == id; });
    made_.clear();
  }

 private:
  std::vector<std::pair<std::string, std::string>> made_;  // target and id
};

}  // namespace

std::string pass_time(World& world, Dice& dice) {
  constexpr std::chrono::seconds kSpans[] = {std::chrono::minutes{5}, std::chrono::minutes{5},
                                             std::chrono::hours{1}, std::chrono::seconds{10},
                                             std::chrono::hours{25}};
  auto const span = kSpans[dice.below(5)];
  world.plant.clock.time += span;
  return span == std::chrono::minutes{5} ? "" : std::to_string(span.count()) + " s later";
}

void come_to_rest(World& world, Oracle& oracle, std::function<Attempt()> const& run,
                  std::vector<std::string>& lines) {
  lines.push_back("- everything is mended");
  world.now = {};
  mend(world, oracle);
  StandIns stand_ins;
  for (int runs = 0; runs < kMostRuns && oracle.problems.empty(); ++runs) {
    world.plant.clock.time += std::chrono::minutes{5};
    auto const attempt = run();
    if (!attempt.report) {
      oracle.problems.push_back("a run without any fault failed: " + attempt.failure);
      return;
    }
    stand_ins.drop(world, oracle);
    if (attempt.report->plan.verdict == Verdict::wait) stand_ins.make(world, *attempt.report);
    if (!decide(world, *attempt.report) && attempt.sent.empty() && attempt.report->plan.changes.empty())
      break;
  }
  if (!oracle.problems.empty()) return;
  world.now = {};
  world.now.plan_only = true;
  auto const last = run();
  if (!last.report || !last.report->plan.changes.empty() || last.report->exit != engine::Exit::done)
    oracle.problems.push_back("after all that a plan is still not empty");
  oracle.at_the_end();
}

}  // namespace dirsync::sequences
