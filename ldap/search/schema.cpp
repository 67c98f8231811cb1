#include "ldap/search/schema.hpp"

#include "ldap/search/attributes.hpp"

namespace dirsync::ldap {
namespace {

Search schema_search(std::string const& dn, std::vector<std::string> attributes) {
  auto search = entry_search("reading the schema", dn, std::move(attributes));
  search.filter = "(objectClass=subschema)";
  return search;
}

}  // namespace

Result<ReadSchema> read_schema(Connection& connection, Flavour flavour, SchemaMemory* memory) {
  auto const root = read_if_shown(connection, root_dse_search({"subschemaSubentry"}));
  if (!root) return root.error();
  auto const dn = root->first("subschemasubentry");
  if (dn.empty())
    return instead_of_schema(flavour,
                             "the root DSE names no subschemaSubentry; give the bind DN read access to it");
  auto const stamp = read_if_shown(connection, schema_search(dn, {"modifyTimestamp"}));
  if (!stamp) return stamp.error();
  auto const modified = stamp->first("modifytimestamp");
  auto const version = modified.empty() ? "" : connection.uri() + " " + dn + " " + modified;
  if (memory != nullptr && !version.empty() && memory->version == version) return memory->last;
  auto const entry = read_if_shown(connection, schema_search(dn, {"attributeTypes", "objectClasses"}));
  if (!entry) return entry.error();
  auto schema = schema_of(entry->all("attributetypes"), entry->all("objectclasses"), dn, flavour);
  if (memory != nullptr) *memory = {version, schema};
  return schema;
}

}  // namespace dirsync::ldap
