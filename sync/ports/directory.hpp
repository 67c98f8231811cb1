#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/system/errc.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sync/model/account.hpp"
#include "sync/model/change_stamp.hpp"
#include "sync/model/error.hpp"
#include "sync/model/selection.hpp"
#include "sync/model/snapshot.hpp"

namespace dirsync {

/// Which groups one rule starts from.
struct GroupQuery {
  using Matching = MatchingGroups;
  using Named = NamedGroups;
  using MembersOf = GroupsBelow;
  std::string rule;
  GroupSelection selection;
};

/// Everything that one run wants to know of one directory.
struct DirectoryQuery {
  std::vector<GroupQuery> rules;
  std::set<std::string> person_attributes;  // lower case; for templates and filters
  std::set<std::string> group_attributes;
  /// Of groups as well, where they have them: for people to see, and for nothing else. What is wrong with
  /// their values does a group no harm.
  std::set<std::string> shown_group_attributes;
  /// Of `person_attributes` those that decide about people; the certificate counts who shows them, and the
  /// attributes of `account_states` as well.
  std::set<std::string> deciding_attributes;
  AccountStates account_states;  // the directory's own signs of these are read as well
  /// Where entries have a security identifier they are to show it, as kSidAttribute: groups of another
  /// directory may name them by it.
  bool wants_sids = false;
};

/// Attributes in which groups of the usual kinds of directory name who owns them, as DNs; in lower case.
inline std::set<std::string> owner_attributes() { return {"managedby", "owner"}; }

/// A closer look at an entry that a complete read no longer showed.
struct EntryProbe {
  EntryId id;
  std::string last_dn;
  /// DNs of entries of the same container that the last accepted read showed, and this run's where there is
  /// one.
  std::vector<std::string> beside{};
};
enum class Presence {
  /// Base-scope read of the last DN: noSuchObject (32), the id is found nowhere, and then, on the same
  /// connection, one of `beside` or a canary of the same container is still seen. Hiding gives 32 as well. No
  /// part of the answer was left out, by a referral or a limit.
  gone,
  present,  // it is there, here or elsewhere
  unknown,  // anything else; never a reason to remove
};

/// What a group may still name an entry by that is gone.
struct EntryNames {
  std::set<std::string> dns;   // in any spelling
  std::set<std::string> uids;  // values of memberUid
};

/// Who came to a group and who left it: DNs, as they were written when that was done.
struct MemberChanges {
  std::vector<std::string> added, removed;
};

/// An LDAP service. One read at a time.
class Directory {
 public:
  virtual ~Directory() = default;
  /// Only a complete read gives a Snapshot; anything else is an Error that names server, search and cause.
  /// Thread: event loop; cancellation ends the read.
  virtual boost::asio::awaitable<Result<Snapshot>> read(DirectoryQuery query) = 0;
  /// What the last read proved. Of a read that failed: what it had proven before; the last clause says what
  /// did not hold. Without clauses: nothing is known. Not while a read runs.
  virtual Certificate proven() const { return {}; }
  /// Entries that came so far, over all that was ever read: how fast it goes on, for a person who waits.
  /// Thread: any.
  virtual std::uint64_t entries_so_far() const { return 0; }
  /// One answer per probe, in order. Errors: as read().
  virtual boost::asio::awaitable<Result<std::vector<Presence>>> look_for(std::vector<EntryProbe> probes) = 0;

  /// The people with these ids, each exactly as read() would show them, and nothing else: whoever is not
  /// among them is not known to be gone, there are no groups, and the certificate's counts are those of a few
  /// entries. With the server's change numbers. `query`: as for read(). Errors: as read(); also where the
  /// directory offers no such read.
  virtual boost::asio::awaitable<Result<Snapshot>> read_people(DirectoryQuery /*query*/,
                                                               std::vector<EntryId> /*ids*/) {
    co_return Error{make_error_code(boost::system::errc::operation_not_supported),
                    "the directory gives no single people"};
  }
  /// The groups with these ids, each exactly as read() would show it, and nothing else: whichever is not
  /// among them is not known to be gone. There are no people, so that members(group).unresolved has every
  /// value as the group has it, but for those that name another group of these: DNs, of whatever list; user
  /// names, of a group that lists its members by memberUid, and nothing but their form tells them from DNs;
  /// SIDs of members of other domains; and the DNs of people whose primary group it is. selected(rule) is
  /// known of rules with a filter alone: what a rule names by DN, or by the group above, a whole read tells.
  /// Lists are not compared. The certificate's counts are those of a few entries. With the server's change
  /// numbers. `query`: as for read(). Errors: as read(); errc::operation_not_supported: one of them is
  /// dynamic, or the directory offers no such read.
  virtual boost::asio::awaitable<Result<Snapshot>> read_groups(DirectoryQuery /*query*/,
                                                               std::vector<EntryId> /*ids*/) {
    co_return Error{make_error_code(boost::system::errc::operation_not_supported),
                    "the directory gives no single groups"};
  }
  /// Of the groups that read() would read those that have a value which names one of the entries, by
  /// whichever list; in no order. Errors: as read_people().
  virtual boost::asio::awaitable<Result<std::vector<EntryId>>> groups_naming(DirectoryQuery /*query*/,
                                                                             EntryNames /*names*/) {
    co_return Error{make_error_code(boost::system::errc::operation_not_supported),
                    "the directory looks for no single member"};
  }
  /// How the members of a group differ from those that a read showed, told by a log of changes at the price
  /// of what changed, whatever the size of the group. `last_dn`, `since`: the group's DN, and its
  /// Entry::changed, in that read. Each value is told once: who came and left again, or the other way round,
  /// is in neither list. All that is told is so in the group as it is now; what the server did without a word
  /// in its log, as when it deletes an entry and with it the values that name it, is not told. Nothing where
  /// only reading the group again tells: the directory keeps no log, shows none, or none as old as `since`;
  /// the group was added, deleted or renamed since, or anything in it was changed that is no single value of
  /// its only list of DNs. Errors: as read(), of the group itself.
  virtual boost::asio::awaitable<Result<std::optional<MemberChanges>>> member_changes(
      DirectoryQuery /*query*/, EntryId /*group*/, std::string /*last_dn*/, ChangeStamp /*since*/) {
    co_return std::optional<MemberChanges>{};
  }
};

}  // namespace dirsync
