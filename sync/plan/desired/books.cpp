#include "sync/plan/desired/books.hpp"

#include "sync/plan/people/fitting.hpp"

namespace dirsync::plan {

NameBook const* Books::names(DirectoryView const& view, NameTemplate const& name) {
  auto& book = names_[{view.name, name.text()}];
  if (!book) book = make_name_book(*view.snapshot, name);
  return book.get();
}

std::vector<bool> const* Books::who_fit(DirectoryView const& view, Filter const& filter) {
  auto& people = who_fit_[{view.name, filter.text()}];
  if (!people) people = std::make_unique<std::vector<bool> const>(people_who_fit(*view.snapshot, filter));
  return people.get();
}

UidBook const& Books::uids(DirectoryView const& view) {
  auto& book = uids_[view.name];
  if (!book) book = std::make_unique<UidBook>(*view.snapshot);
  return *book;
}

Bridge const* Books::bridge(Rule const& rule, DirectoryView const& groups, DirectoryView const& people) {
  if (!rule.people) return nullptr;
  auto& bridge = bridges_[rule.name];
  auto const& [directory, group_side, people_side] = *rule.people;
  auto const same_by = stricter(key_rule(groups.snapshot->schema(), group_side),
                                key_rule(people.snapshot->schema(), people_side));
  bridge = std::make_unique<Bridge>(groups, keys(groups, group_side, same_by), people,
                                    keys(people, people_side, same_by));
  return bridge.get();
}

KeyBook const& Books::keys(DirectoryView const& view, std::string const& attribute, Comparison rule) {
  auto& book = keys_[{view.name, attribute, rule}];
  if (!book) book = std::make_unique<KeyBook>(*view.snapshot, attribute, rule);
  return *book;
}

}  // namespace dirsync::plan
