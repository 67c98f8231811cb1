#include "sync/plan/people/user_match.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

Match set_aside(std::string const& name, std::string text) {
  return {Match::Kind::ambiguous, 0, name, "", std::move(text)};
}
Match accept(std::uint32_t user, std::string const& name) { return {Match::Kind::user, user, name, "", ""}; }

bool contains(std::span<PersonRef const> entries, PersonRef const& ref) {
  return std::ranges::find(entries, ref) != entries.end();
}

std::string dn_of(PersonRef const& ref) { return std::string{ref.entry().dn}; }

/// "a, b, c and 4 more": enough to see who is meant.
std::string some_of(std::vector<std::string> names) {
  std::ranges::sort(names);
  constexpr std::size_t kMost = 3;
  std::string text;
  for (std::size_t at = 0; at < std::min(names.size(), kMost); ++at)
    text += (at == 0 ? "" : ", ") + names[at];
  if (names.size() > kMost) text += " and " + std::to_string(names.size() - kMost) + " more";
  return text;
}

std::string candidates(Observed const& observed, std::vector<std::uint32_t> const& users) {
  std::vector<std::string> names;
  for (auto const number : users) {
    auto const& user = observed.users[number];
    names.push_back(user.name + (user.dn.empty() ? "" : " (" + user.dn + ")"));
  }
  return some_of(std::move(names));
}

}  // namespace

Matcher::Matcher(TargetTraits const& traits, Observed const& observed, Managed const& managed,
                 Facts const& facts, std::map<std::string, std::string> const& domains,
                 Identities const& identities, std::vector<NamedPeople> const& people)
    : traits_(traits),
      observed_(observed),
      facts_(facts),
      domains_(domains),
      identities_(identities),
      people_(people) {
  for (std::uint32_t user = 0; user < observed.users.size(); ++user) {
    auto const& known = observed.users[user];
    auto const name = fold_case(known.name);
    by_id_.emplace(known.id, user);
    by_name_[name].push_back(user);
    if (!traits_.matches_by_dn) continue;
    // A Vault may have provisioned jsmith as jsmith@example.com.
    if (auto const at = name.find('@'); at != std::string::npos)
      by_short_name_[name.substr(0, at)].push_back(user);
    if (auto const dn = known.dn.empty() ? std::nullopt : normalized_dn(known.dn))
      by_dn_[*dn].push_back(user);
  }
  for (auto const& grant : managed.grants) {
    auto const user = user_of(grant);
    if (user == observed.users.size() || by_grant_.contains(grant.id)) continue;
    for (auto& id : parts_of(grant.id)) {
      auto const is_new = by_grant_.emplace(id, user).second;
      if (is_new && identities_.has_several_directories()) granted_ids_[user].push_back(std::move(id));
    }
  }
}

std::uint32_t Matcher::user_of(Grant const& grant) const {
  if (is_group_principal(grant.principal_id)) return static_cast<std::uint32_t>(observed_.users.size());
  if (auto const found = by_id_.find(grant.principal_id); found != by_id_.end()) return found->second;
  auto const named = by_name_.find(fold_case(grant.principal));
  // A grant without an id is one that the target provisioned; its name was read back then.
  if (grant.principal_id.empty() && named != by_name_.end() && named->second.size() == 1)
    return named->second.front();
  return static_cast<std::uint32_t>(observed_.users.size());
}

Match const& Matcher::match(SourceTree const& tree, PersonIndex person, Questions& questions) {
  auto& remembered = matches_[tree.names];
  auto const found = remembered.find(person);
  if (found != remembered.end()) return found->second;
  return remembered.emplace(person, find(tree, person, questions)).first->second;
}

Match Matcher::find(SourceTree const& tree, PersonIndex person, Questions& questions) const {
  PersonRef const self{tree.people, person};
  auto const joined = identities_.joined(self);
  auto const entries = joined.empty() ? Entries{&self, 1} : joined;
  auto const& name = tree.names->names[person];
  if (traits_.matches_by_dn)
    if (auto found = by_dn(entries, name)) return std::move(*found);
  auto const granted = granted_to(entries);
  if (granted.size() > 1) return several_users(granted, entries, name);
  if (traits_.matches_by_dn && !granted.empty())
    return accept(*granted.begin(), name);  // moved or renamed since
  auto match = by_names(tree, self, entries, questions);
  auto const unnamed = match.kind == Match::Kind::unnamed;
  if (match.kind != Match::Kind::user && !unnamed && !granted.empty()) return accept(*granted.begin(), name);
  return match;
}

