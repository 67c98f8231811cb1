#pragma once
// What one stage of the diff works on, in the test's hands.
#include <memory>

#include "sync/plan/diff/context.hpp"
#include "sync/plan/diff/directory_member.hpp"
#include "sync/plan/diff/resolve.hpp"
#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {

/// A scene, and of it on request the context of its target "vault".
struct GivenStage : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& vault = scene.vault().world;

  /// Made anew from the scene as it is now; what was made before is gone.
  Context const& context() {
    ready_ = std::make_unique<Ready>(scene);
    return *ready_->context;
  }
  AbsenceBook& book() { return ready_->book; }
  /// The wanted group of that name; context() must have been called.
  DesiredGroup const& wanted_group(std::string const& name) {
    return *ready_->planned->desired.find("vault", name);
  }
  /// That group of the target, when it may be written to.
  WritableGroup writable(std::string const& name) {
    return *ready_->hands_off.group(*vault.find_group(name));
  }
  static std::vector<std::string> words(std::vector<Notice> const& notices) {
    std::vector<std::string> found;
    for (auto const& notice : notices)
      found.push_back(notice.code + (notice.group.empty() ? "" : " " + notice.group) +
                      (notice.principal.empty() ? "" : " " + notice.principal));
    return found;
  }
  static std::vector<std::string> words(std::vector<Drafted> const& drafted) {
    std::vector<std::string> found;
    for (auto const& one : drafted)
      found.push_back(std::string{to_text(one.change.verb)} + " " + one.change.group +
                      (one.change.principal.empty() ? "" : " " + one.change.principal) +
                      (one.change.unconfirmed ? "?" : ""));
    return found;
  }

 private:
  struct Ready {
    explicit Ready(fake::Scene& scene)
        : planned(scene.plan()), input(scene.input(*planned)), book(input.facts, input.limits.confirm) {
      for (auto const& [name, view] : input.views)
        unresolved.emplace(name, find_unresolved(input.views, view, book));
      context.reset(new Context{.input = input,
                                .target = target,
                                .desired = planned->desired,
                                .unresolved = unresolved,
                                .logon_names = logon_names,
                                .index = index,
                                .hands_off = hands_off,
                                .match = match,
                                .binding = binding,
                                .book = book});
    }
    std::unique_ptr<fake::Planned> planned;
    Input input;
    AbsenceBook book;
    std::map<std::string, UnresolvedValues> unresolved;
    std::map<std::string, LogonNames> logon_names = logon_names_of(input);
    TargetInput const& target = *std::ranges::find(input.targets, "vault", &TargetInput::name);
    TargetIndex index{target};
    HandsOff hands_off{index, target, {}};
    std::vector<NamedPeople> const& people = planned->desired.people["vault"];
    FormerDns former{input.facts, target.name};
    GrantBinding binding{index.users(), *planned->desired.identities, people, former,
                         target.traits.matches_by_dn};
    GrantIndex grants{*target.managed, binding};
    MatchSources match{.target = target.name,
                       .traits = target.traits,
                       .users = index.users(),
                       .grants = grants,
                       .former = former,
                       .identities = *planned->desired.identities,
                       .people = people,
                       .domains = target.domains};
    std::unique_ptr<Context const> context;
  };
  std::unique_ptr<Ready> ready_;
};

}  // namespace dirsync::plan
