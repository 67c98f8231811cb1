// What it costs to keep a large directory: 100,000 people, 10,000 groups, 1,000,000 memberships.
#include <benchmark/benchmark.h>

#include <optional>
#include <random>

#include "store/store.hpp"
#include "tests/support/quiet_run.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::store {
namespace {
constexpr int kPeople = 100'000, kGroups = 10'000, kMembersPerGroup = 100;

std::string person_dn(int n) { return "uid=user" + std::to_string(n) + ",ou=people,dc=example,dc=com"; }

/// `left_out`: one group lacks this many of its members.
Snapshot large_snapshot(int left_out = 0) {
  SnapshotBuilder builder{"corp"};
  std::mt19937 random{1};
  auto const id = [&random](int n) {
    char text[40];
    std::snprintf(text, sizeof text, "%08x-%04x-4000-8000-%012x", static_cast<unsigned>(random()),
                  static_cast<unsigned>(random() & 0xffff), static_cast<unsigned>(n));
    return EntryId{text};
  };
  for (int n = 0; n < kPeople; ++n) builder.add_person(id(n), person_dn(n), {});
  for (int n = 0; n < kGroups; ++n)
    builder.add_group(id(n), "cn=group" + std::to_string(n) + ",ou=groups,dc=example,dc=com", {});
  for (int group = 0; group < kGroups; ++group)
    for (int n = group == kGroups / 2 ? left_out : 0; n < kMembersPerGroup; ++n)
      // A stride without common factors: each once in a group, spread over everybody.
      builder.add_member_dn(static_cast<std::uint32_t>(group), person_dn((group * 37 + n * 997) % kPeople));
  return std::move(builder).build({}).value();
}

void store_first_time(benchmark::State& state) {
  auto const snapshot = large_snapshot();
  for (auto _ : state) {
    state.PauseTiming();
    {
      TempFolder const folder;
      auto store = Store::open({StateFolder::open(folder.path()).value()}).value();
      auto const run = store.begin_run({}).value();
      state.ResumeTiming();
      store.accept_read(run, snapshot).value();
      state.PauseTiming();
      state.counters["file bytes"] =
          static_cast<double>(std::filesystem::file_size(folder.path() / "dirsyncd.db"));
    }
    state.ResumeTiming();
  }
}
BENCHMARK(store_first_time)->Unit(benchmark::kMillisecond)->UseRealTime();

void store_again(benchmark::State& state) {
  auto const snapshot = large_snapshot(), other = large_snapshot(static_cast<int>(state.range(0)));
  TempFolder const folder;
  auto store = Store::open({StateFolder::open(folder.path()).value()}).value();
  store.accept_read(store.begin_run({}).value(), snapshot).value();
  auto use_other = true;
  for (auto _ : state) {
    state.PauseTiming();
    auto const run = store.begin_run({}).value();
    state.ResumeTiming();
    store.accept_read(run, use_other ? other : snapshot).value();
    use_other = !use_other;
  }
}
BENCHMARK(store_again)->ArgName("changed")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->UseRealTime();

void look_up_by_dn(benchmark::State& state) {
  auto const snapshot = large_snapshot();
  TempFolder const folder;
  auto store = Store::open({StateFolder::open(folder.path()).value()}).value();
  store.accept_read(store.begin_run({}).value(), snapshot).value();
  auto const dn = person_dn(kPeople - 1);
  std::string_view const wanted = dn;
  for (auto _ : state) benchmark::DoNotOptimize(store.known_by_dn("corp", {&wanted, 1}).value());
}
BENCHMARK(look_up_by_dn)->Unit(benchmark::kMillisecond)->UseRealTime();

void record_one_change(benchmark::State& state) {
  TempFolder const folder;
  auto store = Store::open({StateFolder::open(folder.path()).value()}).value();
  auto const run = store.begin_run({}).value();
  Change change;
  change.target = "vault";
  change.verb = Verb::add;
  change.group_id = "7";
  std::vector<Grant> there;
  for (std::int64_t n = 0; n < state.range(0); ++n) {
    change.principal = "member" + std::to_string(n);
    change.principal_id = "m" + std::to_string(n);
    there.push_back(grant_of(change));
  }
  store.adopt(run, "vault", "daemon", {}, there).value();
  for (auto _ : state) {
    change.principal = "user" + std::to_string(++change.n);
    change.principal_id = "u" + std::to_string(change.n);
    auto const intents = store.intend(run, PlanDigest{"p"}, "daemon", {&change, 1}).value();
    store.settle(intents.at(0), {change, Outcome::done, ""}).value();
  }
}
BENCHMARK(record_one_change)
    ->ArgName("members")
    ->Arg(0)
    ->Arg(20'000)
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

/// A run of the service when nothing changed; `marked`: with the mark beside the store.
void record_quiet_run(benchmark::State& state) {
  TempFolder const folder;
  auto const place = StateFolder::open(folder.path()).value();
  std::optional<InstanceLock> lock;
  if (state.range(0) != 0) lock.emplace(InstanceLock::acquire(place).value());
  auto store = Store::open({.folder = place, .lock = lock ? &*lock : nullptr}).value();
  QuietRuns runs{static_cast<int>(state.range(1))};
  auto time = SystemClock{}.now();
  for (auto _ : state) runs.record(store, time += std::chrono::minutes{5});
}
BENCHMARK(record_quiet_run)
    ->ArgNames({"marked", "waiting"})
    ->ArgsProduct({{0, 1}, {0, 1'000}})
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

/// The size of the store's files after thirty days, and how long the next start takes to look at them.
void thirty_days(benchmark::State& state) {
  constexpr int kRuns = 30 * 24 * 12;
  TempFolder const folder;
  auto const place = StateFolder::open(folder.path()).value();
  {
    auto store = Store::open({place}).value();
    QuietRuns runs{static_cast<int>(state.range(0))};
    auto time = SystemClock{}.now();
    for (auto run = 0; run < kRuns; ++run) runs.record(store, time += std::chrono::minutes{5});
  }
  for (auto _ : state) benchmark::DoNotOptimize(Store::open({place}).value());
  state.counters["file bytes"] =
      static_cast<double>(std::filesystem::file_size(folder.path() / "dirsyncd.db"));
}
BENCHMARK(thirty_days)
    ->ArgName("waiting")
    ->Arg(1'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(3);

/// A trail of rows as changes leave them, with a signed checkpoint after each so many.
void verify_chain(benchmark::State& state) {
  constexpr int kRows = 200'000;
  TempFolder const folder;
  auto const place = StateFolder::open(folder.path()).value();
  auto const lock = InstanceLock::acquire(place).value();
  auto store = Store::open({.folder = place, .lock = &lock}).value();
  Change change;
  change.target = "vault";
  change.verb = Verb::add;
  change.group_id = "7";
  change.group = "unix-admins";
  change.rule = "unix-admins";
  for (std::int64_t row = 0; row < kRows;) {
    std::vector<Grant> found;
    for (std::int64_t n = 0; n < state.range(0); ++n, ++row) {
      change.principal = "user" + std::to_string(row);
      change.dn = person_dn(static_cast<int>(row));
      found.push_back(grant_of(change));
    }
    RunRecord run;
    run.id = store.begin_run({}).value();
    store.adopt(run.id, "vault", "daemon", {}, found).value();
    store.end_run(run).value();
  }
  for (auto _ : state) benchmark::DoNotOptimize(store.verify_chain().value());
  state.SetItemsProcessed(kRows * state.iterations());
}
BENCHMARK(verify_chain)
    ->ArgName("rows per checkpoint")
    ->Arg(100)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace dirsync::store

BENCHMARK_MAIN();
