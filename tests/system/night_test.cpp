// The service for as many runs as a night has, while everything around it fails now and then.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <random>

#include "tests/sequences/dice.hpp"
#include "tests/support/figure_from_environment.hpp"
#include "tests/support/occurrences.hpp"
#include "tests/support/process/figures.hpp"
#include "tests/system/target_faults.hpp"
#include "tests/system/world.hpp"

#ifndef DIRSYNC_CYCLES
#define DIRSYNC_CYCLES 300
#endif

namespace dirsync::test {
namespace {

using std::chrono::seconds;

/// A sanitizer keeps freed memory for a while, and remembers who had it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMemoryIsItsOwn = false;
#else
constexpr bool kMemoryIsItsOwn = true;
#endif

class GivenAServiceThroughANight : public World {
 protected:
  GivenAServiceThroughANight()
      : runs_wanted_(static_cast<int>(figure_from_environment("DIRSYNC_CYCLES", DIRSYNC_CYCLES))),
        seed_(figure_from_environment("DIRSYNC_SEED", std::random_device{}())),
        dice_(seed_) {
    configuration.limits_keys =
        "first_plan = \"apply\"\nadditions = \"off\"\nremovals = \"off\"\nremovals_per_group = \"off\"\n"
        "empty_group = \"allow\"\n";
    configuration.more = "[schedule]\ninterval = \"1s\"\njitter = \"0s\"\nwatch = false\n";
  }
  void SetUp() override {
    World::SetUp();
    std::cout << "DIRSYNC_SEED=" << seed_ << std::endl;
    service_ = start({"run"}, {{"NOTIFY_SOCKET", ""}});
  }

  /// What went before, for whoever has to find out why it ended badly.
  std::string story() const { return "DIRSYNC_SEED=" + std::to_string(seed_) + "\n" + story_ + log(); }
  std::string log() const { return service_->err(); }
  int told(std::string_view event) const { return occurrences(log(), event); }
  int cycles() const { return told("event=run_finished"); }
  bool next_cycle(int more = 1) {
    return eventually(
               [this, wanted = cycles() + more] { return cycles() >= wanted || !service_->running(); }) &&
           service_->running();
  }
  bool in_sync() { return comes_in_sync(disabled_, seconds{240}); }

  SimulatorProcess& either_target() { return dice_.chance(2) ? *vault_ : *console_; }
  void target_fails() {
    // An object whose change failed is left alone for longer than a short night lasts.
    auto const write_fails = runs_wanted_ >= 300 && cycles() < runs_wanted_ / 2;
    auto const rule = random_target_fault(dice_, write_fails);
    auto& target = either_target();
    target.replace_faults("[" + rule + "]");
    note(std::string{&target == &*vault_ ? "vault " : "console "} + rule);
  }
  void target_restarts() {
    auto& target = either_target();
    note(&target == &*vault_ ? "vault restarts" : "console restarts");
    target.restart();
  }
  void directory_stops() {
    note("slapd stops");
    slapd_->stop();
    cycles_without_directory_ = 1 + dice_.below(2);
  }
  void somebody_joins() {
    auto& group = dice_.pick(company.groups);
    auto const& person = dice_.pick(company.people);
    if (std::ranges::find(group.people, person.uid) != group.people.end()) return;
    note(person.uid + " joins " + group.cn);
    join(person.uid, group.cn);
  }
  /// A group of the schema has at least one member.
  void somebody_leaves() {
    auto& group = dice_.pick(company.groups);
    if (group.people.size() < 2) return;
    auto const uid = dice_.pick(group.people);
    note(uid + " leaves " + group.cn);
    leave(uid, group.cn);
  }
  void somebody_is_disabled_or_comes_back() {
    auto const& person = dice_.pick(company.people);
    note(person.uid + (disabled_.contains(person.uid) ? " comes back" : " is disabled"));
    if (disabled_.erase(person.uid) > 0) {
      modify_directory("dn: " + person.dn() + "\nchangetype: modify\ndelete: employeeType\n");
      return;
    }
    disable(person.uid);
    disabled_.insert(person.uid);
  }
  bool reloads() {
    note("reload");
    auto const before = told("event=reloaded");
    service_->send_signal(SIGHUP);
    return eventually([this, before] { return told("event=reloaded") > before; });
  }

