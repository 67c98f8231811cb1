#include "sync/plan/matching.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {
Match set_aside(std::string const& name, std::string text) {
  return {Match::Kind::ambiguous, 0, name, "", std::move(text)};
}

}  // namespace

Matcher::Matcher(TargetTraits const& traits, Observed const& observed, Managed const& managed,
                 Facts const& facts, std::map<std::string, std::string> const& domains)
    : traits_(traits), observed_(observed), facts_(facts), domains_(domains) {
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
  for (auto const& grant : managed.grants)
    if (auto const user = user_of(grant); user < observed.users.size()) by_grant_.emplace(grant.id, user);
}

std::uint32_t Matcher::user_of(Grant const& grant) const {
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

Match Matcher::accept(std::uint32_t user, std::string const& name) const {
  return {Match::Kind::user, user, name, "", ""};
}

Match Matcher::find(SourceTree const& tree, PersonIndex person, Questions& questions) const {
  auto const& entry = tree.directory->snapshot->people()[person];
  auto const& name = tree.names->names[person];
  auto const granted = by_grant_.find(entry.id);
  if (traits_.matches_by_dn) {
    if (auto const found = by_dn_.find(std::string{entry.normalized_dn}); found != by_dn_.end()) {
      if (found->second.size() == 1) return accept(found->second.front(), name);
      return set_aside(name, "several users have the userDN " + std::string{entry.dn} +
                                 "; remove the stale ones in the Vault");
    }
  }
  auto const theirs = granted != by_grant_.end() && !became_another_person(tree, person, granted->second);
  if (traits_.matches_by_dn && theirs) return accept(granted->second, name);  // moved or renamed since
  if (name.empty())
    return {Match::Kind::unnamed, 0, "", "",
            "member_name \"" + tree.rule->member_name.text() +
                "\" gives no name; the entry lacks an attribute of it"};
  auto match = by_name(tree, person, name, questions);
  if (match.kind != Match::Kind::user && theirs) return accept(granted->second, name);
  return match;
}

/// Whether the DN (console: the name) by which a user was once granted to `person` belongs to somebody else
/// now.
bool Matcher::became_another_person(SourceTree const& tree, PersonIndex person, std::uint32_t user) const {
  auto const& known = observed_.users[user];
  if (traits_.matches_by_dn) {
    auto const dn = normalized_dn(known.dn);
    auto const bearer = dn ? tree.directory->snapshot->person_by_dn(*dn) : std::nullopt;
    return bearer && *bearer != person;
  }
  auto const bearers = tree.names->bearers.find(fold_case(known.name));
  return bearers != tree.names->bearers.end() &&
         std::ranges::find(bearers->second, person) == bearers->second.end();
}

std::vector<std::uint32_t> Matcher::users_named(std::string const& name) const {
  auto const folded = fold_case(name);
  std::vector<std::uint32_t> users;
  for (auto const* names : {&by_name_, &by_short_name_})
    if (auto const found = names->find(folded); found != names->end())
      users.insert(users.end(), found->second.begin(), found->second.end());
  return users;
}

Match Matcher::by_name(SourceTree const& tree, PersonIndex person, std::string const& name,
                       Questions& questions) const {
  auto const& bearers = tree.names->bearers.at(fold_case(name));
  if (bearers.size() > 1)
    return set_aside(name, std::to_string(bearers.size()) + " people of directory " + tree.directory->name +
                               " have the name " + name + "; give member_name an attribute that is unique");
  auto const users = users_named(name);
  if (users.empty()) return without_user(tree, name);
  if (users.size() > 1)
    return set_aside(name,
                     "several users of the target fit the name " + name + "; make the names unique there");
  auto const& user = observed_.users[users.front()];
  if (!traits_.matches_by_dn) {
    // The console has one name space without DNs; two spellings of one name are nobody's.
    return accept(users.front(), name);
  }
  if (user.source != UserSource::directory)
    return set_aside(name, "the Vault has a local user " + user.name +
                               ", who is not this person; rename that user or the person's logon name");
  auto const dn = normalized_dn(user.dn);
  if (!dn) return set_aside(name, "the Vault user " + user.name + " has no usable userDN");
  if (tree.directory->snapshot->person_by_dn(*dn))
    return set_aside(name, "the Vault user " + user.name + " is another person: " + user.dn + " exists");
  if (!is_below(*dn, tree.directory->normalized_base))
    return set_aside(name, "the Vault user " + user.name + " comes from elsewhere: " + user.dn +
                               " is not below the base of directory " + tree.directory->name);
  auto const* const known = known_as(facts_, tree.directory->name, *dn);
  if (known == nullptr) {
    questions.dns[tree.directory->name].insert(*dn);
    return set_aside(name,
                     "the Vault user " + user.name + " has the userDN " + user.dn +
                         ", which was never seen as this person's; wait for the Vault's own synchronisation "
                         "or correct the user there");
  }
  if (known->id != tree.directory->snapshot->people()[person].id)
    return set_aside(
        name, "the userDN of the Vault user " + user.name + ", " + user.dn + ", belonged to another entry");
  return accept(users.front(), name);
}

Match Matcher::without_user(SourceTree const& tree, std::string const& name) const {
  auto domain = domains_.find(tree.directory->name);
  if (domain == domains_.end()) domain = domains_.find("");
  if (domain == domains_.end())
    return {Match::Kind::waiting, 0, name, "",
            "no user " + name + " in the target yet; applied when there is one"};
  return {Match::Kind::provision, 0, name, domain->second, ""};
}

}  // namespace dirsync::plan
