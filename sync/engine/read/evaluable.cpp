#include "sync/engine/read/evaluable.hpp"

#include "sync/engine/errors.hpp"
#include "sync/model/bound_filter.hpp"
#include "sync/model/join.hpp"

namespace dirsync::engine {
namespace {

/// Filters that are evaluated on people of the directory, by their key in the configuration.
std::map<std::string, Filter> filters_on(Setup const& setup, SourceDirectory const& directory) {
  std::map<std::string, Filter> filters;
  if (directory.policy.disabled) filters.emplace("users.disabled", *directory.policy.disabled);
  for (auto const& rule : setup.rules)
    if (rule.exclude_people && rule.people_directory() == directory.name)
      filters.emplace("exclude_people of rule " + rule.name, *rule.exclude_people);
  return filters;
}

}  // namespace

Result<void> require_evaluable(Setup const& setup, SourceDirectory const& directory, Schema const& schema,
                               Certificate& certificate) {
  std::vector<std::string> undefined;
  for (auto const& [key, filter] : filters_on(setup, directory)) {
    auto const bound = BoundFilter::bind(filter, schema);
    if (!bound) {
      Error const error{EngineErrc::filter,
                        "directory " + directory.name + ", " + key + ": " + bound.error().context +
                            "; write the filter without it" +
                            (schema.remark().empty() ? "" : ", or see why: " + schema.remark())};
      certificate.clauses.push_back({"filter", false, error.context});
      return error;
    }
    for (auto const& part : bound->undefined_parts()) undefined.push_back(key + ": " + part);
  }
  if (!undefined.empty())
    certificate.clauses.push_back(
        {"filter", true, "neither true nor false for anybody: " + join(undefined, "; ")});
  return {};
}

}  // namespace dirsync::engine
