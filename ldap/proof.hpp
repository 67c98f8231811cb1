#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ldap/connection.hpp"
#include "sync/model/snapshot.hpp"

namespace dirsync::ldap {

/// What one read proves beside its searches, on their connection: how far the server had come before and
/// after, that canaries are seen, and that a second count, where the server offers one, finds no more than
/// came. Thread: the directory's own.
class Proof {
 public:
  /// `certificate` gets the clauses that hold.
  Proof(Connection& connection, Settings const& settings, Certificate& certificate)
      : connection_(connection), settings_(settings), certificate_(certificate) {}

  /// Before the first search. Errors: as search_few().
  Result<void> begin();
  /// For each group that was read. `in_parts`: its values came in ranges, up to the last.
  void count_group(std::string_view dn, std::size_t values, bool in_parts);
  /// After the last search; the filters are those that the searches had.
  /// Errors: SnapshotErrc::canary, incomplete, values_cut; as search_few().
  Result<void> end(std::string const& people_filter, std::string const& groups_filter);
  /// Canaries that a search should have given must be among what it gave, and no child of a base may be
  /// missing; after end().
  /// Errors: SnapshotErrc::canary, values_cut.
  Result<void> compare(Snapshot const& snapshot);

 private:
  /// A canary, and whether it is one of those that the searches look for.
  struct Canary {
    std::string dn, normalized;
    bool person = false, group = false;
  };
  Result<void> see_canary(std::string const& dn, std::string const& people_filter,
                          std::string const& groups_filter);
  Result<bool> shows(std::string const& dn, std::string const& filter);
  Result<void> end_change_numbers();
  Result<void> count_values_again(std::string const& groups_filter);
  /// Entries that a search of that area must have given; nothing where the server does not count.
  Result<std::optional<std::int64_t>> count_children(Area const& area, std::string const& filter);
  Result<void> compare_counts(Snapshot const& snapshot);
  Error missing_canary(std::string const& dn, std::string const& where) const;
  void holds(std::string name, std::string detail);

  Connection& connection_;
  Settings const& settings_;
  Certificate& certificate_;
  ChangeNumbers before_;
  std::vector<Canary> canaries_;
  bool serves_ranges_ = false;      // and says nothing past the last value, when asked so
  std::size_t largest_whole_ = 0;   // values of the largest group that came in one piece
  std::set<std::string> in_parts_;  // DNs of the others
  std::optional<std::int64_t> expected_people_, expected_groups_;
};

/// LDAP_SERVER_RANGE_RETRIEVAL_NOERR_OID (MS-ADTS 3.1.1.3.4.1.22): a range past the last value gives no value
/// instead of an error.
inline constexpr char kNoErrorPastTheEnd[] = "1.2.840.113556.1.4.1948";

/// Adds the clause that `error`, which ended the read, stands for.
void add_failed_clause(Certificate& certificate, Error const& error);

}  // namespace dirsync::ldap
