#include "ldap/feed/dirsync_control.hpp"

#include <lber.h>

#include "ldap/errors.hpp"

namespace dirsync::ldap {
namespace {

void free_with_buffer(BerElement* ber) noexcept { ber_free(ber, 1); }
using OwnBerPtr = std::unique_ptr<BerElement, FreeWith<free_with_buffer>>;

/// For liblber, which takes bytes that it only reads as if it changed them, and aborts on a null pointer.
berval berval_of(std::string_view bytes) {
  return {bytes.size(), const_cast<char*>(bytes.empty() ? "" : bytes.data())};
}

}  // namespace

Result<ControlPtr> dirsync_control(std::string_view cookie) {
  // A flag is the number's sign: the server reads it as 32 bits.
  constexpr auto kFlags = static_cast<ber_int_t>(0x8000'0001U);
  constexpr ber_int_t kAsManyBytesAsTheServerLikes = 0;
  auto const position = berval_of(cookie);
  OwnBerPtr const ber{ber_alloc_t(LBER_USE_DER)};
  berval value{};
  LDAPControl* made = nullptr;
  if (!ber || ber_printf(ber.get(), "{iiO}", kFlags, kAsManyBytesAsTheServerLikes, &position) < 0 ||
      ber_flatten2(ber.get(), &value, 0) < 0 ||
      ldap_control_create(kDirsyncOid, 1, &value, 1, &made) != LDAP_SUCCESS)
    return result_error(LDAP_NO_MEMORY, "encoding the DirSync control", "");
  return ControlPtr{made};
}

std::optional<DirsyncAnswer> parse_dirsync(std::string_view value) {
  if (value.empty()) return std::nullopt;  // there ber_scanf() would look behind a null pointer
  auto bytes = berval_of(value);
  OwnBerPtr const ber{ber_init(&bytes)};  // a copy
  ber_int_t more = 0, reserved = 0;
  berval cookie{};  // within that copy
  if (!ber || ber_scanf(ber.get(), "{iim}", &more, &reserved, &cookie) == LBER_ERROR || cookie.bv_len == 0)
    return std::nullopt;
  return DirsyncAnswer{more != 0, std::string{view(cookie)}};
}

}  // namespace dirsync::ldap
