#include "ldap/read/groups_and_people.hpp"

#include <future>
#include <system_error>

#include "ldap/errors.hpp"
#include "ldap/read/change_numbers.hpp"
#include "ldap/search/referral.hpp"

namespace dirsync::ldap {
namespace {

Result<GroupsAndPeople> read_in_turn(ReadContext const& context, std::string how) {
  // Groups first: someone deleted in between leaves a value that names nobody, which costs no one access.
  auto groups = read_groups(context);
  if (!groups) return groups.error();
  auto people = read_people(context);
  if (!people) return people.error();
  return GroupsAndPeople{std::move(*groups), std::move(*people), std::move(how)};
}

Result<GroupsAndPeople> read_at_once(ReadContext const& of_groups, ReadContext const& of_people,
                                     Stops& stops) {
  std::future<Result<People>> reading_people;
  try {
    reading_people = std::async(std::launch::async, [&of_people, &stops] {
      auto people = read_people(of_people);
      if (!people) stops.first.request();
      return people;
    });
  } catch (std::system_error const& error) {
    return Error{LdapErrc::connect_failed, of_people.connection.place() +
                                               ": no thread for a second connection: " +
                                               error.code().message() + "; lift the limit on threads"};
  }
  auto groups = read_groups(of_groups);
  if (!groups) stops.second.request();
  auto people = reading_people.get();
  // When one failed and stopped the other, the other's error is not the reason.
  if (!groups && (people || people.error().code == LdapErrc::cancelled)) return groups.error();
  // The first connection's thread keeps the memory of servers that failed.
  if (!people) return of_groups.connection.noted(people.error());
  of_groups.connection.referrals().count(of_people.connection.referrals());
  return GroupsAndPeople{std::move(*groups), std::move(*people), "at the same time, over two connections"};
}

/// False when `now` says less than `before`, or speaks of another server.
bool came_as_far(ChangeNumbers const& now, ChangeNumbers const& before) {
  return now.source == before.source && went_back(before, now).empty();
}

}  // namespace

Result<GroupsAndPeople> read_groups_and_people(ReadContext const& context, ChangeNumbers const& before,
                                               Stops& stops) {
  auto const in_turn = [&context](std::string const& why) {
    return read_in_turn(context, "one after the other, over one connection" + why);
  };
  auto& first = context.connection;
  if (context.settings.connections < 2) return in_turn("");
  if (before.source.empty()) return in_turn(": no change number would show that two lead to one server");
  auto beside = Connection::open_beside(first, context.settings, stops.second);
  if (!beside && beside.error().code == LdapErrc::cancelled) return beside.error();
  if (!beside) return in_turn(": no second one: " + beside.error().context);
  auto const there = read_change_numbers(*beside, context.settings);
  if (!there) return there.error();
  auto const here = read_change_numbers(first, context.settings);
  if (!here) return here.error();
  if (!came_as_far(*there, before) || !came_as_far(*here, *there))
    return in_turn(": a second one led to another server");
  return read_at_once(context,
                      {.connection = *beside,
                       .settings = context.settings,
                       .flavour = context.flavour,
                       .query = context.query,
                       .schema = context.schema,
                       .classes = context.classes},
                      stops);
}

}  // namespace dirsync::ldap
