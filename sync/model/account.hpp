#pragma once
// Whether a directory still lets a person in, as the person's entry says.
#include <chrono>
#include <cstdint>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/time.hpp"

namespace dirsync {

struct Entry;

/// Which attributes speak of an account, and how.
enum class AccountScheme { none, openldap, ds389, active_directory };

enum class AccountState { disabled, expired, locked };

/// States of an account that cost a person their memberships.
struct AccountStates {
  bool disabled = true;  // by an administrator
  bool expired = true;   // by a date set beforehand
  bool locked = false;   // by the server, after wrong passwords, which anybody can type
  friend bool operator==(AccountStates const&, AccountStates const&) = default;
};
inline constexpr AccountStates kNoAccountStates{false, false, false};

/// Active Directory counts in intervals of 100 ns, points in time from 1601-01-01 UTC on.
using FileTicks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;

/// What a directory says of all its accounts; travels with each read.
struct AccountRules {
  AccountScheme scheme = AccountScheme::none;
  /// Active Directory: how long a lock lasts; nothing: until it is lifted, or nobody can tell.
  std::optional<FileTicks> lockout_duration{};
};

/// Attributes that examine_account() looks at for these states; lower case, each once. They include
/// operational ones, which servers show only when they are asked for by name.
std::vector<std::string> account_attributes(AccountScheme scheme, AccountStates states);

struct AccountFinding {
  enum class Kind {
    usable,
    blocked,
    unclear,  // a value that means nothing, or none where one must be: neither usable nor blocked
  } kind = Kind::usable;
  /// Reads on after the entry's DN: "is locked since 2026-01-02T03:04:05Z (lockoutTime)".
  std::string text{};
  /// Which one blocks; nothing unless `blocked`.
  std::optional<AccountState> state{};
  /// Of one that has expired: since when, where the directory says it to the second or to the day.
  std::optional<UtcTime> since{};
};

/// What holds at `now`. An end that is not after `now` has passed; a lock that starts after `now` does not
/// count. One blocking state outweighs whatever is unclear. Sources: [MS-ADA1] and [MS-ADA3] (accountExpires,
/// lockoutTime, userAccountControl); slapo-ppolicy(5); shadow(5); 389 Directory Server's schema reference.
AccountFinding examine_account(Entry const& entry, AccountRules const& rules, AccountStates states,
                               std::chrono::system_clock::time_point now);

/// A domain's lockoutDuration, which is stored as a negative interval; nothing for 0 and the least number
/// (locks last until they are lifted) and for what is no such interval. Source: [MS-ADA1].
std::optional<FileTicks> parse_lockout_duration(std::string_view value);

}  // namespace dirsync
