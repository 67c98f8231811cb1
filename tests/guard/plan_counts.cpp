// The planner: from both reads to a judged plan.
#include "tests/guard/company.hpp"
#include "tests/guard/counted.hpp"

namespace dirsync::guard {
namespace {

/// `changes`: as many must come of it.
void count_plan(std::string const& name, Shape const& shape, std::size_t changes) {
  Company const company{shape};
  std::size_t planned = 0;
  counted(name, [&company, &planned] { planned = company.plan(); });
  expect(planned == changes,
         (name + ": a plan of " + std::to_string(planned) + " changes, not of " + std::to_string(changes))
             .c_str());
}

}  // namespace

void plan_first(std::string const& name, unsigned n) {
  count_plan(name, {.people = 1'000, .groups = n, .members = 50}, n * 51);
}

void plan_no_change(std::string const& name, unsigned n) {
  count_plan(name, {.people = 1'000, .groups = n, .members = 50, .in_sync = true}, 0);
}

void plan_people(std::string const& name, unsigned n) { count_plan(name, {.people = n}, 4 * 21); }

void plan_depth(std::string const& name, unsigned n) {
  count_plan(name, {.groups = 1, .depth = n}, 1 + 20 + 10);
}

void plan_one_group(std::string const& name, unsigned n) {
  count_plan(name, {.people = n, .groups = 1, .members = n}, n + 1);
}

void plan_target_users(std::string const& name, unsigned n) { count_plan(name, {.users = n}, 4 * 21); }

void plan_grants(std::string const& name, unsigned n) {
  count_plan(name, {.people = 1, .groups = n, .members = 1, .in_sync = true}, 0);
}

void plan_notices(std::string const& name, unsigned n) {
  Company const company{{.unnamed = n}};
  std::size_t notices = 0;
  counted(name, [&company, &notices] { company.plan(&notices); });
  expect(notices >= n, "there are fewer notices than groups without a name");
}

void plan_rules(std::string const& name, unsigned n) {
  count_plan(name, {.groups = n, .members = 5, .rules = n}, n * 6);
}

void plan_removals(std::string const& name, unsigned n) {
  count_plan(name, {.people = n, .groups = 1, .members = n, .all_left = true}, n);
}

}  // namespace dirsync::guard
