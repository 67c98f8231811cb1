#pragma once
// What surveys of directories of each kind tell.
#include "ldap/survey/survey.hpp"

namespace dirsync::init {

ldap::Survey survey_of_openldap();                  // groupOfNames, a prefix for each target, twins
ldap::Survey survey_of_openldap_with_rfc2307bis();  // posixGroup beside groupOfNames, loginDisabled
ldap::Survey survey_of_389ds();  // an administrative limit, a referral, groups that are not read
ldap::Survey survey_of_freeipa();
ldap::Survey survey_of_active_directory();
ldap::Survey survey_of_nothing();  // no group, nobody

}  // namespace dirsync::init
