#pragma once
// From the text of a subschema entry to what it says.
#include <memory>
#include <string>
#include <vector>

#include "ldap/flavour.hpp"
#include "sync/model/schema.hpp"

namespace dirsync::ldap {

/// What a server says of its attributes and classes.
struct ReadSchema {
  std::shared_ptr<Schema const> schema;
  std::string detail;  // for the certificate: what was set aside, or Schema::remark(); empty: nothing
};

/// The built-in schema, in place of a server's; `why` goes into its remark.
ReadSchema instead_of_schema(Flavour flavour, std::string const& why);

/// `types`, `classes`: values of attributeTypes and objectClasses (RFC 4512, 4.2.1 and 4.2.2) of the entry
/// `dn`. Those that do not parse are set aside. The built-in schema where there are too many, or none that
/// could be one. Pure; any thread.
ReadSchema schema_of(std::vector<std::string> const& types, std::vector<std::string> const& classes,
                     std::string const& dn, Flavour flavour);

}  // namespace dirsync::ldap
