#pragma once
// The settings behind a rule's last applied or quiet plan, as the store keeps them.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/model/policy.hpp"
#include "sync/plan/people/directory_view.hpp"

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

/// How the servers compare what decides about the rule's people: into Rule::around, by keys that count only
/// where both sides of a comparison have them, as a schema may be hidden for a while. A view is left out
/// whose schema is not the server's own.
void note_equality_rules(Rule& rule, std::map<std::string, DirectoryView> const& views);

/// Whether reads made for the present settings also serve those of before, which differ in these keys: not
/// those of which groups, people and target are read.
bool serve_the_same_reads(std::vector<std::string> const& changed);

}  // namespace dirsync::plan
