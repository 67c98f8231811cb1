// Users found by the name that member_name gives a person.
#include "sync/plan/people/name_match.hpp"

#include <algorithm>
#include <iterator>

#include "sync/model/dn.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

/// `in_one`: of one directory, by the names that two rules give.
std::string both_have(PersonRef const& one, PersonRef const& other, bool in_one, std::string const& name) {
  auto const who = dn_of(one) + " and " + dn_of(other);
  if (in_one)
    return who + " both have the name " + name +
           ", by the member_name of two rules; give the rules attributes that are unique together";
  return who + " of directory " + other.view->name + " both have the name " + name +
         ", and nothing says that they are one person; set users.join in both directories, or give "
         "member_name an attribute that is unique";
}

/// Who else has that name, in words; empty when nobody has.
std::string namesakes(MatchSources const& sources, NamedPeople const& people, Entries entries,
                      std::string const& name) {
  auto const folded = fold_case(name);
  if (auto const& bearers = people.names->bearers.at(folded); bearers.size() > 1) {
    std::vector<std::string> dns;
    for (auto const bearer : bearers) dns.push_back(dn_of({people.view, bearer}));
    return std::to_string(bearers.size()) + " people of directory " + people.view->name + " have the name " +
           name + ": " + some_of(std::move(dns)) + "; give member_name an attribute that is unique";
  }
  for (auto const& others : sources.people) {
    if (others == people) continue;
    auto const found = others.names->bearers.find(folded);
    if (found == others.names->bearers.end()) continue;
    for (auto const bearer : found->second)
      if (PersonRef const other{others.view, bearer}; !contains(entries, other))
        return both_have(entries.front(), other, others.view == people.view, name);
  }
  return {};
}

/// Whether a user was granted to a person of another directory who is still there.
bool belongs_to_another_directory(MatchSources const& sources, Entries entries, std::uint32_t user) {
  if (!sources.identities.has_several_directories()) return false;
  for (auto const& id : sources.grants.entries_of(user))
    for (auto const& owner : sources.identities.bearers_of(id)) {
      auto const in_view = [&owner](PersonRef const& ref) { return ref.view == owner.view; };
      if (!contains(entries, owner) && std::ranges::none_of(entries, in_view)) return true;
    }
  return false;
}

/// The conditions under which a Vault user with another userDN is that person all the same.
Match match_by_name_and_dn(MatchSources const& sources, std::uint32_t number, PersonRef const& person,
                           std::string const& name, AbsenceBook& book) {
  auto const& user = sources.users[number];
  auto const& view = *person.view;
  if (user.source != UserSource::directory)
    return ambiguous(name, "the Vault has a local user " + user.name +
                               ", who is not this person; rename that user or the person's logon name");
  auto const dn = normalized_dn(user.dn);
  if (!dn || dn->empty())
    return ambiguous(
        name, "the Vault user " + user.name +
                  " comes from a directory and has no userDN that can be read, so that nobody can tell "
                  "whether it is this person; let the Vault synchronise that user, or delete it there");
  if (auto const bearers = bearers_of_dn(sources, *dn); !bearers.empty())
    return ambiguous(name, "the Vault user " + user.name + " is another person than " + dn_of(person) + ": " +
                               user.dn + " exists in directory " + bearers.front().view->name);
  if (!is_below(*dn, view.normalized_base))
    return ambiguous(name, "the Vault user " + user.name + " comes from elsewhere: " + user.dn +
                               " is not below the base of directory " + view.name);
  auto const* const bearer = sources.former.bearer_of(view.name, *dn);
  if (bearer == nullptr) {
    book.known_as_or_ask(view.name, *dn);
    return ambiguous(name,
                     "the Vault user " + user.name + " has the userDN " + user.dn +
                         ", which was never seen as this person's; wait for the Vault's own synchronisation "
                         "or correct the user there");
  }
  if (*bearer != person.entry().id)
    return ambiguous(
        name, "the userDN of the Vault user " + user.name + ", " + user.dn + ", belonged to another entry");
  return accept(number, name, MatchedBy::name_with_former_dn);
}

