// What it costs to check an audit trail: `bench_proof [ROWS [ROWS_OF_A_RUN]]`, 400,000 and 8 by default, as a
// year of changes leaves them, with a signed checkpoint at the end of every run; then the same rows with few
// checkpoints. The whole commands are measured: of a copy of the store, and of exports that have left it.
#include <cstdlib>
#include <string>

#include "store/store.hpp"
#include "tests/bench/commands.hpp"

namespace dirsync::bench {
namespace {

constexpr double kRowsPerSecond = 200'000;  // at least

struct Trail {
  int rows, rows_of_a_run;
};

Grant grant_number(int number) {
  Change change;
  auto const digits = std::to_string(number);
  change.target = "vault";
  change.verb = Verb::add;
  change.group = "unix-admins";
  change.group_id = "7";
  change.principal = "user" + digits;
  change.principal_id = digits;
  change.dn = "uid=user" + digits + ",ou=people,dc=example,dc=com";
  change.id = EntryId{"6f1c2a34-5b6d-4e7f-8a9b-" + std::string(12 - digits.size(), '0') + digits};
  change.rule = "unix-admins";
  change.path = "cn=unix-admins,ou=groups,dc=example,dc=com > " + change.dn;
  return grant_of(change);
}

/// Gives the number of rows.
std::int64_t fill(std::filesystem::path const& folder, Trail const& trail) {
  auto const place = store::StateFolder::open(folder).value();
  auto const lock = store::InstanceLock::acquire(place).value();
  auto store = store::Store::open({.folder = place, .lock = &lock}).value();
  for (auto row = 0; row < trail.rows;) {
    std::vector<Grant> found;
    for (auto n = 0; n < trail.rows_of_a_run; ++n) found.push_back(grant_number(row++));
    RunRecord run;
    run.id = store.begin_run({}).value();
    store.adopt(run.id, "vault", "daemon", {}, found).value();
    store.end_run(run).value();
  }
  return store.chain_head().value().sequence;
}

/// True when it was fast enough.
bool print_rate(std::string const& what, std::int64_t rows, double seconds) {
  auto const rate = static_cast<double>(rows) / seconds;
  std::printf("%-24s %7.2f s %10.0f rows/s  budget %.0f  %s\n", what.c_str(), seconds, rate, kRowsPerSecond,
              rate >= kRowsPerSecond ? "within" : "UNDER");
  return rate >= kRowsPerSecond;
}

bool check(Trail const& trail) {
  TempFolder const folder;
  auto const rows = fill(folder.path(), trail);
  Commands const commands{folder.path()};
  std::printf("%lld rows, %d changes a run\n", static_cast<long long>(rows), trail.rows_of_a_run);
  auto is_fast = print_rate("log verify", rows, commands.run("log verify"));
  commands.run("log key");
  std::filesystem::rename(commands.path("out"), commands.path("public.pem"));
  for (std::string const format : {"jsonl", "csv", "cef"}) {
    auto const file = commands.path("rows." + format);
    commands.run("log export --format " + format + " --out " + file);
    auto const seconds = commands.run("log verify --file " + file + " --key " + commands.path("public.pem"));
    is_fast = print_rate("log verify --file, " + format, rows, seconds) && is_fast;
  }
  std::fflush(stdout);
  return is_fast;
}

}  // namespace
}  // namespace dirsync::bench

int main(int argc, char** argv) {
  using namespace dirsync::bench;
  auto const number = [argc, argv](int at, int otherwise) {
    return argc > at ? std::max(1, std::atoi(argv[at])) : otherwise;
  };
  Trail const trail{number(1, 400'000), number(2, 8)};
  auto const is_fast_as_found = check(trail);
  return check({trail.rows, 1'000}) && is_fast_as_found ? 0 : 1;
}
