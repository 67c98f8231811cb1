#pragma once
// Which target user is which person.
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "sync/model/observed.hpp"
#include "sync/model/record.hpp"
#include "sync/model/target_traits.hpp"
#include "sync/plan/desired/desired.hpp"
#include "sync/plan/facts.hpp"

namespace dirsync::plan {

struct Match {
  enum class Kind {
    user,       // Observed::users[user]
    provision,  // no user yet; the target can make one from the directory
    waiting,    // no user yet; applied when they appear
    ambiguous,  // set aside: `text` says why
    unnamed,    // set aside: member_name gives no name
  } kind = Kind::waiting;
  std::uint32_t user = 0;
  std::string name;    // rendered member_name
  std::string domain;  // of a provision
  std::string text;
};

/// Matches people to users of one target: Vault by userDN, then by what we granted before, then
/// by name under strict conditions; console by name, then by what we granted before. A person who is several
/// entries is found by any of them.
class Matcher {
 public:
  /// `people`: all whom the rules of the target might mean. `domains`: by directory, with "" for all; empty:
  /// nothing is provisioned.
  Matcher(TargetTraits const& traits, Observed const& observed, Managed const& managed, Facts const& facts,
          std::map<std::string, std::string> const& domains, Identities const& identities,
          std::vector<NamedPeople> const& people);

  /// Remembered per person and name book. Questions about DNs go to `questions`.
  Match const& match(SourceTree const& tree, PersonIndex person, Questions& questions);
  /// Index of the user whom a grant names; Observed::users.size() when there is none.
  std::uint32_t user_of(Grant const& grant) const;
  /// Through which the target provisions what that directory has; empty: not at all.
  std::string domain_of(std::string const& directory) const;

 private:
  using Entries = std::span<PersonRef const>;  // of one person
  using Users = std::set<std::uint32_t>;

  Match find(SourceTree const& tree, PersonIndex person, Questions& questions) const;
  std::optional<Match> by_dn(Entries entries, std::string const& name) const;
  std::vector<PersonRef> bearers_of_dn(std::string const& normalized) const;
  Users granted_to(Entries entries) const;
  Match by_names(SourceTree const& tree, PersonRef const& person, Entries entries,
                 Questions& questions) const;
  Match by_name(NamedPeople const& people, PersonRef const& person, Entries entries,
                Questions& questions) const;
  Match by_name_and_dn(std::uint32_t user, PersonRef const& person, std::string const& name,
                       Questions& questions) const;
  Match without_user(DirectoryView const& view, std::string const& name) const;
  std::string namesakes(NamedPeople const& people, Entries entries, std::string const& name) const;
  bool became_another_person(Entries entries, std::uint32_t user) const;
  bool belongs_to_another_directory(Entries entries, std::uint32_t user) const;
  Match several_users(Users const& users, Entries entries, std::string const& name) const;
  std::vector<std::uint32_t> users_named(std::string const& name) const;

  TargetTraits const& traits_;
  Observed const& observed_;
  Facts const& facts_;
  std::map<std::string, std::string> const& domains_;
  Identities const& identities_;
  std::vector<NamedPeople> const& people_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_dn_, by_name_, by_short_name_;
  std::unordered_map<std::string, std::uint32_t> by_id_;
  std::unordered_map<EntryId, std::uint32_t> by_grant_;
  std::unordered_map<std::uint32_t, std::vector<EntryId>> granted_ids_;  // with several directories
  std::map<NameBook const*, std::unordered_map<PersonIndex, Match>> matches_;
};

}  // namespace dirsync::plan
