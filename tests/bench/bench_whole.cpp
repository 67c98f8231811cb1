// The whole program beside what is possible and beside others, on one directory and in turns:
//   bench_whole [--rounds N] [--out FILE] [PEOPLE GROUPS MEMBERSHIPS]
// Without numbers: 2,000, 5,000 and 20,000 people. The Vault is a simulator that answers at once. `--out`
// adds a line of JSON for each measurement to FILE.
#include <sys/wait.h>

#include <algorithm>
#include <exception>
#include <map>
#include <optional>
#include <utility>

#include "tests/bench/measured_child.hpp"
#include "tests/bench/postgres.hpp"
#include "tests/bench/whole_world.hpp"

namespace dirsync::bench {
namespace {

constexpr DirectorySize kSizes[] = {{.people = 2'000, .groups = 200, .memberships = 15'000},
                                    {.people = 5'000, .groups = 500, .memberships = 37'000},
                                    {.people = 20'000, .groups = 2'000, .memberships = 147'000}};

struct Settings {
  std::string self, out;
  int rounds = 3;
  int latency = 0;  // of the Vault, milliseconds
  bool plan_only = false;
};

/// What one program did once.
struct Row {
  std::string work, who;
  Measurement cost = {};
  std::int64_t calls = 0, changes = 0;  // to the Vault; of dirsyncd alone
  std::uintmax_t bytes = 0;             // of the store afterwards, or of what it printed
};

class Whole {
 public:
  Whole(Settings const& settings, DirectorySize const& size)
      : settings_(settings), directory_(size), world_(directory_) {
    world_.set_latency(settings.latency);
  }

  void measure() {
    std::printf("\n%u people, %u groups, %llu direct memberships\n", directory_.size().people,
                directory_.size().groups, static_cast<unsigned long long>(directory_.size().memberships));
    std::fflush(stdout);
    read("bare libldap");  // warms slapd's caches
    for (int round = 0; round < settings_.rounds; ++round) measure_round();
    for (auto const& key : order_) print_medians(key);
  }

 private:
  using Key = std::pair<std::string, std::string>;  // work, who

  void measure_round() {
    for (auto const* who : {"bare libldap", "ldapsearch", "python3-ldap"}) keep(read(who));
    world_.begin_anew();
    keep(run("plan", {"plan", "--json"}));
    if (settings_.plan_only) return;
    postgres_.reset();
    postgres_.emplace();
    for (auto const* work : {"first run", "no change"}) {
      keep(run(work, {"sync", "--json"}));
      keep(run_peer(work));
    }
    world_.change_one_percent();
    keep(run("1 % change", {"sync", "--json"}));
    keep(run_peer("1 % change"));
  }

  Measurement cost_of(std::vector<std::string> const& words) const {
    return measure_child(settings_.self, output(), words);
  }
  std::string output() const { return (world_.folder() / "measured").string(); }

  Row read(std::string const& who) const {
    auto const uri = world_.uri();
    std::map<std::string, std::vector<std::string>> const commands{
        {"bare libldap", {DIRSYNC_BIN_DIR "/bench_directory", "--measure", "bare", uri}},
        {"ldapsearch",
         {"ldapsearch", "-x", "-LLL", "-o", "ldif-wrap=no", "-E", "pr=1000/noprompt", "-H", uri, "-b",
          "dc=example,dc=com", "(|(objectClass=groupOfNames)(objectClass=inetOrgPerson))", "cn", "entryUUID",
          "member", "mail", "uid"}},
        {"python3-ldap",
         {"/usr/bin/python3", "-B", DIRSYNC_SOURCE_DIR "/tests/bench/read_with_python_ldap.py", uri}}};
    Row row{.work = "read", .who = who};
    row.cost = cost_of(commands.at(who));
    return row;
  }

  Row run(std::string const& work, std::vector<std::string> const& command) {
    world_.forget();
    Row row{.work = work, .who = "dirsyncd"};
    row.cost = cost_of(world_.words(command));
    row.calls = world_.requests();
    row.changes = world_.writes();
    row.bytes = work == "plan" ? std::filesystem::file_size(output()) : world_.store_bytes();
    if (work == "no change" && row.changes != 0) give_up("a run without a change wrote something");
    if (work == "first run" && row.changes < static_cast<std::int64_t>(directory_.size().memberships))
      give_up("the first run made fewer changes than there are memberships");
    return row;
  }

  Row run_peer(std::string const& work) const {
    auto const file =
        postgres_->write_configuration(world_.ldap_port(), test::kReaderDn, test::kReaderPassword);
    Row row{.work = work, .who = "pg-ldap-sync"};
    row.cost = cost_of({"pg_ldap_sync", "-c", file});
    return row;
  }

  void keep(Row row) {
    Key const key{row.work, row.who};
    if (!rows_.contains(key)) order_.push_back(key);
    write(row);
    rows_[key].push_back(std::move(row));
  }

  void write(Row const& row) const {
    if (settings_.out.empty()) return;
    auto* const file = std::fopen(settings_.out.c_str(), "a");
    if (file == nullptr) give_up(settings_.out + " cannot be written");
    std::fprintf(file,
                 R"({"suite":"whole","work":"%s","who":"%s","people":%u,"groups":%u,"memberships":%llu,)"
                 R"("seconds":%f,"cpu":%f,"megabytes":%f,"calls":%lld,"changes":%lld,"bytes":%llu})"
                 "\n",
                 row.work.c_str(), row.who.c_str(), directory_.size().people, directory_.size().groups,
                 static_cast<unsigned long long>(directory_.size().memberships), row.cost.seconds,
                 row.cost.cpu, row.cost.megabytes, static_cast<long long>(row.calls),
                 static_cast<long long>(row.changes), static_cast<unsigned long long>(row.bytes));
    std::fclose(file);
  }

  void print_medians(Key const& key) const {
    auto const& rows = rows_.at(key);
    std::vector<Measurement> costs;
    for (auto const& row : rows) costs.push_back(row.cost);
    auto const [least, most] = std::ranges::minmax(costs, {}, &Measurement::seconds);
    auto const middle = median(costs);
    std::printf("%-11s %-13s %8.3f s (%.3f to %.3f)  cpu %8.3f s  peak %6.1f MB", key.first.c_str(),
                key.second.c_str(), middle.seconds, least.seconds, most.seconds, middle.cpu,
                middle.megabytes);
    auto const& last = rows.back();
    if (last.calls > 0)
      std::printf("  %lld calls, %lld changes, %.1f MB", static_cast<long long>(last.calls),
                  static_cast<long long>(last.changes), static_cast<double>(last.bytes) / 1e6);
    if (last.changes > 0)
      std::printf(", %.3f ms CPU a change, %.0f changes/s",
                  middle.cpu * 1e3 / static_cast<double>(last.changes),
                  static_cast<double>(last.changes) / middle.seconds);
    std::puts("");
    std::fflush(stdout);
  }

  Settings settings_;
  MadeDirectory directory_;
  WholeWorld world_;
  std::optional<Postgres> postgres_;
  std::map<Key, std::vector<Row>> rows_;
  std::vector<Key> order_;
};

int run(std::vector<std::string> words) {
  Settings settings{.self = words.at(0), .out = ""};
  words.erase(words.begin());
  while (words.size() >= 2 && words[0].starts_with("--")) {
    if (words[0] == "--rounds") settings.rounds = std::max(1, std::atoi(words[1].c_str()));
    if (words[0] == "--out") settings.out = words[1];
    if (words[0] == "--latency") settings.latency = std::max(0, std::atoi(words[1].c_str()));
    if (words[0] == "--plan-only") settings.plan_only = words[1] == "yes";
    words.erase(words.begin(), words.begin() + 2);
  }
  if (words.size() == 3) {
    Whole{settings,
          {.people = static_cast<unsigned>(std::stoul(words[0])),
           .groups = static_cast<unsigned>(std::stoul(words[1])),
           .memberships = std::stoull(words[2])}}
        .measure();
    return 0;
  }
  if (!words.empty())
    give_up(
        "usage: bench_whole [--rounds N] [--out FILE] [--latency MS] [--plan-only yes] [PEOPLE GROUPS "
        "MEMBERSHIPS]");
  for (auto const& size : kSizes) Whole{settings, size}.measure();
  return 0;
}

}  // namespace
}  // namespace dirsync::bench

int main(int argc, char** argv) {
  std::vector<std::string> const words(argv, argv + argc);
  if (words.size() > 3 && words[1] == "--measured")
    return dirsync::bench::print_child(words[2], {words.begin() + 3, words.end()});
  try {
    return dirsync::bench::run(words);
  } catch (std::exception const& wrong) {
    dirsync::bench::give_up(wrong.what());
  }
}
