#pragma once
// What is checked and worked out of lists that were read.
#include <string>
#include <vector>

#include "sync/model/error.hpp"
#include "sync/model/observed.hpp"
#include "sync/vault/lists.hpp"
#include "sync/vault/settings.hpp"

namespace dirsync::vault {

/// VaultErrc::incomplete_read: what was read so far is nothing.
Error incomplete(std::string context);

/// Of one answer. An id that several names bear sets them aside. Errors: VaultErrc::incomplete_read naming an
/// entry that came twice.
Result<void> check_answer(std::vector<TargetUser>& users);
Result<void> check_answer(std::vector<TargetGroup>& groups);
/// An entry may come twice on the border of two pages, but not with two contents. Errors:
/// VaultErrc::incomplete_read naming the entry.
Result<void> drop_repeated(std::vector<TargetGroup>& groups);

/// A member whose id and name fit a user and a group alike could be either: one of TargetGroup::others.
/// `index`: of observed.users.
void count_ambiguous_members_as_others(Observed& observed, UserIndex const& index);

/// Tells nested groups from members of whom nothing is known; both id and name must agree.
void classify_others(std::vector<TargetGroup>& groups, std::vector<TargetGroup> const& known);

/// Marks the users and groups that must never be touched.
void protect(Observed& observed, Settings const& settings);

}  // namespace dirsync::vault
