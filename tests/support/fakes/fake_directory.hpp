#pragma once
#include <optional>

#include "tests/support/fakes/world.hpp"

namespace dirsync::fake {

/// A DirectoryWorld as a port. What is in the world is found by looks, hidden or not.
class FakeDirectory final : public Directory {
 public:
  DirectoryWorld world;
  std::optional<Error> failure, look_failure;
  std::map<EntryId, Presence> presences;  // answers other than the world's
  bool has_canary = false;                // in every container
  Certificate failed_proof;               // what a read that fails had proven
  int reads = 0;
  DirectoryQuery last_query;
  std::vector<EntryProbe> probes;  // all that were asked

  boost::asio::awaitable<Result<Snapshot>> read(DirectoryQuery query) override {
    ++reads;
    last_query = query;
    if (failure) co_return *failure;
    auto deciding = query.deciding_attributes;
    for (auto& name : account_attributes(world.account_rules.scheme, query.account_states))
      deciding.insert(std::move(name));
    co_return world.snapshot(query.rules, deciding);
  }

  Certificate proven() const override { return failed_proof; }

  boost::asio::awaitable<Result<std::vector<Presence>>> look_for(std::vector<EntryProbe> asked) override {
    probes.insert(probes.end(), asked.begin(), asked.end());
    if (look_failure) co_return *look_failure;
    std::vector<Presence> answers;
    for (auto const& probe : asked) {
      auto const scripted = presences.find(probe.id);
      answers.push_back(scripted != presences.end() ? scripted->second : presence(probe));
    }
    co_return answers;
  }

 private:
  Presence presence(EntryProbe const& probe) const {
    auto const& id = probe.id;
    for (auto const& [uid, person] : world.people)
      if (person.id == id.value()) return Presence::present;
    for (auto const& [cn, group] : world.groups)
      if (group.id == id.value()) return Presence::present;
    return has_canary || !probe.beside.empty() ? Presence::gone : Presence::unknown;
  }
};

}  // namespace dirsync::fake