std::optional<Match> Matcher::by_dn(Entries entries, std::string const& name) const {
  Users users;
  for (auto const& ref : entries) {
    std::string const dn{ref.entry().normalized_dn};
    auto const found = by_dn_.find(dn);
    if (found == by_dn_.end()) continue;
    if (found->second.size() > 1)
      return set_aside(name, "several users have the userDN " + dn_of(ref) + ": " +
                                 candidates(observed_, found->second) +
                                 "; remove the stale ones in the Vault");
    if (identities_.has_several_directories())
      for (auto const& bearer : bearers_of_dn(dn))
        if (!contains(entries, bearer))
          return set_aside(name, "directories " + ref.view->name + " and " + bearer.view->name +
                                     " both have an entry " + dn_of(ref) +
                                     ", and nothing says that they are one person; set users.join in both");
    users.insert(found->second.front());
  }
  if (users.empty()) return std::nullopt;
  return users.size() == 1 ? accept(*users.begin(), name) : several_users(users, entries, name);
}

Match Matcher::several_users(Users const& users, Entries entries, std::string const& name) const {
  std::string names, dns;
  for (auto const user : users) names += (names.empty() ? "" : " and ") + observed_.users[user].name;
  for (auto const& ref : entries) dns += (dns.empty() ? "" : " and ") + dn_of(ref);
  return set_aside(name, dns + " are one person, who has several users in the target: " + names +
                             "; keep one of them there");
}

/// Among the people whom the target's rules might mean, and those who are joined with them.
std::vector<PersonRef> Matcher::bearers_of_dn(std::string const& normalized) const {
  auto bearers = identities_.bearers_of_dn(normalized);
  std::erase_if(bearers, [this](PersonRef const& bearer) {
    return bearer.view->join.empty() &&
           std::ranges::find(people_, bearer.view, &NamedPeople::view) == people_.end();
  });
  return bearers;
}

Matcher::Users Matcher::granted_to(Entries entries) const {
  Users users;
  for (auto const& ref : entries)
    if (auto const found = by_grant_.find(ref.entry().id);
        found != by_grant_.end() && !became_another_person(entries, found->second))
      users.insert(found->second);
  return users;
}

/// Whether the DN (console: the name) by which a user was once granted to a person belongs to somebody else
/// now.
bool Matcher::became_another_person(Entries entries, std::uint32_t user) const {
  auto const& known = observed_.users[user];
  std::vector<PersonRef> bearers;
  if (traits_.matches_by_dn) {
    if (auto const dn = normalized_dn(known.dn)) bearers = bearers_of_dn(*dn);
  } else {
    for (auto const& people : people_) {
      auto const in_view = [&people](PersonRef const& ref) { return ref.view == people.view; };
      auto const found = people.names->bearers.find(fold_case(known.name));
      // Another directory has names of its own; see belongs_to_another_directory().
      if (found == people.names->bearers.end() || std::ranges::none_of(entries, in_view)) continue;
      for (auto const person : found->second) bearers.push_back({people.view, person});
    }
  }
  auto const is_theirs = [entries](PersonRef const& bearer) { return contains(entries, bearer); };
  auto const is_another = [this, entries](PersonRef const& bearer) {
    return std::ranges::all_of(
        entries, [this, &bearer](PersonRef const& ref) { return identities_.are_two(ref, bearer); });
  };
  return std::ranges::none_of(bearers, is_theirs) && std::ranges::any_of(bearers, is_another);
}

/// Whether a user was granted to a person of another directory who is still there.
bool Matcher::belongs_to_another_directory(Entries entries, std::uint32_t user) const {
  auto const found = granted_ids_.find(user);
  if (found == granted_ids_.end()) return false;
  for (auto const& id : found->second)
    for (auto const& owner : identities_.bearers_of(id)) {
      auto const in_view = [&owner](PersonRef const& ref) { return ref.view == owner.view; };
      if (!contains(entries, owner) && std::ranges::none_of(entries, in_view)) return true;
    }
  return false;
}

std::vector<std::uint32_t> Matcher::users_named(std::string const& name) const {
  auto const folded = fold_case(name);
  std::vector<std::uint32_t> users;
  for (auto const* names : {&by_name_, &by_short_name_})
    if (auto const found = names->find(folded); found != names->end())
      users.insert(users.end(), found->second.begin(), found->second.end());
  return users;
}

/// By the person's own name, then by those that the other entries have.
Match Matcher::by_names(SourceTree const& tree, PersonRef const& person, Entries entries,
                        Questions& questions) const {
  std::vector<Match> matches;
  auto const look = [this, entries, &questions, &matches](NamedPeople const& people, PersonRef const& ref) {
    if (!people.names->names[ref.person].empty()) matches.push_back(by_name(people, ref, entries, questions));
  };
  look({tree.people, tree.names}, person);
  for (auto const& ref : entries)
    for (auto const& people : people_)
      if (people.view == ref.view && ref != person) look(people, ref);
  Users users;
  for (auto const& match : matches)
    if (match.kind == Match::Kind::user) users.insert(match.user);
  auto const& name = tree.names->names[person.person];
  if (users.size() > 1) return several_users(users, entries, name);
  if (users.size() == 1) return accept(*users.begin(), name);
  if (name.empty())
    return {Match::Kind::unnamed, 0, "", "",
            "member_name \"" + tree.rule->member_name.text() +
                "\" gives no name; the entry lacks an attribute of it"};
  // Nobody is provisioned under one name while another one is not clear.
  auto const unclear = std::ranges::find(matches, Match::Kind::ambiguous, &Match::kind);
  return unclear == matches.end() ? std::move(matches.front()) : std::move(*unclear);
}

