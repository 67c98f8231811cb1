#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {

/// A Vault alone; ops holds ann and bob, and web is to be made for cid.
struct GivenVault : testing::Test {
  using Fate = fake::FakeTarget::Fate;
  Plant plant;
  fake::FakeTarget& vault = plant.vault;

  void SetUp() override {
    plant.setup.rules.pop_back();
    plant.setup.targets.pop_back();
    plant.people({"ann", "bob", "cid"});
    plant.corp.world.group("ops", {"ann", "bob"});
    EXPECT_EQ(plant.run().exit, Exit::done);
    plant.forget_calls();
    plant.journal.audit.clear();
    plant.setup.directories[0].policy.band = {1000, 1000, 1000};
  }
  void fate_of(std::string words, Fate fate) {
    vault.fate = [words = std::move(words), fate](Change const& change) {
      return fake::in_words(change) == words ? fate : Fate::works;
    };
  }
  void all_work() {
    vault.fate = [](Change const&) { return Fate::works; };
  }
  auto grants() { return plant.journal.managed("vault").value().grants.size(); }
  auto open() { return plant.journal.open_intents().value(); }
};

}  // namespace dirsync::engine
