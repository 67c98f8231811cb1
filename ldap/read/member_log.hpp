#pragma once
// What entries of OpenLDAP's log of changes (slapo-accesslog(5)) say of the members of one group.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/schema.hpp"
#include "sync/model/time.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::ldap {

// Pure functions: any thread.

/// One value of reqMod: "member:+ uid=ann,dc=example,dc=com". Valid as long as its text.
struct LoggedMod {
  enum class Verb { add, remove, replace, other } verb = Verb::other;
  std::string_view attribute;             // as the server names it, with its options
  std::optional<std::string_view> value;  // none: of all values
};
/// Nothing when `text` is none.
std::optional<LoggedMod> parse_logged_mod(std::string_view text);

/// One entry of the log.
struct LoggedChange {
  std::string csn;                // entryCSN, that of the group by this change
  bool is_modify = false;         // else the entry was added, deleted or renamed
  std::vector<std::string> mods;  // values of reqMod, in their order
};

struct NetMembers {
  std::string_view list;  // "member", "uniqueMember" or "roleOccupant"; empty: none of them was changed
  MemberChanges changes;
};
/// What the changes of one group, in any order, come to. `schema`: of the server, which says when two DNs are
/// one. Nothing where they are anything but single values of one list of DNs that came or went: only the
/// group itself tells then.
std::optional<NetMembers> net_members(std::vector<LoggedChange> changes, Schema const& schema);

/// Lower than the number of every change of `time`, a millisecond, or later; higher than those before.
std::string first_csn_of(Time time);

}  // namespace dirsync::ldap
