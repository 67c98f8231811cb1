#pragma once
// Which groups of a directory a target might get, and under which names.
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ldap/settings.hpp"
#include "sync/model/target_traits.hpp"

namespace dirsync::init {

struct GroupNames {
  std::string filter;                // of the rule
  std::string group_name;            // template that is safe for the target
  std::size_t selected = 0;          // groups that a proposed filter finds among the names; else 0
  std::vector<std::string> refused;  // names that the target takes under no such template
  std::vector<std::string> reasons;  // sentences: why it is proposed so
};

/// What is known of the target and of the person's wish.
struct GroupNamesWanted {
  TargetKind kind = TargetKind::vault;
  ldap::Flavour flavour = ldap::Flavour::openldap;
  std::string filter;                                        // empty: to be proposed
  std::function<std::string(std::string_view name)> refuse;  // see TargetTraits::refuse_group_name
};

/// `names`: cn of the directory's groups. Pure; any thread.
GroupNames propose_group_names(std::span<std::string const> names, GroupNamesWanted const& wanted);

}  // namespace dirsync::init
