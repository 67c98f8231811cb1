#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace dirsync {

/// Of one directory that was read.
struct DirectorySummary {
  std::uint64_t groups = 0, people = 0;
  std::uint64_t disabled = 0;    // of the people: disabled, expired or locked, as account_states say
  std::uint64_t values = 0;      // in member lists
  std::uint64_t unresolved = 0;  // of the values: those that name nothing that was read
  void add(DirectorySummary const& other) {
    groups += other.groups, people += other.people, disabled += other.disabled;
    values += other.values, unresolved += other.unresolved;
  }
  friend bool operator==(DirectorySummary const&, DirectorySummary const&) = default;
};

/// What one rule came to.
struct RuleSummary {
  std::string directory, target;
  std::uint64_t groups = 0;   // source groups that it selects
  std::uint64_t names = 0;    // target groups that they name
  std::uint64_t refused = 0;  // of the source groups: those that have no name, or one that the target refuses
  std::uint64_t people = 0;   // wanted in those groups, each once
  std::uint64_t waiting = 0;  // of the people: the target has no user of theirs yet
  std::uint64_t ambiguous = 0;  // of the people: nobody can tell which user is theirs
  friend bool operator==(RuleSummary const&, RuleSummary const&) = default;
};

/// What was read and what it came to. Targets that were not read, and rules that feed them, have no part in
/// it.
struct Summary {
  std::map<std::string, DirectorySummary> directories;
  std::map<std::string, RuleSummary> rules;
  friend bool operator==(Summary const&, Summary const&) = default;
};

}  // namespace dirsync
