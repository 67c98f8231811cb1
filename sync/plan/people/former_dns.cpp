#include "sync/plan/people/former_dns.hpp"

#include <algorithm>

namespace dirsync::plan {

FormerDns::FormerDns(Facts const& facts, std::string_view target) : facts_(facts) {
  for (auto const& [directory, counts] : facts.absences)
    for (auto const& [key, runs] : counts)
      if (auto former = former_dn_of(key, target))
        kept_[directory].emplace(std::move(former->dn), std::move(former->id));
}

/// The last accepted read knows best; a run after a move it has forgotten.
EntryId const* FormerDns::bearer_of(std::string const& directory, std::string const& normalized) const {
  if (auto const* const known = known_as(facts_, directory, normalized)) return &known->id;
  auto const kept = kept_.find(directory);
  if (kept == kept_.end()) return nullptr;
  auto const found = kept->second.find(normalized);
  return found == kept->second.end() ? nullptr : &found->second;
}

bool FormerDns::was_of(EntryId const& id, std::string const& normalized) const {
  auto const had_it = [this, &id, &normalized](auto const& directory) {
    auto const* const bearer = bearer_of(directory.first, normalized);
    return bearer != nullptr && *bearer == id;
  };
  return std::ranges::any_of(facts_.known, had_it) || std::ranges::any_of(kept_, had_it);
}

}  // namespace dirsync::plan
