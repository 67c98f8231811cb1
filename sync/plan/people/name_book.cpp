#include "sync/plan/people/name_book.hpp"

#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {

std::unique_ptr<NameBook> make_name_book(Snapshot const& snapshot, NameTemplate const& name) {
  auto book = std::make_unique<NameBook>();
  auto const people = snapshot.people();
  book->names.reserve(people.size());
  book->bearers.reserve(people.size());
  for (PersonIndex person = 0; person < people.size(); ++person) {
    auto names = name.names(people[person].attributes);
    for (auto const& one : names) {
      auto& bearers = book->bearers[fold_case(one)];
      if (bearers.empty() || bearers.back() != person) bearers.push_back(person);
    }
    book->names.push_back(names.size() == 1 ? std::move(names.front()) : std::string{});
    if (names.size() > 1) book->several.emplace(person, std::move(names));
  }
  return book;
}

std::span<std::string const> NameBook::names_of(PersonIndex person) const {
  if (!names[person].empty()) return {&names[person], 1};
  auto const found = several.find(person);
  return found == several.end() ? std::span<std::string const>{} : found->second;
}

std::string NameBook::label(PersonIndex person) const { return join(names_of(person), ", "); }

}  // namespace dirsync::plan
