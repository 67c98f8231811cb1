#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dirsync {

class Schema;
struct NamingTypes;

/// The form under which two DNs are the same entry wherever they were written (RFC 4514, 4518): names of
/// attribute types in the built-in schema's first spelling, values as their type's equality rule prepares
/// them (of a type that it lacks, by caseIgnoreMatch), escapes resolved, RDNs of several values ordered. The
/// forms of LDAPv2 are read as well (RFC 2253, 4): quoted values, semicolons, the prefix "OID.". Nothing when
/// `dn` does not parse. The result is for comparing and as a key, not for showing; "" is the root DSE.
std::optional<std::string> normalized_dn(std::string_view dn);

/// DNs as one server compares them: names and equality rules are those of its schema.
class DnKeys {
 public:
  struct Keys {
    std::string common;              // normalized_dn()
    std::optional<std::string> own;  // none: the same
    std::string const& of_server() const { return own ? *own : common; }
  };

  explicit DnKeys(Schema const& schema);
  /// Nothing when `dn` does not parse.
  std::optional<Keys> of(std::string_view dn) const;
  /// Keys::of_server() alone.
  std::optional<std::string> key(std::string_view dn) const;

 private:
  std::shared_ptr<NamingTypes const> types_;
};

/// The parent of a normalized DN; nothing for "".
std::optional<std::string_view> parent_of(std::string_view normalized);

/// True when `normalized` is `base` or below it; both normalized.
bool is_below(std::string_view normalized, std::string_view base);

/// The value part of "DN#uid" as in uniqueMember (RFC 4517, Name and Optional UID): the DN alone.
std::string_view without_optional_uid(std::string_view name_and_uid);

}  // namespace dirsync
