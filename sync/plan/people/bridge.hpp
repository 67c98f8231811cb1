#pragma once
// Groups from one directory, people from another (`people` of a rule).
#include <optional>
#include <string>
#include <vector>

#include "sync/model/policy.hpp"
#include "sync/plan/people/directory_view.hpp"
#include "sync/plan/people/key_book.hpp"

namespace dirsync::plan {

/// From whom a rule's groups name to whom its people directory has: entries with the same key on both sides.
/// Views and books must outlive it.
class Bridge {
 public:
  Bridge(DirectoryView const& groups, KeyBook const& group_side, DirectoryView const& people,
         KeyBook const& people_side)
      : groups_(groups), group_side_(group_side), people_(people), people_side_(people_side) {}

  /// Somebody on the other side, or why nobody is known to be them.
  struct Crossing {
    std::optional<PersonIndex> person;
    std::string why_not = {};
    bool is_shared = false;                 // several entries of one side bear the value
    std::vector<PersonIndex> perhaps = {};  // and may be meant
  };
  Crossing cross(PersonIndex group_side) const;
  /// Of a memberUid value that names no entry of the groups' directory.
  Crossing cross_uid(std::string_view value) const;
  std::optional<PersonIndex> back(PersonIndex person) const;

  /// "employeeNumber 17"
  std::string key_text(PersonIndex person) const { return people_side_.described(person); }
  /// A person who is not wanted is proven to have left when their entry among the groups' people was read and
  /// is in none of them, or when all members are somebody else. Otherwise: why nobody can tell; else empty.
  std::string doubt(PersonIndex person, bool all_crossed) const;

 private:
  bool by_uid() const;
  Crossing to_bearers_of(std::string const& key, std::string_view shown) const;

  DirectoryView const& groups_;
  KeyBook const& group_side_;
  DirectoryView const& people_;
  KeyBook const& people_side_;
};

}  // namespace dirsync::plan
