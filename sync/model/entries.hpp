#pragma once
// Entries of one kind, people or groups, compact enough for hundreds of thousands.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/error.hpp"
#include "sync/model/filter.hpp"
#include "sync/model/flat_index.hpp"
#include "sync/model/pool.hpp"
#include "sync/model/strong.hpp"

namespace dirsync {

struct Entry {
  EntryId id;
  std::string_view dn;             // as the server spells it
  std::string_view normalized_dn;  // key for comparing; set by EntryList::index()
  std::span<AttributeView const> attributes;
  /// Values of one attribute; empty when absent. `name` in any ASCII case.
  std::span<std::string_view const> values(std::string_view name) const;
};

/// One attribute of an entry that is being added.
struct EntryAttribute {
  std::string_view name;
  std::vector<std::string_view> values;
};

/// Entries with all the text they refer to; views stay valid while the list lives, also when it moves.
/// Two lists share nothing: each may be filled and indexed by a thread of its own.
class EntryList {
 public:
  /// Copies what it is given. Returns the entry's number.
  std::uint32_t add(EntryId id, std::string_view dn, std::span<EntryAttribute const> attributes);
  std::span<Entry const> all() const noexcept { return entries_; }

  /// Once, after the last add(). `directory` is for messages.
  /// Errors: SnapshotErrc::bad_dn, duplicate_id, duplicate_dn.
  Result<void> index(std::string const& directory);
  /// After index().
  std::optional<std::uint32_t> by_id(EntryId const& id) const;
  std::optional<std::uint32_t> by_dn(std::string_view normalized) const;

 private:
  std::string_view attribute_name(std::string_view name);

  std::vector<Entry> entries_;
  TextPool texts_;
  Pool<AttributeView> attributes_;
  Pool<std::string_view> values_;
  std::vector<std::string_view> names_;  // of attributes
  std::vector<AttributeView> scratch_;
  std::vector<std::string_view> scratch_values_;
  FlatIndex ids_, dns_;
};

}  // namespace dirsync
