#pragma once
// Which target user is which person.
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "sync/model/change.hpp"
#include "sync/model/target_traits.hpp"
#include "sync/plan/absence_book.hpp"
#include "sync/plan/people/former_dns.hpp"
#include "sync/plan/people/grant_index.hpp"
#include "sync/plan/people/identities.hpp"
#include "sync/plan/people/name_book.hpp"
#include "sync/plan/people/user_index.hpp"

namespace dirsync::plan {

struct Match {
  enum class Kind {
    user,            // UserIndex[user]
    provision,       // no user yet; the target can make one from the directory
    waiting,         // no user yet; applied when they appear
    ambiguous,       // set aside: `text` says why
    unnamed,         // set aside: member_name gives no name
    several_values,  // set aside: it gives several, and nothing tells which one counts
  } kind = Kind::waiting;
  std::uint32_t user = 0;
  std::string name;    // rendered member_name; of several_values all of them, for messages
  std::string domain;  // of a provision
  std::string text;
  MatchedBy by{};  // of a user
};

/// What people are matched with. Owns nothing; all of it must outlive its use.
struct MatchSources {
  std::string const& target;  // its name
  TargetTraits const& traits;
  UserIndex const& users;
  GrantIndex const& grants;
  FormerDns const& former;
  Identities const& identities;
  std::vector<NamedPeople> const& people;  // all whom the rules of the target might mean
  /// The Vault's directory mappings: by directory, "" for all; empty: nothing is provisioned.
  std::map<std::string, std::string> const& domains;
};

/// A person as a rule names them.
struct NamedPerson {
  NamedPeople people;
  PersonIndex person = 0;
  std::string const* member_name = nullptr;  // text of the template, for messages
  PersonRef ref() const { return {people.view, person}; }
  /// For messages; of a person with one name it is that.
  std::string name() const { return people.names->label(person); }
  bool has_several_names() const { return people.names->several.contains(person); }
};

/// Vault: by userDN, then by what we granted before, then by name under strict conditions; console: by name,
/// then by what we granted before. A person who is several entries is found by any of them. Asks `book` who
/// bore a DN.
Match match_user(MatchSources const& sources, NamedPerson const& person, AbsenceBook& book);

/// Through which the target provisions what that directory has; empty: not at all.
std::string domain_of(MatchSources const& sources, std::string const& directory);

/// Why the target itself says that it can take in nobody through that domain; empty: it does not. Asks.
std::string why_no_mapping(MatchSources const& sources, std::string const& domain, AbsenceBook& book);

}  // namespace dirsync::plan
