#include "sync/plan/desired/branches.hpp"

#include "sync/model/bound_filter.hpp"

namespace dirsync::plan {
namespace {

Notice not_of_people_directory(Rule const& rule, Entry const& person, std::string const& directory) {
  auto const dn = std::string{person.dn};
  return {.code = "not-joined",
          .group = "",
          .principal = dn,
          .text = "rule " + rule.name + ": " + dn + " is of directory " + directory +
                  ", and the rule takes its people from " + rule.people_directory() +
                  "; name the entry that they have there, or take `people` out of the rule"};
}

Notice not_evaluable(Rule const& rule, std::string const& directory, std::string const& why) {
  return {.code = "undefined-filter",
          .group = "",
          .principal = "",
          .text = "rule " + rule.name + ", exclude_people, cannot be asked about people of directory " +
                  directory + ", whom its groups name: " + why +
                  "; they are given nothing and keep what they have. Write the filter without it"};
}

}  // namespace

NameTemplate const& member_name_of(Rule const& rule, Snapshot const& people) {
  auto const is_ad = people.account_rules().scheme == AccountScheme::active_directory;
  return is_ad && rule.member_name_on_ad ? *rule.member_name_on_ad : rule.member_name;
}

Branch branch_of(SourceTree const& main, DirectoryView const& there, std::vector<Reached> people,
                 Books& books) {
  auto const& rule = *main.rule;
  Branch branch{.tree = {.rule = &rule, .directory = main.directory, .people = &there, .is_branch = true},
                .people = {},
                .notices = {}};
  auto& tree = branch.tree;
  tree.member_name = &member_name_of(rule, *there.snapshot);
  tree.names = books.names(there, *tree.member_name);
  tree.nodes = main.nodes;
  if (rule.people && rule.people->directory != there.name) {
    for (auto const& one : people)
      branch.notices.push_back(
          not_of_people_directory(rule, there.snapshot->people()[one.person], there.name));
    return branch;
  }
  if (rule.exclude_people) {
    auto const bound = BoundFilter::bind(*rule.exclude_people, there.snapshot->schema());
    if (!bound) {
      for (auto const& one : people) tree.perhaps.push_back(one.person);
      branch.notices.push_back(not_evaluable(rule, there.name, bound.error().context));
      return branch;
    }
    tree.excluded = books.who_fit(there, *rule.exclude_people);
  }
  branch.people = std::move(people);
  return branch;
}

}  // namespace dirsync::plan
