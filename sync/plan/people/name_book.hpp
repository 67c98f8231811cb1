#pragma once
// What a rule's member_name makes of people.
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "sync/model/name_template.hpp"
#include "sync/plan/people/directory_view.hpp"

namespace dirsync::plan {

/// The names that one template gives to all people of a directory.
struct NameBook {
  std::vector<std::string> names;  // by PersonIndex; empty: an attribute is missing, or `several`
  /// Of the few whose values give more than one: an attribute's values are a set, and none is the first.
  std::unordered_map<PersonIndex, std::vector<std::string>> several;
  /// Folded name -> people who bear it, be it as one of several; more than one are namesakes.
  std::unordered_map<std::string, std::vector<PersonIndex>> bearers;

  /// All names of the person; empty: none.
  std::span<std::string const> names_of(PersonIndex person) const;
  /// For messages: the name, or all of them.
  std::string label(PersonIndex person) const;
};

std::unique_ptr<NameBook> make_name_book(Snapshot const& snapshot, NameTemplate const& name);

/// The people of one directory under the names that one rule gives them. Owns nothing.
struct NamedPeople {
  DirectoryView const* view = nullptr;
  NameBook const* names = nullptr;
  friend bool operator==(NamedPeople const&, NamedPeople const&) = default;
};

}  // namespace dirsync::plan
