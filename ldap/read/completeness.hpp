#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ldap/read/read_context.hpp"
#include "sync/model/snapshot.hpp"

namespace dirsync::ldap {

/// What one read proves beside its searches, on the first connection: how far the server had come before and
/// after, that canaries are seen, and that a second count, where the server offers one, finds no more than
/// came. Thread: the directory's own.
class Completeness {
 public:
  /// `certificate` gets the clauses that hold.
  Completeness(ReadContext const& context, Certificate& certificate)
      : context_(context), certificate_(certificate) {}

  /// Before the first search. Errors: as search_few().
  Result<void> begin();
  /// How far the server had come at begin().
  ChangeNumbers const& before() const noexcept { return before_; }
  /// After the last search. Errors: SnapshotErrc::canary, incomplete, values_cut; as search_few().
  Result<void> end(ReadFigures const& figures);
  /// Canaries that a search should have given must be among what it gave, and no child of a base may be
  /// missing; after end().
  /// Errors: SnapshotErrc::canary, entries_cut.
  Result<void> compare(Snapshot const& snapshot);

 private:
  /// A canary, and whether it is one of those that the searches look for.
  struct Canary {
    std::string dn, normalized;
    bool person = false, group = false;
  };
  Result<void> see_canary(std::string const& dn);
  Result<bool> shows(std::string const& dn, std::string const& filter);
  Result<void> end_change_numbers();
  Result<void> count_values_again(ReadFigures const& figures);
  /// Entries that a search of that area must have given; nothing where the server does not count.
  Result<std::optional<std::int64_t>> count_children(Area const& area, std::string const& filter);
  Result<void> compare_counts(Snapshot const& snapshot);
  Error missing_canary(std::string const& dn, std::string const& where) const;
  void holds(std::string name, std::string detail);

  ReadContext const& context_;
  Certificate& certificate_;
  ChangeNumbers before_;
  std::vector<Canary> canaries_;
  std::ptrdiff_t held_ = 0;     // clauses so far
  bool serves_ranges_ = false;  // and gives nothing past the last value, when asked so
  std::optional<std::int64_t> expected_people_, expected_groups_;
};

/// LDAP_SERVER_RANGE_RETRIEVAL_NOERR_OID (MS-ADTS 3.1.1.3.4.1.22): a range past the last value gives no value
/// instead of an error.
inline constexpr char kNoErrorPastTheEnd[] = "1.2.840.113556.1.4.1948";

/// Adds the clause that `error`, which ended the read, stands for.
void add_failed_clause(Certificate& certificate, Error const& error);

}  // namespace dirsync::ldap
