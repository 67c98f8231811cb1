#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/strong.hpp"
#include "sync/model/time.hpp"
#include "sync/model/user_source.hpp"

namespace dirsync {

/// update_group: description or roles, by a person's hand alone; no plan has it.
/// adopt: what is there becomes ours, a membership or, without a principal, a group; never sent to a target.
enum class Verb { create_group, rename_group, delete_group, add, remove, update_group, adopt };
/// "create-group", "rename-group", "delete-group", "add", "remove", "update-group", "adopt".
char const* to_text(Verb verb);

/// Order inside a plan.
enum class Phase : std::uint8_t {
  revocation = 1,  // of people who are gone or disabled
  addition,        // group creations and additions
  removal,         // other removals
  tidying,         // renames and deletions of groups
};

/// What became of a change. One that only waits has none.
enum class Outcome {
  done,
  already,  // it was so before the call
  failed,   // certainly not so
  unknown,  // sent, and even a look did not tell
  skipped,  // not sent
};
char const* to_text(Outcome outcome);

/// Principal id of a member that is a Directory group: a target may number groups as it numbers users. Alone,
/// without a number, it is of a group that is to be provisioned.
inline constexpr std::string_view kGroupPrincipal = "group:";
inline std::string group_principal_id(std::string_view group_id) {
  return std::string{kGroupPrincipal} + std::string{group_id};
}
inline bool is_group_principal(std::string_view principal_id) {
  return principal_id.starts_with(kGroupPrincipal);
}

/// Why a change that is due cannot be sent. Codes are stable; they are listed in docs/json.md.
struct Obstacle {
  std::string code, text;  // text: what is in the way, and what to do about it
  friend bool operator==(Obstacle const&, Obstacle const&) = default;
};

/// Which part of a plan a change is in: leavers need not wait for what else is held.
enum class Part { leavers, rest };
char const* to_text(Part part);  // "leavers", "rest"

/// How it was found out which user of the target a person is.
enum class MatchedBy {
  nothing,              // not known, or nobody had to be looked for
  user_dn,              // the user has the DN of their entry
  grant,                // the user is the one that we granted to them before
  name,                 // the user has the name that member_name gives them
  name_with_former_dn,  // the same, and a DN that was theirs
  new_user,             // there was none: the target makes one of their entry
};
/// "" (nothing), "user-dn", "grant", "name", "name-with-former-dn", "new-user".
char const* to_text(MatchedBy matched);

/// A user that the console is to make for a person.
struct NewUser {
  std::string display_name, email;
  friend bool operator==(NewUser const&, NewUser const&) = default;
};

/// One step of a plan: plain data, printable, comparable.
struct Change {
  int n = 0;  // 1, 2, ... over the whole plan
  std::string target;
  Verb verb{};
  Phase phase = Phase::addition;
  std::string group;                   // the target's spelling, or the name to create
  std::string group_id;                // empty until the group exists
  std::string principal;               // the target's spelling of the member; empty for group verbs
  std::string principal_id;            // the target's id of the user, empty when it is to be provisioned; or
                                       // group_principal_id()
  std::string dn;                      // of the person, or of the source or member group
  EntryId id;                          // the same
  std::string domain;                  // Vault: provision through this directory mapping; empty otherwise
  std::vector<std::string> roles;      // console: role names of a group to create
  std::optional<NewUser> new_user;     // console: make the member first; not kept with the journal
  bool made_by_us = false;             // console: dirsyncd made the member's user; not kept either
  std::string rule;                    // empty: a person's hand, or nobody's
  std::string path;                    // "cn=a > cn=b > uid=x": source group down to the person
  std::string why;                     // one sentence
  std::string new_name;                // of a rename-group
  std::optional<UserSource> source{};  // kind of the target's user when planned; nothing: not known yet
  bool unconfirmed = false;            // the absence behind it is not confirmed yet: listed, never sent
  std::optional<Obstacle> blocked;     // due, and cannot be sent: listed until it can
  bool frozen = false;                 // a person has frozen it: listed, not sent before the freeze ends
  Part part = Part::rest;              // as it was judged
  MatchedBy matched{};                 // of an addition; not kept with the journal
  bool only_new = false;               // in a rehearsal: the settings in force would not bring it about
  /// When the directory came to say what this follows from, by its server's clock; nothing: not known.
  /// Decides nothing, and is not kept with the journal.
  std::optional<Time> changed_at{};
  friend bool operator==(Change const&, Change const&) = default;
};

/// Whether it may go to its target at all; false: it is only listed.
inline bool is_to_send(Change const& change) {
  return !change.unconfirmed && !change.blocked && !change.frozen;
}

/// A change and what became of it.
struct Settled {
  Change change;  // with the ids and names that the target gave
  Outcome outcome = Outcome::skipped;
  std::string detail;  // of the outcome, in words; never a secret
  /// Of a change that was made: from Change::changed_at until its outcome was certain; nothing: not known.
  std::optional<std::chrono::milliseconds> delay{};
  friend bool operator==(Settled const&, Settled const&) = default;
};

/// Settled::delay of a change whose outcome is certain at `now`; 0 where the clocks differ that much.
std::optional<std::chrono::milliseconds> delay_until(Time now, Settled const& settled);

/// done or already: it is so now.
bool is_success(Outcome outcome);
/// As documents and audit rows show it: "done", ..., "unconfirmed" for one that waits, "blocked"
/// for one that cannot be sent; empty: not tried.
/// `settled`: what became of `change`; null: nothing yet.
std::string outcome_text(Change const& change, Settled const* settled);
/// Beside it: what happened, what is in the way, or of a rename that was not tried the new name.
std::string detail_text(Change const& change, Settled const* settled);

}  // namespace dirsync
