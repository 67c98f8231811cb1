#pragma once
// The settings behind a rule's last applied or quiet plan, as the store keeps them.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/model/policy.hpp"

namespace dirsync::plan {

/// JSON: `rule`, everything that decides what the rule wants and what is done about it, and `around` and
/// `elsewhere`, as in Rule. Limits are no part. Equal for equal settings.
std::string settings_text(Rule const& rule);

/// The keys in which they differ, each once: "exclude_people", "directory.corp.users.base". Without
/// Rule::elsewhere.
std::vector<std::string> changed_settings(std::string const& kept, Rule const& rule);

/// The same of other directories, new ones and those that are gone among them: by directory.
std::map<std::string, std::vector<std::string>> changed_elsewhere(std::string const& kept, Rule const& rule);

/// `rule` as it was. Nothing: what is kept is no such text, or names a filter or a template that this version
/// does not know.
std::optional<Rule> rule_of(std::string const& kept, Rule rule);

/// Whether reads made for the present settings also serve those of before, which differ in these keys: not
/// those of which groups, people and target are read.
bool serve_the_same_reads(std::vector<std::string> const& changed);

}  // namespace dirsync::plan
