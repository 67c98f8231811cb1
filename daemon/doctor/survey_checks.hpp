#pragma once
#include "daemon/doctor/check.hpp"
#include "daemon/doctor/show.hpp"
#include "ldap/examine/examination.hpp"

namespace dirsync::doctor {

/// Which classes with members are there and which of them are read; what names people, and whether it names
/// one alone.
void judge_survey(ldap::Examination const& found, LdapAccess const& access, CheckList& checks);

}  // namespace dirsync::doctor
