#include "sync/model/account.hpp"

#include <algorithm>
#include <limits>

#include "sync/model/snapshot.hpp"
#include "sync/model/text.hpp"
#include "sync/model/time.hpp"

namespace dirsync {
namespace {
using namespace std::chrono;
using Kind = AccountFinding::Kind;

constexpr auto kForever = std::numeric_limits<std::int64_t>::max();
constexpr sys_days kFileTimeStart{year{1601} / January / 1};
constexpr std::int64_t kAccountDisable = 2;  // in userAccountControl

struct Circumstances {
  AccountRules const& rules;
  system_clock::time_point now;
  UtcTime utc_now() const { return floor<milliseconds>(now); }
  std::int64_t file_time() const {
    return (floor<FileTicks>(now.time_since_epoch()) - kFileTimeStart.time_since_epoch()).count();
  }
};

AccountFinding blocked(std::string text) { return {Kind::blocked, std::move(text)}; }
AccountFinding meaningless(std::string_view value, char const* expected) {
  return {Kind::unclear, "\"" + printable(value, 60) + "\", which is no " + expected};
}

constexpr char kUntilLifted[] = "is locked until an administrator unlocks it";
std::string locked_since(UtcTime start) { return "is locked since " + utc_text(start); }
AccountFinding expired(UtcTime since, std::string const& when) {
  auto finding = blocked("is expired since " + when);
  finding.since = since;
  return finding;
}

/// `ticks` must have passed already: what lies far ahead is more than UtcTime holds.
UtcTime utc_of_file_time(std::int64_t ticks) {
  return kFileTimeStart + floor<milliseconds>(FileTicks{ticks});
}

/// What slapo-ppolicy calls locked permanently: "000001010000Z".
bool is_permanent(UtcTime locked) { return locked == sys_days{year{0} / January / 1}; }

AccountFinding ppolicy_forever(std::string_view value, Circumstances const&) {
  auto const start = parse_generalized_time(value);
  if (!start) return meaningless(value, "time");
  return is_permanent(*start) ? blocked(kUntilLifted) : AccountFinding{};
}

/// How long the lock lasts stands in the policy, not in the entry: it counts as long as the server keeps it.
AccountFinding ppolicy_lock(std::string_view value, Circumstances const& at) {
  auto const start = parse_generalized_time(value);
  if (!start) return meaningless(value, "time");
  if (is_permanent(*start)) return blocked(kUntilLifted);
  if (*start > at.utc_now()) return {};
  return blocked(locked_since(*start));
}

/// shadow(5): 0 is read as "never" by some and as a day long past by others.
AccountFinding shadow_expiry(std::string_view value, Circumstances const& at) {
  auto const day = parse_integer(value);
  if (day == -1) return {};
  if (!day || *day <= 0) return meaningless(value, "day after 1970-01-01, nor -1 for never");
  auto const today = floor<days>(at.now).time_since_epoch().count();
  if (*day > today) return {};
  sys_days const end{days{*day}};
  return expired(end, utc_text(end));
}

AccountFinding ns_account_lock(std::string_view value, Circumstances const&) {
  if (ascii_iequal(value, "true")) return blocked("is disabled");
  if (value.empty() || ascii_iequal(value, "false")) return {};
  return meaningless(value, "true or false");
}

AccountFinding account_unlock_time(std::string_view value, Circumstances const& at) {
  auto const end = value == "0" ? UtcTime{} : parse_generalized_time(value);
  if (!end) return meaningless(value, "time");
  if (*end == UtcTime{}) return blocked(kUntilLifted);  // 1970-01-01
  if (*end <= at.utc_now()) return {};
  return blocked("is locked until " + utc_text(*end));
}

AccountFinding user_account_control(std::string_view value, Circumstances const&) {
  auto const bits = parse_integer(value);
  if (!bits) return meaningless(value, "number");
  return (*bits & kAccountDisable) != 0 ? blocked("is disabled") : AccountFinding{};
}

AccountFinding account_expires(std::string_view value, Circumstances const& at) {
  auto const end = parse_integer(value);
  if (!end || *end < 0) return meaningless(value, "time in intervals of 100 ns from 1601 on");
  if (*end == 0 || *end == kForever || *end > at.file_time()) return {};
  auto const since = utc_of_file_time(*end);
  return expired(since, utc_text(since));
}

AccountFinding lockout_time(std::string_view value, Circumstances const& at) {
  auto const start = parse_integer(value);
  if (!start || *start < 0) return meaningless(value, "time in intervals of 100 ns from 1601 on");
  auto const now = at.file_time();
  if (*start == 0 || *start > now) return {};
  auto const& duration = at.rules.lockout_duration;
  if (duration && now - *start >= duration->count()) return {};
  return blocked(locked_since(utc_of_file_time(*start)));
}

bool counts(AccountStates const& states, AccountState state) {
  switch (state) {
    case AccountState::disabled:
      return states.disabled;
    case AccountState::expired:
      return states.expired;
    case AccountState::locked:
      return states.locked;
  }
  return false;
}

/// One attribute that tells one state.
struct Source {
  AccountScheme scheme;
  AccountState state;
  char const* attribute;
  bool required;  // every account has it, so none means hidden
  AccountFinding (*examine)(std::string_view value, Circumstances const& at);
};

/// Within a scheme the first that blocks gives the reason.
constexpr Source kSources[] = {
    {AccountScheme::openldap, AccountState::disabled, "pwdAccountLockedTime", false, ppolicy_forever},
    {AccountScheme::openldap, AccountState::expired, "shadowExpire", false, shadow_expiry},
    {AccountScheme::openldap, AccountState::locked, "pwdAccountLockedTime", false, ppolicy_lock},
    {AccountScheme::ds389, AccountState::disabled, "nsAccountLock", false, ns_account_lock},
    {AccountScheme::ds389, AccountState::locked, "accountUnlockTime", false, account_unlock_time},
    {AccountScheme::active_directory, AccountState::disabled, "userAccountControl", true,
     user_account_control},
    {AccountScheme::active_directory, AccountState::expired, "accountExpires", false, account_expires},
    {AccountScheme::active_directory, AccountState::locked, "lockoutTime", false, lockout_time},
};

/// The finding of one source, with all its values.
AccountFinding examine(Source const& source, Entry const& entry, Circumstances const& at) {
  auto const values = entry.values(source.attribute);
  if (values.empty() && source.required)
    return {Kind::unclear,
            std::string{"shows no "} + source.attribute + "; give the bind DN read access to it"};
  AccountFinding result;
  for (auto const value : values) {
    auto finding = source.examine(value, at);
    if (finding.kind == Kind::usable || result.kind == Kind::blocked) continue;
    finding.text = finding.kind == Kind::blocked
                       ? finding.text + " (" + source.attribute + ")"
                       : std::string{"has "} + source.attribute + " " + finding.text + "; correct it";
    if (finding.kind == Kind::blocked) finding.state = source.state;
    result = std::move(finding);
  }
  return result;
}

}  // namespace

std::vector<std::string> account_attributes(AccountScheme scheme, AccountStates states) {
  std::vector<std::string> names;
  for (auto const& source : kSources)
    if (source.scheme == scheme && counts(states, source.state))
      names.push_back(ascii_lower(source.attribute));
  std::ranges::sort(names);
  auto const repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

AccountFinding examine_account(Entry const& entry, AccountRules const& rules, AccountStates states,
                               system_clock::time_point now) {
  Circumstances const at{rules, now};
  AccountFinding doubt;
  for (auto const& source : kSources) {
    if (source.scheme != rules.scheme || !counts(states, source.state)) continue;
    auto finding = examine(source, entry, at);
    if (finding.kind == Kind::blocked) return finding;
    if (finding.kind == Kind::unclear && doubt.kind == Kind::usable) doubt = std::move(finding);
  }
  return doubt;
}

std::optional<FileTicks> parse_lockout_duration(std::string_view value) {
  auto const interval = parse_integer(value);
  if (!interval || *interval >= 0 || *interval == std::numeric_limits<std::int64_t>::min())
    return std::nullopt;
  return FileTicks{-*interval};
}

}  // namespace dirsync
