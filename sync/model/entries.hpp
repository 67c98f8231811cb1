#pragma once
// Entries of one kind, people or groups, compact enough for hundreds of thousands.
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/change_stamp.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/error.hpp"
#include "sync/model/filter.hpp"
#include "sync/model/flat_index.hpp"
#include "sync/model/pool.hpp"
#include "sync/model/strong.hpp"

namespace dirsync {

struct Entry {
  EntryId id;
  std::string_view dn;             // as the server spells it
  std::string_view normalized_dn;  // from normalized_dn(); set by EntryList::index()
  std::span<AttributeView const> attributes;
  bool shares_dn = false;  // another entry of the list has the same normalized DN
  ChangeStamp changed{};   // when its server last changed it; for figures alone
  /// Values of one attribute; empty when absent. `name` in any ASCII case.
  std::span<std::string_view const> values(std::string_view name) const;
};

/// One attribute of an entry that is being added.
struct EntryAttribute {
  std::string_view name;
  std::vector<std::string_view> values;
};

/// Why an entry cannot be told from another, or has no name.
struct EntryFault {
  std::uint32_t number;  // of the entry
  enum class Kind { shared_id, shared_dn, bad_dn } kind;
  std::string what;  // reads on after the entry's DN
};

/// Entries with all the text they refer to; views stay valid while the list lives, also when it moves.
/// Two lists share nothing: each may be filled and indexed by a thread of its own.
class EntryList {
 public:
  /// Copies what it is given. Returns the entry's number.
  std::uint32_t add(EntryId id, std::string_view dn, std::span<EntryAttribute const> attributes,
                    ChangeStamp changed = {});
  std::span<Entry const> all() const noexcept { return entries_; }

  /// Once, after the last add(). `directory` is for messages; `keys`: as its server compares DNs. Faults: an
  /// id that two entries bear, a DN that two are spelt by, a DN that does not follow RFC 4514; such an entry
  /// has its spelling for its normalized DN. Errors: SnapshotErrc::duplicate_id: one entry came twice.
  Result<std::vector<EntryFault>> index(std::string const& directory, DnKeys const& keys);
  /// After index(). Of several that bear the id: the first.
  std::optional<std::uint32_t> by_id(EntryId const& id) const;
  /// `normalized`: from normalized_dn(). Nothing as well when several entries share it.
  std::optional<std::uint32_t> by_dn(std::string_view normalized) const;
  bool has_dn(std::string_view normalized) const;
  /// `key`: from DnKeys::key() of the server. Nothing as well when several entries share it.
  std::optional<std::uint32_t> by_own_dn(std::string_view key) const;

 private:
  /// Entries by one form of their DNs; those that share it are found by none.
  class DnIndex {
   public:
    /// The entry that had the key first, if any.
    std::optional<std::uint32_t> add(std::string_view key, std::uint32_t number);
    std::optional<std::uint32_t> find(std::string_view key) const;
    bool has(std::string_view key) const { return first(key).has_value(); }
    std::vector<std::uint32_t> const& bearers(std::uint32_t first) const { return shared_.at(first); }

   private:
    std::optional<std::uint32_t> first(std::string_view key) const;
    FlatIndex numbers_;
    std::vector<std::string_view> keys_;                          // by entry
    std::map<std::uint32_t, std::vector<std::uint32_t>> shared_;  // by the first that has it: all of them
  };

  std::string_view attribute_name(std::string_view name);
  void index_dn(std::uint32_t number, DnKeys const& keys, std::vector<EntryFault>& faults);

  std::vector<Entry> entries_;
  TextPool texts_;
  Pool<AttributeView> attributes_;
  Pool<std::string_view> values_;
  std::vector<std::string_view> names_;  // of attributes
  std::vector<AttributeView> scratch_;
  std::vector<std::string_view> scratch_values_;
  FlatIndex ids_;
  DnIndex dns_;
  std::optional<DnIndex> own_dns_;  // none: the server compares as all do
};

}  // namespace dirsync
