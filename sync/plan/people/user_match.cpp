#include "sync/plan/people/user_match.hpp"

#include <algorithm>
#include <ranges>

#include "sync/model/dn.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/people/name_match.hpp"

namespace dirsync::plan {
namespace {

/// Where several entries would have the same DN elsewhere, it means the one that is spelt so.
std::vector<std::uint32_t> users_with_dn_of(UserIndex const& users, Entry const& entry) {
  auto const same = users.with_dn(std::string{entry.normalized_dn});
  std::vector<std::uint32_t> found{same.begin(), same.end()};
  if (entry.shares_dn) {
    auto const is_another = [&users, &entry](std::uint32_t user) { return users[user].dn != entry.dn; };
    std::erase_if(found, is_another);
  }
  return found;
}

std::optional<Match> match_by_dn(MatchSources const& sources, Entries entries, std::string const& name) {
  Users users;
  for (auto const& ref : entries) {
    std::string const dn{ref.entry().normalized_dn};
    auto const found = users_with_dn_of(sources.users, ref.entry());
    if (found.empty()) continue;
    if (found.size() > 1)
      return ambiguous(name, "several users have the userDN " + dn_of(ref) + ": " +
                                 candidates(sources.users, found) + "; remove the stale ones in the Vault");
    if (sources.identities.has_several_directories())
      for (auto const& bearer : bearers_of_dn(sources, dn))
        if (!contains(entries, bearer))
          return ambiguous(name, "directories " + ref.view->name + " and " + bearer.view->name +
                                     " both have an entry " + dn_of(ref) +
                                     ", and nothing says that they are one person; set users.join in both");
    users.insert(found.front());
  }
  if (users.empty()) return std::nullopt;
  return users.size() == 1 ? accept(*users.begin(), name, MatchedBy::user_dn)
                           : several_users(sources, users, entries, name);
}

/// People who have the DN (console: the name) of that user now.
std::vector<PersonRef> present_bearers(MatchSources const& sources, Entries entries, TargetUser const& user) {
  if (sources.traits.matches_by_dn) {
    auto const dn = normalized_dn(user.dn);
    return dn ? bearers_of_dn(sources, *dn) : std::vector<PersonRef>{};
  }
  std::vector<PersonRef> bearers;
  for (auto const& people : sources.people) {
    auto const in_view = [&people](PersonRef const& ref) { return ref.view == people.view; };
    auto const found = people.names->bearers.find(fold_case(user.name));
    // Another directory has names of its own.
    if (found == people.names->bearers.end() || std::ranges::none_of(entries, in_view)) continue;
    for (auto const person : found->second) bearers.push_back({people.view, person});
  }
  return bearers;
}

/// Whether what named a user when they were granted to a person belongs to somebody else now.
bool became_another_person(MatchSources const& sources, Entries entries, std::uint32_t user) {
  auto const bearers = present_bearers(sources, entries, sources.users[user]);
  auto const is_theirs = [entries](PersonRef const& bearer) { return contains(entries, bearer); };
  auto const is_another = [&sources, entries](PersonRef const& bearer) {
    return std::ranges::all_of(entries, [&sources, &bearer](PersonRef const& ref) {
      return sources.identities.are_two(ref, bearer);
    });
  };
  return std::ranges::none_of(bearers, is_theirs) && std::ranges::any_of(bearers, is_another);
}

Users granted_to(MatchSources const& sources, Entries entries) {
  Users users;
  for (auto const& ref : entries)
    for (auto const user : sources.grants.users_of(ref.entry().id))
      if (!became_another_person(sources, entries, user)) users.insert(user);
  return users;
}

/// The target used the id of the person's user again: until somebody has looked nobody is made or awaited in
/// their place.
std::optional<Match> whose_id_is_used_again(MatchSources const& sources, Entries entries,
                                            std::string const& name) {
  for (auto const& ref : entries)
    if (auto const successor = sources.grants.successor_of(ref.entry().id))
      return ambiguous(name, "the user to whom " + dn_of(ref) + " was granted had the id " +
                                 sources.users[*successor].id + ", which is that of " +
                                 sources.users[*successor].name +
                                 " now; restore their own user in the target, or take " +
                                 sources.users[*successor].name + " out of the groups that they had");
  return std::nullopt;
}

}  // namespace

std::string some_of(std::vector<std::string> names) {
  std::ranges::sort(names);
  constexpr std::size_t kMost = 3;
  auto const text = join(names | std::views::take(kMost), ", ");
  return names.size() > kMost ? text + " and " + std::to_string(names.size() - kMost) + " more" : text;
}

bool contains(Entries entries, PersonRef const& ref) {
  return std::ranges::find(entries, ref) != entries.end();
}

std::string dn_of(PersonRef const& ref) { return std::string{ref.entry().dn}; }

std::string candidates(UserIndex const& index, std::span<std::uint32_t const> users) {
  std::vector<std::string> names;
  for (auto const number : users) {
    auto const& user = index[number];
    names.push_back(user.name + (user.dn.empty() ? "" : " (" + user.dn + ")"));
  }
  return some_of(std::move(names));
}

Match ambiguous(std::string const& name, std::string text) {
  return {.kind = Match::Kind::ambiguous,
          .user = 0,
          .name = name,
          .domain = "",
          .text = std::move(text),
          .by = {}};
}

Match accept(std::uint32_t user, std::string const& name, MatchedBy by) {
  return {.kind = Match::Kind::user, .user = user, .name = name, .domain = "", .text = "", .by = by};
}

Match several_users(MatchSources const& sources, Users const& users, Entries entries,
                    std::string const& name) {
  auto const names =
      join(users, " and ", [&sources](std::uint32_t user) { return sources.users[user].name; });
  return ambiguous(name, join(entries, " and ", dn_of) +
                             " are one person, who has several users in the target: " + names +
                             "; keep one of them there");
}

std::vector<PersonRef> bearers_of_dn(MatchSources const& sources, std::string const& normalized) {
  auto bearers = sources.identities.bearers_of_dn(normalized);
  std::erase_if(bearers, [&people = sources.people](PersonRef const& bearer) {
    return bearer.view->join.empty() &&
           std::ranges::find(people, bearer.view, &NamedPeople::view) == people.end();
  });
  return bearers;
}

Match match_user(MatchSources const& sources, NamedPerson const& person, AbsenceBook& book) {
  auto const self = person.ref();
  auto const joined = sources.identities.joined(self);
  auto const entries = joined.empty() ? Entries{&self, 1} : joined;
  auto const name = person.name();
  if (sources.traits.matches_by_dn)
    if (auto found = match_by_dn(sources, entries, name)) return std::move(*found);
  auto const granted = granted_to(sources, entries);
  auto const known_before = [&]() -> Match {
    return granted.size() > 1 ? several_users(sources, granted, entries, name)
                              : accept(*granted.begin(), name, MatchedBy::grant);
  };
  // Moved or renamed since; of several values the one by which we granted counts.
  if ((sources.traits.matches_by_dn || person.has_several_names()) && !granted.empty()) return known_before();
  auto match = match_by_names(sources, person, entries, book);
  auto const unnamed = match.kind == Match::Kind::unnamed;
  if (match.kind != Match::Kind::user && !unnamed && !granted.empty()) return known_before();
  auto const is_shared = [&sources](PersonRef const& ref) { return sources.identities.has_shared_key(ref); };
  if (match.kind == Match::Kind::provision && std::ranges::any_of(entries, is_shared))
    return ambiguous(name,
                     dn_of(self) +
                         " may be the same person as an entry of another directory, where several "
                         "have its value of users.join; make the value unique, or add the user by hand");
  if (match.kind == Match::Kind::provision || match.kind == Match::Kind::waiting)
    if (auto set_aside = whose_id_is_used_again(sources, entries, name)) return *std::move(set_aside);
  return match;
}

std::string domain_of(MatchSources const& sources, std::string const& directory) {
  if (sources.traits.no_provisioning != nullptr) return {};
  auto domain = sources.domains.find(directory);
  if (domain == sources.domains.end()) domain = sources.domains.find("");
  return domain == sources.domains.end() ? std::string{} : domain->second;
}

std::string why_no_mapping(MatchSources const& sources, std::string const& domain, AbsenceBook& book) {
  auto const* const answer = book.mapping_or_ask(sources.target, domain);
  return answer == nullptr || !answer->is_told ? std::string{} : answer->text;
}

}  // namespace dirsync::plan
