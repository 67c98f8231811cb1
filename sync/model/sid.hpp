#pragma once
// Security identifiers of Active Directory ([MS-DTYP] 2.4.2).
#include <optional>
#include <string>
#include <string_view>

namespace dirsync {

/// "S-1-5-21-1-2-3-1104" for a value of objectSid; nothing when it is cut, of another revision or has no
/// sub-authority.
std::optional<std::string> sid_text(std::string_view bytes);

/// Of a member value that stands for a principal of another domain, "S-1-5-21-..." itself (FreeIPA) or
/// "CN=S-1-5-21-...,CN=ForeignSecurityPrincipals,..." ([MS-ADTS] 6.1.1.4.10): the text of its SID. Nothing
/// for any other text, and for principals that every domain has, such as S-1-5-11.
std::optional<std::string> foreign_principal(std::string_view value);

}  // namespace dirsync
