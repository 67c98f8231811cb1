#include "ldap/flavour.hpp"

#include "ldap/errors.hpp"
#include "ldap/search.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// What the root DSE (RFC 4512, 5.1) says by its maker's own marks; `automatic` when there are none.
Result<Flavour> detect(Connection& connection) {
  auto flavour = Flavour::automatic;
  Search const search{"reading the root DSE",
                      "",
                      Scope::base,
                      "(objectClass=*)",
                      {"objectClass", "vendorName", "rootDomainNamingContext"}};
  auto const read = search_few(connection, search, [&flavour](EntryReader& entry) {
    while (entry.next())
      for (auto const& value : entry.values()) {
        if (ascii_iequal(entry.name(), "rootDomainNamingContext"))
          flavour = Flavour::active_directory;
        else if (ascii_iequal(view(value), "OpenLDAProotDSE"))
          flavour = Flavour::openldap;
        else if (ascii_iequal(view(value), "389 Project"))
          flavour = Flavour::ds389;
      }
    return Result<void>{};
  });
  if (!read) return read.error();
  return flavour;
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

Result<Flavour> require_supported_flavour(Connection& connection, Settings const& settings) {
  auto flavour = settings.flavour;
  if (flavour == Flavour::automatic) {
    auto const detected = detect(connection);
    if (!detected) return detected.error();
    flavour = *detected;
  }
  if (flavour == Flavour::openldap) return flavour;
  if (flavour == Flavour::automatic)
    return Error{LdapErrc::unsupported_flavour, connection.place() +
                                                    ": the root DSE does not tell the kind of server; "
                                                    "set the directory's flavour"};
  return Error{LdapErrc::unsupported_flavour, connection.place() + ": servers of flavour " +
                                                  std::string{to_text(flavour)} +
                                                  " are not supported by this version; use OpenLDAP"};
}

}  // namespace dirsync::ldap
