#include "ldap/survey/server_look.hpp"

#include <algorithm>
#include <array>

#include "ldap/flavour.hpp"
#include "ldap/search/attributes.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// Contexts in which a server keeps what it needs itself.
bool is_of_the_server(std::string const& context) {
  constexpr std::array<std::string_view, 8> kOwn{
      "",       "cn=config", "cn=monitor", "cn=schema", "cn=accesslog", "cn=changelog", "o=netscaperoot",
      "o=ipaca"};
  return std::ranges::find(kOwn, ascii_lower(context)) != kOwn.end();
}

std::string vendor_of(Flavour flavour, Attributes const& root) {
  std::string vendor;
  for (auto const* const name : {"vendorname", "vendorversion"})
    if (auto const& value = root.first(name); !value.empty()) vendor += (vendor.empty() ? "" : " ") + value;
  if (!vendor.empty()) return printable(vendor);
  if (flavour == Flavour::openldap) return "OpenLDAP";
  return flavour == Flavour::active_directory ? "Active Directory" : "";
}

}  // namespace

Result<ServerAndContexts> look_at_server(Connection& connection, Settings const& settings) {
  auto const flavour = find_flavour(connection, settings);
  if (!flavour) return flavour.error();
  auto const root =
      read_if_shown(connection, root_dse_search({"namingContexts", "vendorName", "vendorVersion",
                                                 "defaultNamingContext", "rootDomainNamingContext"}));
  if (!root) return root.error();
  ServerAndContexts found;
  found.server.uri = connection.uri();
  found.server.flavour = *flavour;
  found.server.vendor = vendor_of(*flavour, *root);
  found.server.naming_contexts = root->all("namingcontexts");
  auto const domain = root->first("defaultnamingcontext");
  if (*flavour == Flavour::active_directory && !domain.empty()) {
    found.contexts = {domain};
    return found;
  }
  for (auto const& context : found.server.naming_contexts)
    if (!is_of_the_server(context)) found.contexts.push_back(context);
  return found;
}

Result<std::string> freeipa_context(Connection& connection, std::vector<std::string> const& contexts) {
  for (auto const& context : contexts) {
    auto const accounts = read_if_shown(connection, entry_search("looking for FreeIPA's accounts",
                                                                 "cn=groups,cn=accounts," + context, {"cn"}));
    if (!accounts) return accounts.error();
    if (!accounts->all("cn").empty()) return context;
  }
  return std::string{};
}

}  // namespace dirsync::ldap
