#include "ldap/read/change_numbers.hpp"

#include <set>

#include "ldap/search/attributes.hpp"
#include "ldap/search/suffix.hpp"
#include "sync/model/hex.hpp"

namespace dirsync::ldap {
namespace {

/// The server id of "TIME#COUNT#SID#MOD"; empty when it is none.
std::string_view server_id(std::string_view csn) {
  auto const second = csn.find('#', csn.find('#') + 1);
  auto const third = second == csn.npos ? csn.npos : csn.find('#', second + 1);
  return third == csn.npos ? std::string_view{} : csn.substr(second + 1, third - second - 1);
}

Result<ChangeNumbers> of_openldap(Connection& connection, Settings const& settings, Attributes const& root) {
  ChangeNumbers numbers;
  std::set<std::string> suffixes;
  for (auto const* area : {&settings.users, &settings.groups})
    suffixes.insert(suffix_of(root.all("namingcontexts"), area->base));
  suffixes.erase("");
  for (auto const& suffix : suffixes) {
    auto const entry =
        read_if_shown(connection, entry_search("reading the change number", suffix, {"contextCSN"}));
    if (!entry) return entry.error();
    for (auto const& csn : entry->all("contextcsn"))
      if (auto const id = server_id(csn); !id.empty())
        numbers.values[std::string{id} + " of " + suffix] = csn;
  }
  if (!numbers.values.empty()) numbers.source = "contextCSN";
  return numbers;
}

/// "{replicageneration} G" and, for each replica that changed something, "{replica ID ldap://...} FIRST
/// LAST".
ChangeNumbers of_update_vector(std::vector<std::string> const& elements) {
  constexpr std::string_view kGeneration = "{replicageneration} ", kReplica = "{replica ";
  ChangeNumbers numbers;
  std::string generation;
  for (std::string_view const element : elements) {
    if (element.starts_with(kGeneration)) generation = element.substr(kGeneration.size());
    auto const end = element.find('}');
    if (!element.starts_with(kReplica) || end == element.npos) continue;
    auto const last = element.rfind(' ');
    if (last == element.npos || last < end + 2) continue;  // that replica has changed nothing yet
    auto const id =
        element.substr(kReplica.size(), element.find_first_of(" }", kReplica.size()) - kReplica.size());
    numbers.values["replica " + std::string{id}] = element.substr(last + 1);
  }
  if (!generation.empty() && !numbers.values.empty()) numbers.source = "RUV of generation " + generation;
  return numbers;
}

/// The vector counts for every server of a replicated set, the retro changelog for one server alone.
Result<ChangeNumbers> of_ds389(Connection& connection, Settings const& settings, Attributes const& root) {
  if (auto const suffix = suffix_of(root.all("namingcontexts"), settings.groups.base); !suffix.empty()) {
    auto const entry = read_if_shown(
        connection, {.what = "reading the change number",
                     .base = suffix,
                     .scope = Scope::sub,
                     .filter = "(&(objectClass=nsTombstone)(nsUniqueId=ffffffff-ffffffff-ffffffff-ffffffff))",
                     .attributes = {"nsds50ruv"}});
    if (!entry) return entry.error();
    auto numbers = of_update_vector(entry->all("nsds50ruv"));
    if (!numbers.source.empty()) return numbers;
  }
  auto const last = root.first("lastchangenumber");
  if (last.empty()) return ChangeNumbers{};
  auto const server = root.first("netscapemdsuffix");
  return ChangeNumbers{"lastChangeNumber of " + (server.empty() ? connection.uri() : server), {{"", last}}};
}

Result<ChangeNumbers> of_active_directory(Connection& connection, Attributes const& root) {
  auto server = root.first("dsservicename");
  if (server.empty()) return ChangeNumbers{};
  auto const entry =
      read_if_shown(connection, entry_search("reading the change number", server, {"invocationId"}));
  if (!entry) return entry.error();
  // A controller that was restored as it should be has a new one, and counts anew under it.
  if (auto const invocation = entry->first("invocationid"); !invocation.empty())
    server = "invocation " + to_hex(invocation);
  return ChangeNumbers{"highestCommittedUSN of " + server, {{"", root.first("highestcommittedusn")}}};
}

}  // namespace

Result<ChangeNumbers> read_change_numbers(Connection& connection, Settings const& settings) {
  auto const search = root_dse_search({"namingContexts", "vendorName", "lastChangeNumber", "netscapemdsuffix",
                                       "highestCommittedUSN", "dsServiceName"});
  auto const root = read_if_shown(connection, search);
  if (!root) return root.error();
  if (!root->first("highestcommittedusn").empty()) return of_active_directory(connection, *root);
  if (root->first("vendorname").find("389") != std::string::npos)
    return of_ds389(connection, settings, *root);
  return of_openldap(connection, settings, *root);
}

}  // namespace dirsync::ldap
