#pragma once
// An entry that a question for changes brought.
#include <optional>
#include <string>
#include <vector>

#include "ldap/feed/fingerprints.hpp"
#include "ldap/feed/follower.hpp"
#include "ldap/flavour.hpp"
#include "ldap/search/entry_reader.hpp"
#include "sync/model/time.hpp"

namespace dirsync::ldap {

/// The attributes, lower case, that tell when an entry was changed.
struct ChangeMarks {
  std::string time;     // generalizedTime (RFC 4517, 3.3.13)
  std::string version;  // another one after each change, as far as the server tells changes apart
};

struct SeenEntry {
  EntryId id;
  std::string dn;
  std::optional<UtcTime> changed_at;
  std::string version;   // empty: not shown
  bool deleted = false;  // isDeleted ([MS-ADTS] 3.1.1.5.5)
  Fingerprint shown;
};

class EntrySight {
 public:
  /// All must outlive this.
  EntrySight(FlavourTraits const& flavour, FeedScope const& scope, ChangeMarks const& marks)
      : flavour_(flavour), scope_(scope), marks_(marks) {}

  /// What to ask the server for.
  std::vector<std::string> attributes() const;
  /// Thread: that of the connection. `blank`: nothing added yet. Errors: LdapErrc::not_readable (without an
  /// id), bad_answer (an id that is none).
  Result<SeenEntry> see(EntryReader& entry, Fingerprint const& blank) const;

 private:
  bool of_interest(std::string_view name) const;

  FlavourTraits const& flavour_;
  FeedScope const& scope_;
  ChangeMarks const& marks_;
};

/// As the port has it; nothing for times that the system clock does not reach.
std::optional<Time> clock_time(std::optional<UtcTime> time);

/// The event that tells of it.
FeedEvent event_of(SeenEntry entry);

}  // namespace dirsync::ldap
