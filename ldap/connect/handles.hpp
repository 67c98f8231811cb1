#pragma once
// libldap's objects, each freed by the one right function.
#include <ldap.h>

#include <memory>
#include <string_view>

namespace dirsync::ldap {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
inline void unbind(LDAP* ld) noexcept { ldap_unbind_ext_s(ld, nullptr, nullptr); }
inline void free_ber(BerElement* ber) noexcept { ber_free(ber, 0); }  // 0: the message owns the buffer
inline void free_texts(char** texts) noexcept { ber_memvfree(reinterpret_cast<void**>(texts)); }

using LdapPtr = std::unique_ptr<LDAP, FreeWith<unbind>>;
using MessagePtr = std::unique_ptr<LDAPMessage, FreeWith<ldap_msgfree>>;
using BerPtr = std::unique_ptr<BerElement, FreeWith<free_ber>>;
using TextPtr = std::unique_ptr<char, FreeWith<ldap_memfree>>;
using ControlPtr = std::unique_ptr<LDAPControl, FreeWith<ldap_control_free>>;
using ControlsPtr = std::unique_ptr<LDAPControl*, FreeWith<ldap_controls_free>>;
using TextsPtr = std::unique_ptr<char*, FreeWith<free_texts>>;
using UrlPtr = std::unique_ptr<LDAPURLDesc, FreeWith<ldap_free_urldesc>>;

/// Valid while `v` lives. May contain NUL bytes.
inline std::string_view view(berval const& v) noexcept { return {v.bv_val, v.bv_len}; }

}  // namespace dirsync::ldap
