#pragma once
// What a directory shows, judged.
#include "daemon/doctor/check.hpp"
#include "daemon/doctor/show.hpp"
#include "ldap/examine/examination.hpp"

namespace dirsync::doctor {

/// Ids of the checks below, in order; for those that cannot be made.
std::vector<std::string> const& directory_ids();

/// Kind of server, schema, bases, people, groups, rules, attributes, members, limits, own filters, referrals
/// and what a survey counted. Only of a directory that let us in.
void judge_directory(ldap::Examination const& found, LdapAccess const& access, CheckList& checks);

}  // namespace dirsync::doctor
