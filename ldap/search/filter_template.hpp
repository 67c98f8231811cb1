#pragma once
#include <string>
#include <string_view>

namespace dirsync::ldap {

/// `filter` (RFC 4515) for a log, without what it looks for: every assertion value is "?", but for those of
/// objectClass and the "*" of a presence test. "(&(objectClass=person)(uid=?))". Never fails: what is no
/// filter is only cut where a value would stand.
std::string filter_template(std::string_view filter);

}  // namespace dirsync::ldap
