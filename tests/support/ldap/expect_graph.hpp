#pragma once
#include <gtest/gtest.h>

#include "sync/plan/desired/flatten.hpp"
#include "tests/support/ldap/random_directory.hpp"

namespace dirsync::test {

/// Expects that a snapshot of `directory` gives each group the people that the reference gives it: directly,
/// to some depths, at any depth, and with a group that is not entered. `person_id`, `group_id`: the ids under
/// which the n-th was read.
inline void expect_as_the_reference(Snapshot const& snapshot, RandomDirectory const& directory,
                                    auto const& person_id, auto const& group_id) {
  ASSERT_EQ(snapshot.people().size(), directory.people.size());
  ASSERT_EQ(snapshot.groups().size(), directory.groups.size());
  std::vector<std::size_t> person_number(directory.people.size()), group_number(directory.groups.size());
  for (std::size_t n = 0; n < directory.people.size(); ++n) {
    auto const person = snapshot.person_by_id(person_id(n));
    ASSERT_TRUE(person);
    person_number[*person] = n;
  }
  for (std::size_t n = 0; n < directory.groups.size(); ++n) {
    auto const group = snapshot.group_by_id(group_id(n));
    ASSERT_TRUE(group);
    group_number[*group] = n;
  }
  plan::Flattener flattener{snapshot};
  auto const flat = [&flattener, &person_number](GroupIndex group, plan::NestingRules const& rules) {
    std::set<std::size_t> numbers;
    for (auto const& reached : flattener.flatten(group, rules).people)
      EXPECT_TRUE(numbers.insert(person_number[reached.person]).second);
    return numbers;
  };
  for (GroupIndex group = 0; group < snapshot.groups().size(); ++group) {
    auto const n = group_number[group];
    SCOPED_TRACE("group " + std::string{snapshot.groups()[group].dn});
    plan::NestingRules rules;
    EXPECT_EQ(flat(group, rules), directory.everybody_in(n, -1));
    for (rules.max_depth = 1; rules.max_depth < 4; ++rules.max_depth)
      EXPECT_EQ(flat(group, rules), directory.everybody_in(n, rules.max_depth));
    rules.nested = false;
    EXPECT_EQ(flat(group, rules), directory.people_in(n));
    auto const nobody = std::ranges::any_of(directory.groups[n].members, [](auto const& member) {
      return member.is == RandomDirectory::Member::Is::nobody;
    });
    EXPECT_EQ(!snapshot.members(group).unresolved.empty(), nobody);
    plan::NestingRules without_first;
    without_first.excluded[snapshot.directory()] = {true};
    EXPECT_EQ(flat(group, without_first), directory.everybody_in(n, -1, {group_number[0]}));
  }
}

}  // namespace dirsync::test
