// How long planning alone takes: from snapshots and a read target to a judged plan, all in memory.
//   bench_plan                     medians of five
//   bench_plan --against PROGRAM   with those of the bench_plan of another build, in turns, and their ratios
#include <algorithm>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "sync/plan/diff/draft.hpp"
#include "sync/plan/judge/judge.hpp"
#include "tests/bench/measured.hpp"
#include "tests/support/fakes/world.hpp"

namespace dirsync {
namespace {

struct Size {
  unsigned people, groups, memberships;
};

std::string uid(unsigned person) { return "u" + std::to_string(person); }
std::string dn(unsigned person) { return "uid=" + uid(person) + ",ou=people,dc=x"; }
std::string cn(unsigned group) { return "g" + std::to_string(group); }

/// Who is in which group: a few groups of a fifth of the people, the rest even; equal for equal sizes.
std::vector<std::vector<unsigned>> memberships(Size size) {
  std::vector<std::vector<unsigned>> members(size.groups);
  std::mt19937 random(1);
  auto const large = std::min(size.groups, size.memberships / std::max(1U, size.people / 5) / 4);
  auto left = size.memberships;
  for (unsigned group = 0; group < size.groups && left > 0; ++group) {
    auto const even = std::max(1U, left / (size.groups - group));
    auto const count = std::min({left, size.people, group < large ? size.people / 5 : even});
    auto const first = static_cast<unsigned>(random() % size.people);
    for (unsigned n = 0; n < count; ++n) members[group].push_back((first + n) % size.people);
    left -= count;
  }
  return members;
}

Snapshot snapshot_of(Size size, std::vector<std::vector<unsigned>> const& members) {
  SnapshotBuilder builder{"corp"};
  for (unsigned person = 0; person < size.people; ++person) {
    auto const name = uid(person);
    std::vector<SnapshotBuilder::Attribute> const attributes{{"uid", {name}}};
    builder.add_person(EntryId{"00000000-0000-0000-0000-" + name}, dn(person), attributes);
  }
  for (unsigned group = 0; group < size.groups; ++group) {
    auto const name = cn(group);
    std::vector<SnapshotBuilder::Attribute> const attributes{{"cn", {name}}};
    EntryId const id{"group-00000000-0000-0000-" + name};
    auto const number = builder.add_group(id, "cn=" + name + ",ou=groups,dc=x", attributes);
    for (auto const person : members[group]) builder.add_member_dn(number, dn(person));
    builder.select("all", id);
  }
  Certificate certificate;
  certificate.clauses = {{"result-codes", true, ""}};
  return std::move(std::move(builder).build(std::move(certificate)).value());
}

struct World {
  World(Size size, bool in_sync) : members(memberships(size)), snapshot(snapshot_of(size, members)) {
    for (unsigned person = 0; person < size.people; ++person)
      observed.users.push_back({std::to_string(person), uid(person), dn(person), UserSource::directory, ""});
    for (unsigned group = 0; in_sync && group < size.groups; ++group) add_group(group);
  }
  void add_group(unsigned number) {
    TargetGroup group;
    group.id = std::to_string(1'000'000 + number);
    group.name = cn(number);
    group.users.assign(members[number].begin(), members[number].end());
    std::ranges::sort(group.users);
    EntryId const source{"group-00000000-0000-0000-" + group.name};
    managed.groups.push_back({group.id, group.name, "all", true, {source}});
    for (auto const person : members[number])
      managed.grants.push_back({group.id, group.name, uid(person), std::to_string(person),
                                EntryId{"00000000-0000-0000-0000-" + uid(person)}, dn(person), "all"});
    observed.groups.push_back(std::move(group));
  }

  std::vector<std::vector<unsigned>> members;
  Snapshot snapshot;
  Observed observed;
  Managed managed;
  std::vector<Rule> rules{fake::rule("all", "vault")};
};

/// Plans once; of what was built for that only the memory counts.
int measure(bool first_run) {
  World world{first_run ? Size{.people = 20'000, .groups = 2'000, .memberships = 150'000}
                        : Size{.people = 100'000, .groups = 10'000, .memberships = 1'000'000},
              !first_run};
  plan::Input input;
  input.rules = world.rules;
  input.views.emplace("corp", plan::DirectoryView{"corp", &world.snapshot, std::nullopt, "dc=x", {}, {}});
  input.targets.push_back({"vault", fake::vault_traits(), &world.observed, &world.managed, {}});
  return bench::print_measured([&world, &input] {
    auto const desired = plan::desire(world.rules, input.views, {{"vault", true}}, {});
    auto draft = plan::draft(input, desired);
    return plan::judge(draft, {world.rules, input.limits, {}, {}, {}}, {}).changes.size();
  });
}

/// Medians of both programs, in turns; `other` may be empty.
void compare(std::string const& what, std::string const& ours, std::string const& other) {
  constexpr int kRounds = 5;
  std::vector<bench::Measurement> mine, theirs;
  for (int n = 0; n < kRounds; ++n) {
    mine.push_back(bench::measure(ours + " --measure " + what));
    if (!other.empty()) theirs.push_back(bench::measure(other + " --measure " + what));
  }
  auto const median = bench::median(mine);
  bench::print(what.c_str(), median);
  if (theirs.empty()) return;
  auto const before = bench::median(theirs);
  bench::print("other build", before);
  std::printf("ratio %.2f of the time, %.2f of the memory\n", median.seconds / before.seconds,
              median.megabytes / before.megabytes);
}

}  // namespace
}  // namespace dirsync

int main(int count, char** words) {
  std::vector<std::string> const given(words, words + count);
  if (count == 3 && given[1] == "--measure") return dirsync::measure(given[2] == "first-run");
  auto const other = count == 3 && given[1] == "--against" ? given[2] : std::string{};
  std::puts("no-change: 1,000,000 memberships that are so already; first-run: 150,000 additions");
  for (auto const* what : {"no-change", "first-run"}) dirsync::compare(what, given[0], other);
}
