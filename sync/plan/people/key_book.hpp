#pragma once
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sync/model/snapshot.hpp"
#include "sync/plan/people/key_rule.hpp"

namespace dirsync::plan {

/// People of one directory by the one value of an attribute that tells them apart. Who has no value, several,
/// or one that others have too, has no key.
/// The snapshot must outlive the book.
class KeyBook {
 public:
  /// `rule`: by which values are the same.
  KeyBook(Snapshot const& snapshot, std::string attribute, Comparison rule);
  /// Empty: none.
  std::string const& key_of(PersonIndex person) const { return keys_[person]; }
  /// Nothing: it is no value of a key.
  std::optional<std::string> key_of_value(std::string_view value) const { return key_by(rule_, value); }
  /// `key`: from key_of_value().
  std::optional<PersonIndex> person(std::string const& key) const;
  /// All who have that value: one, or several who then have no key.
  std::vector<PersonIndex> bearers(std::string const& key) const;
  /// The value of somebody who has no key because others have it too; empty: that is not why, or they have
  /// one.
  std::string shared_key(PersonIndex person) const;
  /// "employeeNumber 17"
  std::string described(PersonIndex person) const;
  /// Why somebody has no key: "has no employeeNumber that can be read", ...
  std::string why_none(PersonIndex person) const;
  /// "uid=a,... and uid=b,..."; of many the first few.
  std::string dns(std::vector<PersonIndex> const& people) const;
  /// Keys that several entries have, and which.
  std::map<std::string, std::vector<PersonIndex>> const& shared() const { return shared_; }
  std::string const& attribute() const { return attribute_; }

 private:
  std::optional<std::string> key_in(PersonIndex person) const;
  Snapshot const& snapshot_;
  std::string attribute_;
  Comparison rule_;
  std::vector<std::string> keys_;  // by PersonIndex
  std::unordered_map<std::string, PersonIndex> people_;
  std::map<std::string, std::vector<PersonIndex>> shared_;
};

}  // namespace dirsync::plan
