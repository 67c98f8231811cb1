#pragma once
// Plans made by hand, as the planner words them.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sync/model/plan.hpp"

namespace dirsync::test {

inline std::string group_dn(std::string const& name) { return "cn=" + name + ",ou=groups,dc=x"; }
inline std::string person_dn(std::string const& name) { return "uid=" + name + ",ou=people,dc=x"; }

/// A plan of a Vault "vault" that one rule "all" feeds from "corp", ready to run, without changes.
class PlanMaker {
 public:
  PlanMaker() {
    plan.verdict = Verdict::run;
    plan.digest = PlanDigest{"3f2a9c0d1e5b" + std::string(52, '7')};
    plan.targets["vault"].kind = "cyberark-vault";
    plan.targets["vault"].verdict = Verdict::run;
    plan.summary.directories["corp"] = {
        .groups = 40, .people = 12345, .disabled = 1, .values = 305, .unresolved = 0};
    plan.summary.rules["all"] = {.directory = "corp",
                                 .target = "vault",
                                 .groups = 12,
                                 .names = 12,
                                 .refused = 0,
                                 .people = 157,
                                 .waiting = 2,
                                 .ambiguous = 0};
  }

  Change& change(Verb verb, std::string const& group) {
    auto& made = plan.changes.emplace_back();
    made.n = static_cast<int>(plan.changes.size());
    made.target = "vault";
    made.verb = verb;
    made.group = group;
    made.rule = "all";
    return made;
  }
  /// Through the groups `by`, from outside to inside.
  Change& add(std::string const& group, std::string const& who, std::vector<std::string> const& by = {}) {
    auto& made = change(Verb::add, group);
    made.principal = who;
    made.dn = person_dn(who);
    made.path = group_dn("pam-" + group);
    made.why = "member of " + made.path;
    for (auto const& inner : by) made.path += " > " + group_dn(inner);
    if (!by.empty()) made.why += " through nested group " + group_dn(by.back());
    made.path += " > " + made.dn;
    return made;
  }
  Change& remove(std::string const& group, std::string const& who) {
    auto& made = change(Verb::remove, group);
    made.principal = who;
    made.dn = person_dn(who);
    made.path = group_dn("pam-" + group);
    made.why = "no longer a member of " + made.path + " or of a group in it";
    return made;
  }
  Change& remove_disabled(std::string const& group, std::string const& who) {
    auto& made = remove(group, who);
    made.why = made.dn + " is disabled: (employeeType=disabled)";
    made.phase = Phase::revocation;
    return made;
  }
  Change& create(std::string const& group) {
    auto& made = change(Verb::create_group, group);
    made.path = made.dn = group_dn("pam-" + group);
    made.why = "source group " + made.dn;
    return made;
  }
  void note(std::string code, std::string group, std::string principal, std::string text) {
    plan.targets["vault"].notices.push_back(
        {std::move(code), std::move(group), std::move(principal), std::move(text)});
  }
  void reason(Reason reason) {
    if (!reason.target.empty()) plan.targets[reason.target].reasons.push_back(reason);
    plan.reasons.push_back(std::move(reason));
  }
  /// The rule is new; `count`: its changes.
  void first_plan_waits(std::int64_t count) {
    reason({.code = "first-plan",
            .text = "the first plan of rule all waits for a look",
            .target = "vault",
            .rule = "all",
            .group = "",
            .count = count,
            .allowed = 0});
  }
  void hold() { plan.verdict = plan.targets["vault"].verdict = Verdict::hold, plan.held = true; }

  Plan plan;
};

}  // namespace dirsync::test
