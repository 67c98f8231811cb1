#pragma once
#include <string_view>
#include <vector>

#include "ldap/connection.hpp"
#include "ldap/entry_id.hpp"
#include "ldap/settings.hpp"

namespace dirsync::ldap {

/// What readers must know of a kind of server.
struct FlavourTraits {
  Flavour flavour = Flavour::openldap;
  std::string_view id_attribute;
  IdForm id_form = IdForm::uuid;
  std::string_view group_classes;  // filter that every group fits
  std::string_view people;         // filter for people when none is configured
  /// To be asked for beside those of the rules, lower case.
  std::vector<std::string_view> group_attributes, person_attributes;
  /// groupOfNames and groupOfUniqueNames have a member always (RFC 4519, 3.5 and 3.6): one without hides it.
  bool members_are_required = false;
  /// 389-ds numbers its open searches, so that every page has the same cookie.
  bool cookies_may_repeat = false;
  /// Each entry is also a member of the group that its primaryGroupID names, which has no value for it.
  bool primary_groups = false;
};

/// `flavour`: not automatic.
FlavourTraits const& traits_of(Flavour flavour);

/// The kind of the connected server: as configured, else as its root DSE (RFC 4512, 5.1) tells.
/// Errors: LdapErrc::wrong_flavour (neither tells, or they contradict each other); as search_few().
Result<Flavour> find_flavour(Connection& connection, Settings const& settings);

}  // namespace dirsync::ldap
