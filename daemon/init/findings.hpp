#pragma once
// What a survey found, in sentences. Values from the directory are made printable. Pure; any thread.
#include <string>
#include <string_view>
#include <vector>

#include "ldap/survey/survey.hpp"

namespace dirsync::init {

/// "12 people", or "20000 people or more (only the first 20000 entries were looked at)".
std::string counted(ldap::Looked const& looked, std::string_view one, std::string_view many);

std::string in_words(ldap::AttributeLook const& look, ldap::Looked const& people);
std::string in_words(ldap::DisabledLook const& look);
std::string in_words(ldap::GroupKind const& kind);
std::string in_words(ldap::ReferralsLook const& referrals);

/// The whole of it, for a person who decides.
std::vector<std::string> findings(ldap::Survey const& survey);

}  // namespace dirsync::init
