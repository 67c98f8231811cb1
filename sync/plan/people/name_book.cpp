#include "sync/plan/people/name_book.hpp"

#include "sync/model/text.hpp"

namespace dirsync::plan {

std::unique_ptr<NameBook> make_name_book(Snapshot const& snapshot, NameTemplate const& name) {
  auto book = std::make_unique<NameBook>();
  auto const people = snapshot.people();
  book->names.reserve(people.size());
  book->bearers.reserve(people.size());
  for (PersonIndex person = 0; person < people.size(); ++person) {
    auto rendered = name.render(people[person].attributes).value_or("");
    if (!rendered.empty()) book->bearers[fold_case(rendered)].push_back(person);
    book->names.push_back(std::move(rendered));
  }
  return book;
}

}  // namespace dirsync::plan
