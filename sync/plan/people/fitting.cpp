#include "sync/plan/people/fitting.hpp"

#include "sync/model/assert.hpp"

namespace dirsync::plan {

std::vector<bool> people_who_fit(Snapshot const& snapshot, Filter const& filter) {
  auto bound = BoundFilter::bind(filter, snapshot.schema());
  DIRSYNC_ASSERT(bound.has_value());
  auto const people = snapshot.people();
  std::vector<bool> fits(people.size());
  for (PersonIndex person = 0; person < fits.size(); ++person)
    fits[person] = bound->matches(people[person].attributes);
  return fits;
}

}  // namespace dirsync::plan
