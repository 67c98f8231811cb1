#include "ldap/survey/classes.hpp"

#include <algorithm>
#include <array>

#include "sync/model/text.hpp"

namespace dirsync::ldap {

std::vector<std::string> most_special(Schema const& schema, std::vector<std::string> classes) {
  std::vector<std::string> left;
  for (auto const& name : classes) {
    auto const one = schema.object_class(name);
    auto const is_below = [&schema, &one](std::string const& other) {
      auto const below = schema.object_class(other);
      return one && below && *below != *one && schema.is_class_below(*below, *one);
    };
    if (!ascii_iequal(name, "top") && std::ranges::none_of(classes, is_below)) left.push_back(name);
  }
  std::ranges::sort(left);
  return left;
}

std::vector<std::string> member_types(Schema const& schema) {
  constexpr std::array kTypes{"member", "uniqueMember", "memberUid", "memberURL", "roleOccupant"};
  std::vector<std::string> names;
  for (auto const* const name : kTypes) {
    auto const super = schema.type(name);
    if (!super) continue;
    names.emplace_back(name);
    for (Schema::TypeIndex type = 0; type < schema.types().size(); ++type) {
      auto const& one = schema[type];
      if (type != *super && schema.is_kind_of(type, *super))
        names.push_back(one.names.empty() ? one.oid : one.names.front());
    }
  }
  return names;
}

}  // namespace dirsync::ldap
