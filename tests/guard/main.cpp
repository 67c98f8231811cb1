// Counts instructions under callgrind, for guard.py:
//   guard_counts work            what is compared with counts.txt
//   guard_counts growth FACTOR   every dimension three times, doubled each time; FACTOR 1 is the small form
#include <cstdlib>
#include <string>

#include "tests/guard/counted.hpp"

namespace dirsync::guard {
namespace {

struct Case {
  char const* name;
  void (*count)(std::string const& name, unsigned n);
  unsigned n;
};

constexpr Case kWork[] = {
    {"planner", plan_first, 100},
    {"no change", plan_no_change, 100},
    {"DN interning", intern_members, 20'000},
    {"Vault list", read_vault_list, 20'000},
    {"snapshot diff", accept_again, 200},
};

constexpr Case kGrowth[] = {
    {"people", plan_people, 1'000},
    {"groups", plan_first, 10},
    {"groups, no change", plan_no_change, 10},
    {"nesting depth", plan_depth, 50},
    {"members of one group", plan_one_group, 250},
    {"removals from one group", plan_removals, 250},
    {"target users", plan_target_users, 1'000},
    {"grants of one person", plan_grants, 250},
    {"notices", plan_notices, 100},
    {"rules", plan_rules, 20},
    {"member values", intern_members, 2'000},
    {"members in the Vault's list", read_vault_list, 2'000},
    {"groups read again", accept_again, 50},
    {"grants made in one group", grant_to_one_group, 100},
    {"grants ended in one group", revoke_from_one_group, 100},
    {"grants read", read_grants, 500},
    {"audit rows appended", append_audit_rows, 100},
    {"audit rows verified", verify_audit_rows, 250},
};

int run(int argc, char** argv) {
  std::string const what = argc > 1 ? argv[1] : "";
  if (what == "work")
    for (auto const& work : kWork) work.count(work.name, work.n);
  else if (what == "growth" && argc > 2 && std::atoi(argv[2]) > 0)
    for (auto const& dimension : kGrowth)
      for (auto const doubled : {1U, 2U, 4U}) {
        auto const n = dimension.n * static_cast<unsigned>(std::atoi(argv[2])) * doubled;
        dimension.count(std::string{dimension.name} + "/" + std::to_string(n), n);
      }
  else
    expect(false, "usage: guard_counts work | growth FACTOR");
  return 0;
}

}  // namespace
}  // namespace dirsync::guard

int main(int argc, char** argv) { return dirsync::guard::run(argc, argv); }
