#include "sync/plan/people/fitting.hpp"

#include <algorithm>

#include "sync/model/assert.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

bool asks_for(Filter const& filter, std::string_view attribute) {
  return std::ranges::any_of(filter.attributes(),
                             [attribute](std::string const& name) { return ascii_iequal(name, attribute); });
}

}  // namespace

std::vector<bool> people_who_fit(Snapshot const& snapshot, Filter const& filter) {
  auto bound = BoundFilter::bind(filter, snapshot.schema());
  DIRSYNC_ASSERT(bound.has_value());
  auto const people = snapshot.people();
  std::vector<bool> fits(people.size());
  for (PersonIndex person = 0; person < fits.size(); ++person)
    fits[person] = bound->matches(people[person].attributes);
  // What was left out of an entry must not decide: a test for its absence would be true.
  for (auto const& damage : snapshot.damages())
    if (damage.of == Damage::Of::person && !damage.attribute.empty() && asks_for(filter, damage.attribute))
      fits[damage.number] = false;
  return fits;
}

}  // namespace dirsync::plan
