#pragma once
// Reading the body of a write as the gateway does: null is absent, numbers may be strings, ids are an array.
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulators/console/context.hpp"

namespace dirsync::sim::console {

/// Empty when absent.
Checked<std::string> body_text(json::object const& body, std::string_view key);

/// Without repetitions; nothing when absent.
Checked<std::optional<std::vector<std::string>>> body_ids(json::object const& body, std::string_view key);

/// Refuses a body written for another object, or from an older state of this one.
Checked<void> check_target(Context const& context, Knobs const& knobs, Stamps const& current);

/// Marks a body with fields that no release knows.
void mark_unknown_fields(Context& context, std::initializer_list<std::string_view> known);

/// Every id is of an entry that `org` or an organization above it owns.
template <class Entries>
bool all_usable(State const& state, Entries const& entries, std::vector<std::string> const& ids,
                std::string const& org) {
  return std::ranges::all_of(ids, [&state, &entries, &org](std::string const& id) {
    auto const* entry = find(entries, id);
    return entry && state.within(org, entry->org);
  });
}

}  // namespace dirsync::sim::console
