#pragma once
// What of a complete read could not be used and was set aside, so that the rest goes on.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/entries.hpp"

namespace dirsync {

/// One fault of one entry.
struct Damage {
  enum class Of { person, group } of = Of::person;
  std::uint32_t number = 0;  // in Snapshot::people() or groups()
  /// In lower case: whose values could not be used and were left out; empty: the entry itself.
  std::string attribute = {};
  /// Nobody can tell who or what the entry is: a person is given nothing and keeps what they have, a group
  /// feeds nothing as the source of a rule, and what it fed stands still.
  bool is_set_aside = false;
  /// Of a group: nobody can tell all whom it means. Who is to leave what it feeds waits until it is mended.
  bool hides_members = false;
  std::string what;  // reads on after the entry's DN: "has a value of mail that is not UTF-8; correct it"
};

/// Takes what is no text out of an attribute of an entry of that DN. Nothing to take out: nothing is noted.
/// `whole`: all values go where one is bad.
void leave_out_bad_text(EntryAttribute& attribute, bool whole, Damage damage, std::vector<Damage>& damages);

/// Whether so many are damaged that the read as a whole is in doubt: more than `at_least`, and more than
/// `per_cent` of all.
bool are_too_many(std::size_t damaged, std::size_t all, double per_cent, std::int64_t at_least);

/// Whether a member value that names nothing could name something: a DN in any form, or a user name in UTF-8.
bool could_be_a_name(std::string_view value);

/// Of the values of one group that name nothing: that some of them never could. Nothing when all could.
/// `group`: its number.
void note_junk(std::span<std::string_view const> unresolved, std::uint32_t group,
               std::vector<Damage>& damages);

}  // namespace dirsync
