#include "sync/model/joined_id.hpp"

#include <algorithm>
#include <string_view>

#include "sync/model/join.hpp"

namespace dirsync {

EntryId joined_id(std::vector<EntryId> ids) {
  std::ranges::sort(ids);
  auto const rest = std::ranges::unique(ids);
  ids.erase(rest.begin(), rest.end());
  return EntryId{join(ids, "+", &EntryId::value)};
}

std::vector<EntryId> parts_of(EntryId const& id) {
  std::vector<EntryId> parts;
  std::string_view rest = id.value();
  for (auto at = rest.find('+'); at != rest.npos; at = rest.find('+')) {
    parts.emplace_back(std::string{rest.substr(0, at)});
    rest.remove_prefix(at + 1);
  }
  parts.emplace_back(std::string{rest});
  return parts;
}

}  // namespace dirsync
