#pragma once
// Commands that are killed at every step of theirs, each time from the same state.
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "tests/system/world.hpp"

namespace dirsync::test {

#ifndef DIRSYNC_CRASH_POINTS
#define DIRSYNC_CRASH_POINTS 80
#endif

class CrashWorld : public World {
 protected:
  CrashWorld() { configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n"; }

  /// So many steps of a command are tried at most, spread over all that it takes, the last one always.
  /// Flushes of files to disk are few: without a sanitizer all of them are tried.
  static constexpr long kMostPoints = DIRSYNC_CRASH_POINTS;

  struct Act {
    std::vector<std::string> words;
    Environment environment{};
    int exit = 0;  // where nothing disturbs it
  };

  std::filesystem::path state() const { return folder_.path() / "state"; }
  std::string path(std::string const& name) const { return (folder_.path() / name).string(); }
  boost::json::object status() { return document(run({"status", "--json"})).as_object(); }
  /// Of the rows of the audit trail with that action.
  std::vector<std::string> results(std::string const& action) {
    std::vector<std::string> all;
    for (auto const& row : audit({"--action", action})) all.push_back(text_at(row, "result"));
    return all;
  }

  /// What is there now is what every command starts from. `made`: files of its own, which are then not there.
  void prepare(std::vector<std::string> made = {}) {
    made_ = std::move(made);
    std::filesystem::remove_all(prepared());
    if (std::filesystem::exists(state()))
      std::filesystem::copy(state(), prepared(), std::filesystem::copy_options::recursive);
    vault_state_ = boost::json::serialize(vault_->get("state"));
    console_state_ = boost::json::serialize(console_->get("state"));
    forget_calls();
  }
  void restore() {
    std::filesystem::remove_all(state());
    if (std::filesystem::exists(prepared()))
      std::filesystem::copy(prepared(), state(), std::filesystem::copy_options::recursive);
    for (auto const& file : made_) std::filesystem::remove(file);
    std::filesystem::remove(report());
    vault_->put_state(vault_state_);
    console_->put_state(console_state_);
    forget_calls();
  }

  /// Kills the command after its steps of that kind (see crash_at.cpp), and looks each time with `then`.
  /// Where nobody kills it, it must end as it should.
  void crash_everywhere(Act const& act, std::string const& kind, std::function<void()> const& then) {
    auto const steps = count_steps(act, kind);
    ASSERT_GT(steps, 0) << act.words.front() << " takes no step of the kind " << kind;
    auto const stride = kind == "journal" && kMostPoints > 10 ? 1 : (steps + kMostPoints - 1) / kMostPoints;
    auto kills = 0L, points = 0L;
    for (auto at = steps; at > 0 && !HasFailure(); at -= stride, ++points) {
      SCOPED_TRACE(act.words.front() + ", killed after " + kind + " step " + std::to_string(at) + " of " +
                   std::to_string(steps));
      restore();
      auto const finished = attempt(act, kind, at);
      if (finished.exit == -SIGKILL) {
        ++kills;
      } else {
        EXPECT_EQ(finished.exit, act.exit) << finished.err << finished.out;
      }
      forget_calls();
      then();
    }
    EXPECT_GT(2 * kills, points) << "too few were killed to show anything";
  }

  /// The same where the disk is full from one of its steps on: where that hinders it, it ends with 1.
  void fill_disk_for(Act const& act, std::function<void()> const& then) {
    auto const steps = count_steps(act, "file");
    auto const points = std::min(steps, kMostPoints <= 10 ? 3 : 40L);
    auto refusals = 0;
    for (long point = 0; point < points && !HasFailure(); ++point) {
      auto const at = 1 + point * steps / points;
      SCOPED_TRACE(act.words.front() + ", without room from step " + std::to_string(at) + " of " +
                   std::to_string(steps) + " on");
      restore();
      auto const finished = attempt(act, "file", at, "full");
      EXPECT_TRUE(finished.exit == act.exit || finished.exit == 1)
          << finished.exit << finished.err << finished.out;
      if (finished.exit == 1) ++refusals;
      forget_calls();
      then();
    }
    EXPECT_GT(refusals, 0);
  }

 private:
  std::filesystem::path prepared() const { return folder_.path() / "prepared"; }
  std::filesystem::path report() const { return folder_.path() / "steps"; }

  Finished attempt(Act const& act, std::string const& kind, long at, std::string const& side = "after") {
    auto environment = act.environment;
    environment.insert(
        {{"LD_PRELOAD", CRASH_AT_LIBRARY},
         // AddressSanitizer's runtime wants to come first; behind our library it works as well.
         {"ASAN_OPTIONS", "verify_asan_link_order=0"},
         {"CRASH_KIND", kind},
         {"CRASH_SIDE", side},
         {"CRASH_AT", std::to_string(at)},
         {"CRASH_REPORT", report()}});
    return run(act.words, environment);
  }
  long count_steps(Act const& act, std::string const& kind) {
    restore();
    auto const finished = attempt(act, kind, 0);
    EXPECT_EQ(finished.exit, act.exit) << finished.err << finished.out;
    long journal = 0, network = 0, file = 0;
    std::ifstream{report()} >> journal >> network >> file;
    return kind == "journal" ? journal : kind == "network" ? network : file;
  }

  std::vector<std::string> made_;
  std::string vault_state_, console_state_;
};

}  // namespace dirsync::test
