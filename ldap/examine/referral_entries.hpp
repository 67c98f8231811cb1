#pragma once
#include <string>
#include <vector>

#include "ldap/connect/connection.hpp"
#include "ldap/examine/examination.hpp"

namespace dirsync::ldap {

/// The base, nearest to the root, that has all of `entries` below it and none of `referrals`: a DN as the
/// first of `entries` spells it. Empty where there is no entry, or none such. Pure.
std::string base_without_referrals(std::vector<std::string> const& entries,
                                   std::vector<std::string> const& referrals);

/// The referral entries below `base`, by ManageDsaIT (RFC 3296). A server that shows none has none to show.
Result<void> find_referral_entries(Connection& connection, std::string const& base, int page_size,
                                   std::vector<std::string>& dns);

}  // namespace dirsync::ldap
