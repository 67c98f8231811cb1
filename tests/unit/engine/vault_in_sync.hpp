#pragma once
// What runs of leavers begin from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "sync/engine/leavers/leavers.hpp"
#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {

/// A Vault alone, in sync: ops {ann, bob, cid}, web {ann, dan}.
struct GivenAVaultInSync : testing::Test {
  using Fate = fake::FakeTarget::Fate;
  Plant plant;
  fake::FakeTarget& vault = plant.vault;
  LeaverBooks books;

  void SetUp() override {
    plant.setup.rules.pop_back();
    plant.setup.targets.pop_back();
    plant.setup.directories[0].policy.band = {1000, 1000, 1000};
    plant.people({"ann", "bob", "cid", "dan"});
    plant.corp.world.group("ops", {"ann", "bob", "cid"});
    plant.corp.world.group("web", {"ann", "dan"});
    plant.request.keeps_members = true;
    whole_run();
    plant.journal.audit.clear();
    plant.monitor.events.clear();
    plant.forget_calls();
  }

  Report whole_run() {
    auto report = plant.run();
    books = books_after(plant.setup, report);
    return report;
  }

  /// People by uid, groups by "@cn".
  std::optional<Report> tell(std::set<std::string> const& names) {
    RunRequest request;
    request.apply = true;
    request.trigger = "leavers";
    request.actor = "daemon";
    for (auto const& name : names)
      request.told["corp"].insert(EntryId{name.starts_with('@') ? "g-" + name.substr(1) : "p-" + name});
    std::optional<Result<std::optional<Report>>> result;
    auto const finished = [&result](std::exception_ptr failure, Result<std::optional<Report>> report) {
      if (failure) std::rethrow_exception(failure);
      result.emplace(std::move(report));
    };
    boost::asio::co_spawn(plant.io, run_leavers(plant.setup, request, books, plant.stop.get_token()),
                          boost::asio::bind_cancellation_slot(plant.cancel.slot(), finished));
    plant.io.restart();
    plant.io.run();
    EXPECT_TRUE(result->has_value()) << (*result ? "" : text(result->error()));
    return *result ? std::move(**result) : std::nullopt;
  }

  /// Nobody was taken out, and there is no trace of anything.
  void expect_nothing(std::set<std::string> const& names) {
    auto const rows = plant.journal.audit.size(), runs = plant.journal.runs.size();
    auto const intents = plant.journal.intents();
    EXPECT_FALSE(tell(names));
    EXPECT_THAT(vault.sent(), testing::IsEmpty());
    EXPECT_THAT(plant.journal.audit, testing::SizeIs(rows));
    EXPECT_THAT(plant.journal.runs, testing::SizeIs(runs));
    EXPECT_EQ(plant.journal.intents(), intents);
  }

  std::set<std::string> members(std::string const& group) { return vault.world.members(group); }
  std::string id_of(std::string const& uid) { return vault.world.find_user(uid)->id; }
};

}  // namespace dirsync::engine
