#pragma once
// Everything that goes into one plan, in the test's hands; no engine.
#include <chrono>
#include <memory>
#include <optional>

#include "sync/plan/judge/judge.hpp"
#include "tests/support/fakes/world.hpp"

namespace dirsync::fake {

/// A judged plan with all that it points to.
struct Planned {
  std::map<std::string, Snapshot> snapshots;
  std::map<std::string, plan::DirectoryView> views;
  plan::Desired desired;
  plan::Draft draft;
  Plan judged;

  Plan const& plan() const { return judged; }
  /// "vault: add ops ann", unconfirmed ones with a "?" at the end; in plan order.
  std::vector<std::string> changes() const;
  /// "waiting ann", "foreign ops bob", ...: code, group and principal of one target's notices, as far as set.
  std::vector<std::string> notices(std::string const& target = "vault") const;
  /// Codes of the plan's reasons, each once, sorted.
  std::set<std::string> reasons() const;
  Reason const* reason(std::string const& code) const;
  Change const* change(std::string const& words) const;  // as in changes()
};

struct Scene {
  struct Side {
    TargetTraits traits;
    TargetWorld world;
    Managed managed;
    std::map<std::string, std::string> domains = {};
    bool replace_stale_groups = false;
  };
  /// A directory "corp" and a Vault "vault", empty, with one rule "all" from one to the other.
  Scene();

  std::map<std::string, DirectoryWorld> directories;
  std::map<std::string, Side> targets;
  std::vector<Rule> rules;
  Limits limits = no_limits();
  std::map<std::string, Limits> target_limits;
  plan::Facts facts;
  /// Nothing: accounts are judged by what the directory itself says, at `now`.
  std::optional<Filter> disabled = filter("(employeeType=disabled)");
  AccountStates account_states;
  std::chrono::system_clock::time_point now = *parse_rfc3339("2026-01-02T03:04:05Z");
  std::map<std::string, plan::RefusedTarget> refused;
  std::vector<Freeze> freezes;  // in force

  DirectoryWorld& corp() { return directories.at("corp"); }
  Side& vault() { return targets.at("vault"); }
  Side& console();  // adds one, with a rule "console" of its own, when there is none
  Rule& rule(std::string const& name = "all");
  /// A target group of ours with those members, all granted; users are made as needed.
  void granted(std::string const& group, std::vector<std::string> const& users,
               std::string const& target = "vault");
  /// As granted(), with the same people in the directory group of that name.
  void in_sync(std::string const& group, std::vector<std::string> const& users);
  std::set<std::string> unread_targets;
  void absent_before(plan::AbsenceKey const& key, int runs) {
    facts.absences["corp"][key] = {runs, facts.now - std::chrono::hours{1}};
  }

  /// Whatever names nothing now in "corp" has long done so.
  void nothing_new_unresolved() { facts.unresolved["corp"].is_first = true; }

  std::unique_ptr<Planned> plan();
  /// What plan() drafts from; the views are those of `planned`, and both it and the scene must outlive it.
  plan::Input input(Planned const& planned) const;
  /// The rule's settings are those of its last applied plan.
  void remember(std::string const& name = "all");

 private:
  plan::JudgeInput judge_input(plan::Input const& input, Planned const& planned,
                               std::map<std::string, bool> const& folds_case) const;
};

}  // namespace dirsync::fake
