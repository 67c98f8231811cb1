#pragma once
// What settings would bring about that are not in force, beside what those that are in force would.
#include <map>
#include <string>
#include <vector>

#include "sync/model/change.hpp"

namespace dirsync {

/// A rule that one side has and the other has not, or has with other settings.
struct RehearsedRule {
  enum class State {
    changed,
    added,         // no plan of it was ever applied
    gone,          // the new settings do not have it
    not_compared,  // what it would do by the settings in force cannot be worked out on these reads
  } state{};
  std::vector<std::string> keys;  // in which its settings differ
  std::string remark;             // not_compared: why
  friend bool operator==(RehearsedRule const&, RehearsedRule const&) = default;
};
char const* to_text(RehearsedRule::State state);  // "changed", "added", "gone", "not-compared"

struct Rehearsal {
  std::map<std::string, RehearsedRule> rules;  // by name; those that are the same are left out
  /// What the settings in force alone would bring about, in the order of a plan; judged by nobody, never
  /// sent. What the new ones alone would is marked by Change::only_new.
  std::vector<Change> only_old;
};

}  // namespace dirsync
