#include "sync/plan/diff/context.hpp"

#include <algorithm>

namespace dirsync::plan {

Rule const* rule_named(Input const& input, std::string const& name) {
  auto const found = std::ranges::find(input.rules, name, &Rule::name);
  return found == input.rules.end() ? nullptr : &*found;
}

bool source_is_there(Input const& input, EntryId const& source) {
  return std::ranges::any_of(input.views, [&source](auto const& view) {
    return view.second.snapshot->group_by_id(source).has_value();
  });
}

}  // namespace dirsync::plan
