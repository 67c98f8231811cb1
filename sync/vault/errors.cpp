#include "sync/vault/errors.hpp"

namespace dirsync::vault {

boost::system::error_code make_error_code(VaultErrc code) { return code_of(code); }
char const* category_name(VaultErrc) { return "vault"; }

char const* to_text(VaultErrc code) {
  switch (code) {
    case VaultErrc::logon_refused:
      return "the logon was refused";
    case VaultErrc::logon_failed:
      return "no session could be opened";
    case VaultErrc::session_lost:
      return "the session ended twice";
    case VaultErrc::not_authorised:
      return "the service user lacks a right";
    case VaultErrc::old_version:
      return "the Vault is too old";
    case VaultErrc::unknown_version:
      return "the version is not known";
    case VaultErrc::incomplete_read:
      return "the read is not proven complete";
    case VaultErrc::bad_answer:
      return "the answer is not one of this API";
    case VaultErrc::overloaded:
      return "the server could not answer now";
    case VaultErrc::refused:
      return "the server refused";
  }
  return "unknown";
}

Failure failure_of(VaultErrc code) {
  return code == VaultErrc::overloaded || code == VaultErrc::logon_failed ? Failure::transient
                                                                          : Failure::permanent;
}

}  // namespace dirsync::vault
