#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "sync/model/strong.hpp"

namespace dirsync::ldap {

/// How a server writes the immutable id of an entry.
enum class IdForm {
  uuid,          // text, 8-4-4-4-12 digits: entryUUID (RFC 4530, 2.1)
  ns_unique_id,  // text, 8-8-8-8 digits: nsUniqueId of 389-ds
  guid,          // 16 bytes, the first three fields little-endian: objectGUID ([MS-DTYP] 2.3.4.2)
};

// Pure functions: any thread.

/// The id in its usual text form, lower case; nothing when `value` is not of that form.
std::optional<EntryId> entry_id(IdForm form, std::string_view value);

/// What stands behind "=" in a filter for that id; nothing when `id` is not of that form. A server takes
/// such a filter for undefined, finds nothing and so makes an absence of it.
std::optional<std::string> id_assertion(IdForm form, EntryId const& id);

}  // namespace dirsync::ldap