  void something_happens() {
    if (cycles_without_directory_ > 0) {
      if (--cycles_without_directory_ == 0) slapd_->start();
      target_fails();
      return;
    }
    using Act = void (GivenAServiceThroughANight::*)();
    using Self = GivenAServiceThroughANight;
    constexpr std::array kActs{
        Act{&Self::target_fails}, &Self::target_fails,    &Self::target_fails,
        &Self::somebody_joins,    &Self::somebody_joins,  &Self::somebody_leaves,
        &Self::directory_stops,   &Self::target_restarts, &Self::somebody_is_disabled_or_comes_back};
    for (auto more = 1 + dice_.below(2); more > 0 && cycles_without_directory_ == 0; --more)
      (this->*dice_.pick(kActs))();
    if (dice_.chance(10)) {
      EXPECT_TRUE(reloads());
    }
  }
  void night(int cycles) {
    for (int cycle = 0; cycle < cycles && !HasFailure(); ++cycle) {
      something_happens();
      ASSERT_TRUE(next_cycle()) << story();
    }
  }

  /// Everything works again and is as it should be; the least memory of some runs, since a run needs some.
  ProcessFigures after_calm() {
    if (cycles_without_directory_ > 0) slapd_->start();
    cycles_without_directory_ = 0;
    for (auto* target : {&*vault_, &*console_}) target->replace_faults("[]");
    EXPECT_TRUE(in_sync()) << story();
    EXPECT_TRUE(reloads()) << story();  // ends all connections that were kept
    auto figures = figures_of(service_->pid());
    for (int run = 0; run < 6; ++run) {
      EXPECT_TRUE(next_cycle()) << story();
      if (HasFailure()) break;
      auto const now = figures_of(service_->pid());
      if (run == 0) figures = now;
      figures.descriptors = std::min(figures.descriptors, now.descriptors);
      figures.threads = std::min(figures.threads, now.threads);
      figures.resident = std::min(figures.resident, now.resident);
    }
    return figures;
  }

  int runs_wanted_;
  unsigned seed_;  // plays a night again, as far as the machine's own times let it
  sequences::Dice dice_;
  std::unique_ptr<Process> service_;
  std::string story_;
  std::set<std::string> disabled_;
  int cycles_without_directory_ = 0;  // from now on; 0: it runs

 private:
  void note(std::string const& what) { story_ += std::to_string(cycles()) + ": " + what + "\n"; }
};

TEST_F(GivenAServiceThroughANight, WhenEverythingFailsNowAndThenThenItEndsInSyncAndAsSmallAsItWas) {
  ASSERT_NO_FATAL_FAILURE(night(runs_wanted_ / 3));
  auto const evening = after_calm();
  ASSERT_FALSE(HasFailure());
  ASSERT_NO_FATAL_FAILURE(night(runs_wanted_ - runs_wanted_ / 3));
  auto const morning = after_calm();

  // How many connections to a target are kept between two runs differs by what was asked at a time.
  constexpr int kKept = 8;
  EXPECT_LE(morning.descriptors, evening.descriptors + kKept) << story();
  EXPECT_EQ(morning.threads, evening.threads) << story();
  if (kMemoryIsItsOwn) {
    EXPECT_LE(morning.resident * 100, evening.resident * 105) << "KiB; more than 5 % larger\n" << story();
  }
  std::cout << cycles() << " runs; evening " << evening.resident << " KiB, morning " << morning.resident
            << " KiB; descriptors " << evening.descriptors << ", " << morning.descriptors << std::endl;

  service_->send_signal(SIGTERM);
  auto const finished = service_->wait();
  EXPECT_EQ(finished.exit, 0) << story();
  for (auto const* event :
       {"event=internal_error", "event=journal_failed", "event=reload_refused", "event=plan_held"})
    EXPECT_EQ(told(event), 0) << story();
  expect_in_sync(disabled_);
  forget_calls();
  sync(0);
  EXPECT_EQ(writes(), 0) << "something was left to do\n" << story();
  expect_chain_holds();
}

}  // namespace
}  // namespace dirsync::test
