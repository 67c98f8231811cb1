#include "ldap/flavour.hpp"

#include <algorithm>
#include <set>

#include "ldap/errors.hpp"
#include "ldap/search/search.hpp"
#include "sync/model/assert.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// What a value of the root DSE says; `automatic` when nothing.
Flavour flavour_of(std::string_view attribute, std::string_view value) {
  // "Active Directory", the domain controller's own mark; AD LDS, which lacks it, has neither.
  constexpr std::string_view kDomainController = "1.2.840.113556.1.4.800";
  if (ascii_iequal(attribute, "rootDomainNamingContext") || value == kDomainController)
    return Flavour::active_directory;
  if (ascii_iequal(value, "OpenLDAProotDSE")) return Flavour::openldap;
  if (value == "389 Project" || value.starts_with("389-Directory/")) return Flavour::ds389;
  return Flavour::automatic;
}

/// `automatic` when the root DSE has no mark, or the marks of two makers (a proxy).
Result<Flavour> detect(Connection& connection) {
  std::set<Flavour> marks;
  auto const search = root_dse_search(
      {"objectClass", "vendorName", "vendorVersion", "rootDomainNamingContext", "supportedCapabilities"});
  auto const read = search_few(connection, search, [&marks](EntryReader& entry) {
    while (entry.next())
      for (auto const& value : entry.values())
        if (auto const mark = flavour_of(entry.name(), view(value)); mark != Flavour::automatic)
          marks.insert(mark);
    return Result<void>{};
  });
  if (!read) return read.error();
  return marks.size() == 1 ? *marks.begin() : Flavour::automatic;
}

Error wrong(Connection const& connection, std::string const& what) {
  return {LdapErrc::wrong_flavour, connection.place() + ": " + what};
}

Result<Flavour> decide(Connection& connection, Flavour configured) {
  auto const detected = detect(connection);
  if (!detected) {
    auto const hidden =
        detected.error().code == LdapErrc::not_readable || detected.error().code == LdapErrc::base_missing;
    if (hidden && configured != Flavour::automatic) return configured;
    return detected.error();
  }
  if (configured == Flavour::automatic && *detected == Flavour::automatic)
    return wrong(
        connection,
        "the root DSE does not tell the kind of server; set the directory's flavour to \"openldap\", "
        "\"389ds\" or \"ad\"");
  if (configured == Flavour::automatic || configured == *detected) return *detected;
  if (*detected == Flavour::automatic) return configured;
  return wrong(connection, std::string{"flavour = \""} + to_text(configured) +
                               "\" is configured, but the root DSE is that of \"" + to_text(*detected) +
                               "\"; correct the directory's flavour or its uris, or leave flavour out");
}

}  // namespace

char const* to_text(Flavour flavour) {
  switch (flavour) {
    case Flavour::automatic:
      return "auto";
    case Flavour::openldap:
      return "openldap";
    case Flavour::ds389:
      return "389ds";
    case Flavour::active_directory:
      return "ad";
  }
  return "unknown";
}

FlavourTraits const& traits_of(Flavour flavour) {
  static FlavourTraits const openldap{
      .flavour = Flavour::openldap,
      .id_attribute = "entryUUID",
      .id_form = IdForm::uuid,
      .stamp_attribute = "entryCSN",
      .group_classes = {"groupOfNames", "groupOfUniqueNames", "posixGroup", "groupOfURLs"},
      .membership_attributes = {"member", "uniqueMember", "memberUid", "memberURL"},
      .people = "(|(objectClass=person)(objectClass=posixAccount))",
      .group_attributes = {"entryuuid", "entrycsn", "objectclass", "member", "uniquemember", "memberuid",
                           "memberurl", "roleoccupant", "ipaexternalmember"},
      .person_attributes = {"entryuuid", "entrycsn", "uid"},
      .members_are_required = true};
  static FlavourTraits const ds389 = [] {
    auto traits = openldap;
    traits.flavour = Flavour::ds389;
    traits.id_attribute = "nsUniqueId";
    traits.id_form = IdForm::ns_unique_id;
    traits.stamp_attribute = "modifyTimestamp";
    for (auto* const asked : {&traits.group_attributes, &traits.person_attributes}) {
      std::ranges::replace(*asked, std::string_view{"entryuuid"}, std::string_view{"nsuniqueid"});
      std::ranges::replace(*asked, std::string_view{"entrycsn"}, std::string_view{"modifytimestamp"});
    }
    traits.members_are_required = false;  // its schema lets both classes be empty
    traits.cookies_may_repeat = true;
    return traits;
  }();
  static FlavourTraits const active_directory{
      .flavour = Flavour::active_directory,
      .id_attribute = "objectGUID",
      .id_form = IdForm::guid,
      .stamp_attribute = "whenChanged",
      .group_classes = {"group"},
      // memberUid, where it has any, is what another tool once copied there.
      .membership_attributes = {"member", "uniqueMember"},
      // Ordinary accounts (MS-ADTS 2.2.5): no trusts, no computers, no contacts.
      .people = "(sAMAccountType=805306368)",
      .group_attributes = {"objectguid", "whenchanged", "objectclass", "member", "uniquemember",
                           "roleoccupant", "objectsid"},
      .person_attributes = {"objectguid", "whenchanged", "objectclass", "objectsid", "primarygroupid"},
      .cookies_may_repeat = true,
      .member_of_is_kept = true,
      .primary_groups = true};
  DIRSYNC_ASSERT(flavour != Flavour::automatic);
  if (flavour == Flavour::openldap) return openldap;
  return flavour == Flavour::ds389 ? ds389 : active_directory;
}

bool is_id(FlavourTraits const& flavour, EntryReader const& entry) {
  return ascii_iequal(entry.name(), flavour.id_attribute) && !entry.values().empty();
}

std::optional<ChangeStamp> stamp_in(FlavourTraits const& flavour, EntryReader const& entry) {
  if (!ascii_iequal(entry.name(), flavour.stamp_attribute)) return std::nullopt;
  auto const values = entry.values();
  if (values.empty()) return ChangeStamp{};
  return flavour.stamp_attribute == "entryCSN" ? stamp_of_csn(view(values[0]))
                                               : stamp_of_time(view(values[0]));
}

bool is_global_catalog(std::string_view uri) {
  while (uri.ends_with('/')) uri.remove_suffix(1);
  return uri.ends_with(":3268") || uri.ends_with(":3269");
}

Result<Flavour> find_flavour(Connection& connection, Settings const& settings) {
  auto flavour = decide(connection, settings.flavour);
  if (!flavour || *flavour != Flavour::active_directory || !is_global_catalog(connection.uri()))
    return flavour;
  return Error{LdapErrc::bad_setup, connection.place() +
                                        ": this is a global catalog, which lacks the members of most groups; "
                                        "name a domain controller's own port, 636 or 389"};
}

}  // namespace dirsync::ldap
