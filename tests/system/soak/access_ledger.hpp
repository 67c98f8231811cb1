#pragma once
// Who was out of which target group, and when, as the directory's own content says.
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/system/soak/directory_content.hpp"

namespace dirsync::test {

/// Groups are told apart by their immutable id, so that nobody is out of a group because it was renamed.
/// Times as RFC 3339 in UTC with milliseconds, which sort as texts do.
class AccessLedger {
 public:
  /// One target's: its groups are those whose cn begins with `prefix`, its people go by `name`.
  AccessLedger(std::string prefix, std::string PersonEntry::*name)
      : prefix_(std::move(prefix)), name_(name) {}

  /// The directory came to hold `content` between `began` and `ended`, in one step as far as anybody's access
  /// goes.
  void note(DirectoryContent const& content, std::string const& began, std::string const& ended);

  /// Whether they were out of the group at any moment from `from` to `to`; also true of somebody who never
  /// was in it. `group`: any name that it ever had in the target.
  bool was_out(std::string const& group, std::string const& principal, std::string const& from,
               std::string const& to) const;

 private:
  struct Absence {
    std::string from, to;  // to: empty while it lasts
  };
  using Key = std::pair<std::string, std::string>;  // id of the group, principal

  std::string prefix_;
  std::string PersonEntry::*name_;
  std::map<std::string, std::string> ids_;        // by every name that a group had
  std::map<Key, std::vector<Absence>> absences_;  // of everybody who ever was in; oldest first
};

}  // namespace dirsync::test
