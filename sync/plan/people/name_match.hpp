#pragma once
// Inside this folder: parts of user_match.
#include "sync/plan/people/user_match.hpp"

namespace dirsync::plan {

using Entries = std::span<PersonRef const>;  // of one person
using Users = std::set<std::uint32_t>;

bool contains(Entries entries, PersonRef const& ref);
std::string dn_of(PersonRef const& ref);
/// "a, b, c and 4 more": enough to see who is meant.
std::string some_of(std::vector<std::string> names);
/// "ann (uid=ann,...), ann2 and 4 more"
std::string candidates(UserIndex const& index, std::span<std::uint32_t const> users);
Match ambiguous(std::string const& name, std::string text);
Match accept(std::uint32_t user, std::string const& name, MatchedBy by);
Match several_users(MatchSources const& sources, Users const& users, Entries entries,
                    std::string const& name);
/// Among the people whom the target's rules might mean, and those who are joined with them.
std::vector<PersonRef> bearers_of_dn(MatchSources const& sources, std::string const& normalized);

/// By the person's own name, then by those that the other entries have.
Match match_by_names(MatchSources const& sources, NamedPerson const& person, Entries entries,
                     AbsenceBook& book);

}  // namespace dirsync::plan
