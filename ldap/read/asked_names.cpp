#include "ldap/read/asked_names.hpp"

#include "sync/model/text.hpp"

namespace dirsync::ldap {

std::vector<std::string> const& AskedNames::others_of(std::string_view name) {
  auto const known = known_.find(name);
  if (known != known_.end()) return known->second;
  auto& others = known_[std::string{name}];
  auto const description = dirsync::described(name);
  auto const type = schema_.type(description.type);
  for (auto const& asked : asked_) {
    auto const wanted = dirsync::described(asked);
    if (type && !ascii_iequal(asked, name) && schema_.type(wanted.type) == type &&
        wanted.options == description.options)
      others.push_back(asked);
  }
  return others;
}

}  // namespace dirsync::ldap