/// Who else has that name, in words; empty when nobody has.
std::string Matcher::namesakes(NamedPeople const& people, Entries entries, std::string const& name) const {
  auto const folded = fold_case(name);
  if (auto const& bearers = people.names->bearers.at(folded); bearers.size() > 1) {
    std::vector<std::string> dns;
    for (auto const bearer : bearers) dns.push_back(dn_of({people.view, bearer}));
    return std::to_string(bearers.size()) + " people of directory " + people.view->name + " have the name " +
           name + ": " + some_of(std::move(dns)) + "; give member_name an attribute that is unique";
  }
  for (auto const& others : people_) {
    if (others.view == people.view) continue;
    auto const found = others.names->bearers.find(folded);
    if (found == others.names->bearers.end()) continue;
    for (auto const bearer : found->second)
      if (PersonRef const other{others.view, bearer}; !contains(entries, other))
        return dn_of(entries.front()) + " and " + dn_of(other) + " of directory " + others.view->name +
               " both have the name " + name +
               ", and nothing says that they are one person; set users.join in both directories, or give "
               "member_name an attribute that is unique";
  }
  return {};
}

Match Matcher::by_name(NamedPeople const& people, PersonRef const& person, Entries entries,
                       Questions& questions) const {
  auto const& name = people.names->names[person.person];
  if (auto const others = namesakes(people, entries, name); !others.empty()) return set_aside(name, others);
  auto const users = users_named(name);
  if (users.empty()) return without_user(*person.view, name);
  if (users.size() > 1)
    return set_aside(name, "several users of the target fit the name " + name + ": " +
                               candidates(observed_, users) + "; make the names unique there");
  if (traits_.matches_by_dn) return by_name_and_dn(users.front(), person, name, questions);
  // The console has one name space without DNs; two spellings of one name are nobody's.
  if (belongs_to_another_directory(entries, users.front()))
    return set_aside(name, "the user " + observed_.users[users.front()].name +
                               " was granted to a person of another directory, who is still there; set "
                               "users.join in both directories, or correct one of the names");
  return accept(users.front(), name);
}

/// The conditions under which a Vault user with another userDN is that person all the same.
Match Matcher::by_name_and_dn(std::uint32_t number, PersonRef const& person, std::string const& name,
                              Questions& questions) const {
  auto const& user = observed_.users[number];
  auto const& view = *person.view;
  if (user.source != UserSource::directory)
    return set_aside(name, "the Vault has a local user " + user.name +
                               ", who is not this person; rename that user or the person's logon name");
  auto const dn = normalized_dn(user.dn);
  if (!dn) return set_aside(name, "the Vault user " + user.name + " has no usable userDN");
  if (auto const bearers = bearers_of_dn(*dn); !bearers.empty())
    return set_aside(name, "the Vault user " + user.name + " is another person than " + dn_of(person) + ": " +
                               user.dn + " exists in directory " + bearers.front().view->name);
  if (!is_below(*dn, view.normalized_base))
    return set_aside(name, "the Vault user " + user.name + " comes from elsewhere: " + user.dn +
                               " is not below the base of directory " + view.name);
  auto const* const known = known_as(facts_, view.name, *dn);
  if (known == nullptr) {
    questions.dns[view.name].insert(*dn);
    return set_aside(name,
                     "the Vault user " + user.name + " has the userDN " + user.dn +
                         ", which was never seen as this person's; wait for the Vault's own synchronisation "
                         "or correct the user there");
  }
  if (known->id != person.entry().id)
    return set_aside(
        name, "the userDN of the Vault user " + user.name + ", " + user.dn + ", belonged to another entry");
  return accept(number, name);
}

Match Matcher::without_user(DirectoryView const& view, std::string const& name) const {
  if (traits_.refuse_user_name) {
    if (auto refusal = traits_.refuse_user_name(name); !refusal.empty())
      return set_aside(name, std::move(refusal));
    return {Match::Kind::provision, 0, name, "", ""};
  }
  auto domain = domain_of(view.name);
  if (domain.empty()) {
    auto const* const reason = traits_.no_provisioning;
    return {Match::Kind::waiting, 0, name, "",
            "no user " + name + " in the target yet" +
                (reason == nullptr ? "" : std::string{", and "} + reason) + "; applied when there is one" +
                traits_.why_people_wait};
  }
  return {Match::Kind::provision, 0, name, std::move(domain), ""};
}

std::string Matcher::domain_of(std::string const& directory) const {
  if (traits_.no_provisioning != nullptr) return {};
  auto domain = domains_.find(directory);
  if (domain == domains_.end()) domain = domains_.find("");
  return domain == domains_.end() ? std::string{} : domain->second;
}

}  // namespace dirsync::plan
