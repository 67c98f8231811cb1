#pragma once
// What to write instead of a template whose names a target refuses.
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "sync/plan/desired/desired.hpp"

namespace dirsync::plan {

/// `refused`: groups of one rule whose names `refuse` (TargetTraits::refuse_group_name) does not take.
/// `wanted`: keys of all groups that the rules give the target.
struct RefusedNames {
  Rule const& rule;
  std::span<DesiredGroup const* const> refused;
  std::map<std::string, DesiredGroup> const& wanted;
  std::function<std::string(std::string_view name)> const& refuse;
  bool folds_case;
};

/// The shortest group_name, as TOML spells it, that gives each of them a name of its own that is taken;
/// empty: none would by replacing characters alone.
std::string template_that_would_do(RefusedNames const& names);

}  // namespace dirsync::plan