Match without_user(MatchSources const& sources, DirectoryView const& view, std::string const& name,
                   AbsenceBook& book) {
  auto const& traits = sources.traits;
  Match match;
  match.name = name;
  if (traits.refuse_user_name) {
    if (auto refusal = traits.refuse_user_name(name); !refusal.empty())
      return ambiguous(name, std::move(refusal));
    match.kind = Match::Kind::provision;
    return match;
  }
  match.domain = domain_of(sources, view.name);
  if (!match.domain.empty()) {
    match.text = why_no_mapping(sources, match.domain, book);
    match.kind = match.text.empty() ? Match::Kind::provision : Match::Kind::waiting;
    if (!match.text.empty()) match.text = "no user " + name + " in the target yet: " + match.text;
    return match;
  }
  auto const because =
      traits.no_provisioning == nullptr ? std::string{} : std::string{", and "} + traits.no_provisioning;
  match.kind = Match::Kind::waiting;
  match.text = "no user " + name + " in the target yet" + because + "; applied when there is one" +
               traits.why_people_wait;
  return match;
}

/// `name`: one of the person's.
Match match_by_name(MatchSources const& sources, NamedPeople const& people, PersonRef const& person,
                    std::string const& name, Entries entries, AbsenceBook& book) {
  if (auto const others = namesakes(sources, people, entries, name); !others.empty())
    return ambiguous(name, others);
  auto const users = sources.users.named(name);
  if (users.empty()) return without_user(sources, *person.view, name, book);
  if (users.size() > 1)
    return ambiguous(name, "several users of the target fit the name " + name + ": " +
                               candidates(sources.users, users) + "; make the names unique there");
  if (sources.traits.matches_by_dn) return match_by_name_and_dn(sources, users.front(), person, name, book);
  // The console has one name space without DNs; two spellings of one name are nobody's.
  if (belongs_to_another_directory(sources, entries, users.front()))
    return ambiguous(name, "the user " + sources.users[users.front()].name +
                               " was granted to a person of another directory, who is still there; set "
                               "users.join in both directories, or correct one of the names");
  return accept(users.front(), name, MatchedBy::name);
}

/// Whoever may write their own values could take another one's user by the choice: one counts only where it
/// alone names a user.
Match match_by_values(MatchSources const& sources, NamedPeople const& people, PersonRef const& person,
                      Entries entries, AbsenceBook& book) {
  auto const& values = people.names->several.at(person.person);
  std::vector<std::string> naming;
  std::ranges::copy_if(values, std::back_inserter(naming),
                       [&sources](std::string const& value) { return !sources.users.named(value).empty(); });
  if (naming.size() == 1) return match_by_name(sources, people, person, naming.front(), entries, book);
  Match several;
  several.kind = Match::Kind::several_values;
  several.name = people.names->label(person.person);
  several.text = dn_of(person) + " has several names by member_name, " + join(values, " and ") + ", and " +
                 (naming.empty() ? "none of them is that of a user of the target"
                                 : join(naming, " and ") + " are users of the target") +
                 "; keep one of the values, or let member_name use an attribute with one";
  return several;
}

}  // namespace

Match match_by_names(MatchSources const& sources, NamedPerson const& person, Entries entries,
                     AbsenceBook& book) {
  std::vector<Match> matches;
  auto const look = [&sources, entries, &book, &matches](NamedPeople const& people, PersonRef const& ref) {
    auto const names = people.names->names_of(ref.person);
    if (names.size() == 1)
      matches.push_back(match_by_name(sources, people, ref, names.front(), entries, book));
    else if (!names.empty())
      matches.push_back(match_by_values(sources, people, ref, entries, book));
  };
  look(person.people, person.ref());
  for (auto const& ref : entries)
    for (auto const& people : sources.people)
      if (people.view == ref.view && ref != person.ref()) look(people, ref);
  Users users;
  MatchedBy by{};
  for (auto const& match : matches) {
    if (match.kind != Match::Kind::user) continue;
    users.insert(match.user);
    by = match.by;
  }
  auto const name = person.name();
  if (users.size() > 1) return several_users(sources, users, entries, name);
  if (users.size() == 1) return accept(*users.begin(), name, by);
  if (name.empty()) {
    Match unnamed;
    unnamed.kind = Match::Kind::unnamed;
    unnamed.text =
        "member_name \"" + *person.member_name + "\" gives no name; the entry lacks an attribute of it";
    return unnamed;
  }
  // Nobody is provisioned under one name while another one is not clear.
  auto const unclear = std::ranges::find_if(matches, [](Match const& match) {
    return match.kind == Match::Kind::ambiguous || match.kind == Match::Kind::several_values;
  });
  return unclear == matches.end() ? std::move(matches.front()) : std::move(*unclear);
}

}  // namespace dirsync::plan
