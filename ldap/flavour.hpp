#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "ldap/connect/connection.hpp"
#include "ldap/search/entry_id.hpp"
#include "ldap/settings.hpp"
#include "sync/model/change_stamp.hpp"

namespace dirsync::ldap {

class EntryReader;

/// What readers must know of a kind of server.
struct FlavourTraits {
  Flavour flavour = Flavour::openldap;
  std::string_view id_attribute;
  IdForm id_form = IdForm::uuid;
  /// In which an entry says when it was last changed: entryCSN, with microseconds, or a generalizedTime. May
  /// be hidden.
  std::string_view stamp_attribute;
  std::vector<std::string_view> group_classes;  // read as groups whatever the schema says
  /// A class that allows one of these is a group's (roleOccupant has a rule of its own).
  std::vector<std::string_view> membership_attributes;
  std::string_view people;  // filter for people when none is configured
  /// To be asked for beside those of the rules, lower case.
  std::vector<std::string_view> group_attributes, person_attributes;
  /// groupOfNames and groupOfUniqueNames have a member always (RFC 4519, 3.5 and 3.6): one without hides it.
  bool members_are_required = false;
  /// A cookie names the open search and not the page, so that every page has the same one: 389-ds, Samba.
  bool cookies_may_repeat = false;
  /// The server keeps memberOf together with member. Elsewhere a plug-in may, of which nobody can be sure.
  bool member_of_is_kept = false;
  /// Each entry is also a member of the group that its primaryGroupID names, which has no value for it.
  bool primary_groups = false;
};

/// `flavour`: not automatic. Valid for ever.
FlavourTraits const& traits_of(Flavour flavour);

/// The current attribute of `entry` holds its immutable id.
bool is_id(FlavourTraits const& flavour, EntryReader const& entry);

/// What the current attribute of `entry` says when that is the one of its stamp, in whatever way the value is
/// unreadable; nothing for all others.
std::optional<ChangeStamp> stamp_in(FlavourTraits const& flavour, EntryReader const& entry);

/// True for the ports of a global catalog, which has the members of universal groups only.
bool is_global_catalog(std::string_view uri);

/// The kind of the connected server: as configured, else as its root DSE (RFC 4512, 5.1) tells.
/// Errors: LdapErrc::wrong_flavour (neither tells, or they contradict each other), bad_setup (a global
/// catalog); as search_few(). Blocks; thread: that of `connection`.
Result<Flavour> find_flavour(Connection& connection, Settings const& settings);

}  // namespace dirsync::ldap
