// Who had what, when and why.
#include "store/intervals.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "store/interval_path.hpp"
#include "store/interval_tables.hpp"
#include "store/left_members.hpp"
#include "store/persons.hpp"
#include "store/sql.hpp"
#include "sync/model/assert.hpp"
#include "sync/model/text.hpp"

namespace dirsync::store {
namespace {
using Beginning = HeldInterval::Beginning;
using End = HeldInterval::End;

#define DIRSYNC_INTERVAL_SELECT                                                                       \
  "SELECT held.group_number, member.target, member.principal, member.principal_folded, "              \
  "member.principal_id, member.entry_id, member.dn, rule.content, path.content, plan.content, "       \
  "actor.content, held.began, held.since, held.began_as, held.began_run, held.ended, held.ended_as, " \
  "held.ended_run, ended_plan.content, ended_actor.content, ended_why.content, held.number "          \
  "FROM membership_interval AS held JOIN interval_member AS member ON member.number = held.member "   \
  "LEFT JOIN interval_text AS rule ON rule.number = held.rule "                                       \
  "LEFT JOIN interval_text AS path ON path.number = held.path "                                       \
  "LEFT JOIN interval_text AS plan ON plan.number = held.plan "                                       \
  "LEFT JOIN interval_text AS actor ON actor.number = held.actor "                                    \
  "LEFT JOIN interval_text AS ended_plan ON ended_plan.number = held.ended_plan "                     \
  "LEFT JOIN interval_text AS ended_actor ON ended_actor.number = held.ended_actor "                  \
  "LEFT JOIN interval_text AS ended_why ON ended_why.number = held.ended_why "

std::optional<Time> known_time(std::int64_t milliseconds) {
  if (milliseconds == 0) return std::nullopt;
  return time_of(milliseconds);
}

template <class Enum>
Enum checked(std::int64_t value, Enum last) {
  if (value < 0 || value > static_cast<std::int64_t>(last)) damaged("an interval of a membership");
  return static_cast<Enum>(value);
}

/// Columns as in DIRSYNC_INTERVAL_SELECT.
HeldInterval read_interval(Query const& row) {
  HeldInterval held;
  held.group = row.integer(0);
  held.target = row.text(1);
  held.principal = row.text(2);
  if (held.principal.empty()) held.principal = row.text(3);
  held.principal_id = row.text(4);
  held.id = EntryId{row.text(5)};
  held.dn = row.text(6);
  held.rule = row.text(7);
  held.path = unpacked_path(row.text(8), held.dn);
  held.began_plan = row.text(9);
  held.began_actor = row.text(10);
  held.began = known_time(row.integer(11));
  held.since = known_time(row.integer(12));
  held.beginning = checked(row.integer(13), Beginning::adopted);
  held.began_run = RunId{row.integer(14)};
  held.end = checked(row.integer(16), End::unknown);
  if (!held.lasts()) held.ended = time_of(row.integer(15));
  held.ended_run = RunId{row.integer(17)};
  held.ended_plan = row.text(18);
  held.ended_actor = row.text(19);
  held.ended_why = row.text(20);
  held.number = row.integer(21);
  return held;
}

std::vector<HeldInterval> read_all(Query& query) {
  std::vector<HeldInterval> all;
  while (query.step()) all.push_back(read_interval(query));
  return all;
}

/// What lasts now is what ends later than any time.
std::int64_t instant(std::optional<Time> at) { return at ? milliseconds_of(*at) : kLasting - 1; }

#define DIRSYNC_IS_MANAGED                                                                                   \
  "EXISTS (SELECT 1 FROM managed_group AS managed WHERE managed.target = one.target AND managed.group_id = " \
  "one.group_id) "

std::vector<HeldGroup> groups_at(Database& database, std::string const& target, std::optional<Time> at) {
  static constexpr char kSelect[] =
      "SELECT one.number, one.target, one.group_id, (SELECT name FROM interval_group_name AS called "
      "WHERE called.group_number = one.number AND called.since <= ?2 ORDER BY since DESC LIMIT 1) AS "
      "then_name, " DIRSYNC_IS_MANAGED
      "FROM interval_group AS one WHERE then_name IS NOT NULL AND (?1 = '' OR one.target = ?1) "
      "ORDER BY one.target, then_name, one.number";
  std::vector<HeldGroup> groups;
  auto query = database.query(kSelect);
  for (query.with(target, instant(at)); query.step();)
    groups.push_back({query.integer(0), query.text(1), query.text(2), query.text(3), query.integer(4) != 0});
  return groups;
}

/// Those that ever bore that name.
std::vector<HeldGroup> once_called(Database& database, std::string const& folded, std::string const& target) {
  static constexpr char kSelect[] =
      "SELECT one.number, one.target, one.group_id, called.name, " DIRSYNC_IS_MANAGED
      "FROM interval_group_name AS called "
      "JOIN interval_group AS one ON one.number = called.group_number WHERE ?1 = '' OR one.target = ?1 "
      "ORDER BY one.target, one.number, called.since";
  std::vector<HeldGroup> groups;
  std::int64_t taken = 0;
  auto query = database.query(kSelect);
  for (query.with(target); query.step();) {
    auto const number = query.integer(0);
    if (!groups.empty() && groups.back().number == number) groups.back().name = query.text(3);
    if (fold_case(query.text(3)) != folded || number == taken) continue;
    taken = number;
    groups.push_back({number, query.text(1), query.text(2), query.text(3), query.integer(4) != 0});
  }
  return groups;
}

}  // namespace

char const* verb_text(Beginning beginning) {
  switch (beginning) {
    case Beginning::unknown:
      return "";
    case Beginning::added:
    case Beginning::already:
      return "add";
    case Beginning::adopted:
      return "adopt";
  }
  DIRSYNC_ASSERT(!"a beginning");
}

char const* verb_text(End end) {
  switch (end) {
    case End::lasts:
    case End::unknown:
      return "";
    case End::removed:
    case End::already:
      return "remove";
    case End::by_others:
      return "forget";
    case End::group_deleted:
      return "delete-group";
    case End::renewed:
      return "renew";
  }
  DIRSYNC_ASSERT(!"an end");
}

char const* result_text(Beginning beginning) {
  if (beginning == Beginning::unknown) return "";
  return beginning == Beginning::already ? "already" : "done";
}

char const* result_text(End end) {
  if (end == End::lasts || end == End::unknown) return "";
  return end == End::already ? "already" : "done";
}

Result<std::vector<HeldGroup>> Intervals::groups(std::string const& target, std::optional<Time> at) const {
  return database_->reading("groups cannot be read", [this, &target, at]() -> Result<std::vector<HeldGroup>> {
    return groups_at(*database_, target, at);
  });
}

Result<std::vector<HeldGroup>> Intervals::find_groups(std::string const& name_or_id,
                                                      std::string const& target,
                                                      std::optional<Time> at) const {
  return database_->reading(
      "groups cannot be read", [this, &name_or_id, &target, at]() -> Result<std::vector<HeldGroup>> {
        auto const folded = fold_case(name_or_id);
        auto named = groups_at(*database_, target, at);
        auto known = named;
        std::erase_if(named, [&folded](HeldGroup const& group) { return fold_case(group.name) != folded; });
        if (!named.empty()) return named;
        std::erase_if(known, [&name_or_id](HeldGroup const& group) {
          return group.id != name_or_id || group.id.empty();
        });
        return known.empty() ? once_called(*database_, folded, target) : known;
      });
}

Result<std::vector<HeldInterval>> Intervals::members(std::int64_t group, std::optional<Time> at) const {
  static constexpr char kSelect[] = DIRSYNC_INTERVAL_SELECT
      "WHERE held.group_number = ?1 AND held.ended > ?2 AND held.began <= ?2 "
      "ORDER BY member.principal_folded, held.number";
  return database_->reading("members cannot be read",
                            [this, group, at]() -> Result<std::vector<HeldInterval>> {
                              auto query = database_->query(kSelect);
                              return read_all(query.with(group, instant(at)));
                            });
}

Result<std::vector<HeldInterval>> Intervals::of_person(std::string const& person, std::string const& target,
                                                       std::optional<Time> at) const {
  static constexpr char kSelect[] = DIRSYNC_INTERVAL_SELECT
      "WHERE held.member = ?1 AND held.ended > ?2 AND held.began <= ?2 ORDER BY held.number";
  return database_->reading(
      "memberships cannot be read", [this, &person, &target, at]() -> Result<std::vector<HeldInterval>> {
        std::vector<HeldInterval> all;
        for (auto const member : members_meant(*database_, person, target)) {
          auto query = database_->query(kSelect);
          std::ranges::move(read_all(query.with(member, instant(at))), std::back_inserter(all));
        }
        std::ranges::stable_sort(all, {}, [](HeldInterval const& held) {
          return std::tie(held.target, held.group, held.principal);
        });
        return all;
      });
}

Result<std::vector<HeldInterval>> Intervals::history(std::string const& person, std::int64_t group) const {
  static constexpr char kSelect[] =
      DIRSYNC_INTERVAL_SELECT "WHERE held.member = ?1 AND held.group_number = ?2 ORDER BY held.number";
  return database_->reading(
      "a history cannot be read", [this, &person, group]() -> Result<std::vector<HeldInterval>> {
        std::vector<HeldInterval> all;
        for (auto const member : members_meant(*database_, person, "")) {
          auto query = database_->query(kSelect);
          std::ranges::move(read_all(query.with(member, group)), std::back_inserter(all));
        }
        std::ranges::sort(all, {}, &HeldInterval::number);
        return all;
      });
}

Result<std::vector<HeldPerson>> Intervals::people(std::string const& person,
                                                  std::string const& target) const {
  static constexpr char kSelect[] =
      "SELECT target, principal, principal_folded, principal_id, entry_id, dn FROM interval_member "
      "WHERE number = ?";
  using People = std::vector<HeldPerson>;
  return database_->reading("people cannot be looked up", [this, &person, &target]() -> Result<People> {
    People people;
    for (auto const number : members_meant(*database_, person, target)) {
      auto query = database_->query(kSelect);
      if (!query.with(number).step()) continue;
      auto const spelling = query.text(1);
      people.push_back({query.text(0), spelling.empty() ? query.text(2) : spelling, query.text(3),
                        EntryId{query.text(4)}, query.text(5)});
    }
    return people;
  });
}

Result<std::vector<HeldPerson>> Intervals::entries(std::string const& person) const {
  using People = std::vector<HeldPerson>;
  return database_->reading("people cannot be looked up", [this, &person]() -> Result<People> {
    return entries_meant(*database_, person);
  });
}

Result<std::optional<std::vector<std::string>>> Intervals::foreign(std::string const& target,
                                                                   std::string const& group_id) const {
  using Names = std::optional<std::vector<std::string>>;
  return database_->attempt("foreign members cannot be read", [this, &target, &group_id]() -> Result<Names> {
    return foreign_names(*database_, target, group_id);
  });
}

Result<LeftOut> Intervals::left_out(std::string const& target, std::string const& group) const {
  return database_->attempt("who gets nothing cannot be read", [this, &target, &group]() -> Result<LeftOut> {
    return left_out_of(*database_, target, group);
  });
}

#undef DIRSYNC_INTERVAL_SELECT
#undef DIRSYNC_IS_MANAGED
}  // namespace dirsync::store
