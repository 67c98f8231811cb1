#pragma once
#include <string>

#include "ldap/search/schema_text.hpp"
#include "ldap/search/search.hpp"

namespace dirsync::ldap {

/// The last schema that one directory's servers gave. Thread: the directory's own.
struct SchemaMemory {
  std::string version;  // server, entry and modifyTimestamp; empty: none is kept
  ReadSchema last;
};

/// The subschema of the connected server (RFC 4512, 4.2), from `memory` while its modifyTimestamp stays.
/// Where it is not shown, empty, or larger than 8 MB or 50,000 definitions, the built-in schema, whose remark
/// says why. Definitions that do not parse are set aside. `memory`: may be null. Errors: as search_few().
/// Blocks; thread: that of `connection`.
Result<ReadSchema> read_schema(Connection& connection, Flavour flavour, SchemaMemory* memory);

}  // namespace dirsync::ldap
