#pragma once
#include "sync/model/error.hpp"

namespace dirsync::vault {

enum class VaultErrc {
  logon_refused = 1,  // never tried again: repeated failures suspend the account
  logon_failed,       // no session for another reason
  session_lost,       // 401 in spite of a new logon
  not_authorised,
  old_version,
  unknown_version,
  incomplete_read,
  bad_answer,  // not what the API gives: wrong URL, gateway page, changed format
  overloaded,  // 408, 429 or 5xx after all attempts
  refused,     // any other status
};
boost::system::error_code make_error_code(VaultErrc code);
char const* category_name(VaultErrc);
char const* to_text(VaultErrc code);
Failure failure_of(VaultErrc code);

}  // namespace dirsync::vault

template <>
struct boost::system::is_error_code_enum<dirsync::vault::VaultErrc> : std::true_type {};
