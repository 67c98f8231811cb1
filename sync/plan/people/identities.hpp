#pragma once
// The same person in several directories (`users.join`).
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "sync/model/joined_id.hpp"
#include "sync/plan/people/directory_view.hpp"
#include "sync/plan/people/key_book.hpp"

namespace dirsync::plan {

/// Entries of different directories are one person when both directories have `join` and both entries the
/// same key, or when they have the same immutable id: then a server is read twice. `views` must outlive it.
class Identities {
 public:
  explicit Identities(std::map<std::string, DirectoryView> const& views);

  /// All entries of that person, ordered by directory; empty when there is no other than `ref`.
  std::span<PersonRef const> joined(PersonRef const& ref) const;
  /// The same entry for every entry of one person.
  PersonRef first_of(PersonRef const& ref) const;
  EntryId id_of(PersonRef const& ref) const;
  /// Every entry of all directories with that id.
  std::vector<PersonRef> bearers_of(EntryId const& id) const;
  /// Every person entry of all directories with that DN. `normalized`: from normalized_dn().
  std::vector<PersonRef> bearers_of_dn(std::string const& normalized) const;
  /// That two entries are certainly two people: of one directory, of directories that nothing joins, or with
  /// two keys. False as well while a key cannot be read.
  bool are_two(PersonRef const& one, PersonRef const& other) const;
  /// Several entries of one directory bear the value by which that entry would be joined.
  bool has_shared_key(PersonRef const& ref) const;
  /// By directory, of those with `join`.
  std::map<std::string, KeyBook> const& keys() const { return keys_; }
  bool has_several_directories() const { return views_.size() > 1; }

 private:
  void link(PersonRef const& one, PersonRef const& other);
  std::size_t cluster_of(PersonRef const& ref) const;

  std::vector<DirectoryView const*> views_;  // by name
  std::map<std::string, KeyBook> keys_;
  std::vector<std::vector<PersonRef>> clusters_;
  std::map<DirectoryView const*, std::unordered_map<PersonIndex, std::size_t>> numbers_;
};

}  // namespace dirsync::plan
