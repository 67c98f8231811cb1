#pragma once
// What was read of a target.
#include <cstdint>
#include <string>
#include <vector>

#include "sync/model/snapshot.hpp"
#include "sync/model/user_source.hpp"

namespace dirsync {

/// Why something is left alone, as notices and blocked removals call it.
enum class LeftAlone {
  is_protected,
  unaddressable,  // no request can name it
  damaged,        // the target tells it in a form that cannot be used
};
char const* to_text(LeftAlone kind);  // "protected", "unaddressable", "damaged"

struct TargetUser {
  std::string id;    // the target's own id, as text
  std::string name;  // the target's spelling
  std::string dn;    // Vault userDN as the Vault has it; empty when there is none
  UserSource source = UserSource::unknown;
  std::string protected_because;                   // empty: may be changed
  LeftAlone left_alone = LeftAlone::is_protected;  // what `protected_because` is about
};

/// A member that is no user we know: nested group, or nothing we could classify. Never removed.
struct OtherMember {
  std::string id, name;
  enum class Kind { group, unknown } kind = Kind::unknown;
};

struct TargetGroup {
  std::string id;
  std::string name;
  bool directory_group = false;                    // Vault groupType Directory: read-only for us
  std::string dn;                                  // of a Directory group
  std::string protected_because;                   // empty: may be changed
  LeftAlone left_alone = LeftAlone::is_protected;  // what `protected_because` is about
  bool marked = false;                             // its description says that dirsyncd created it
  bool members_unread = false;                     // the target did not tell all of them: nobody is missing
  std::vector<std::uint32_t> users;                // indexes into Observed::users, ascending, each once
  std::vector<OtherMember> others;
};

/// Users and groups of one target, read completely. A read that was cut short is an Error instead.
struct Observed {
  std::vector<TargetUser> users;
  std::vector<TargetGroup> groups;
  std::string product;  // "PVWA 14.4.0", "Pulse IoT Center, api 0.17"
  Certificate certificate;
  /// Only what Target::read_some() was asked for: of anything else it says nothing, not even that it is gone.
  bool is_partial = false;
};

}  // namespace dirsync
