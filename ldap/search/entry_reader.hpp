#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "ldap/connect/handles.hpp"

namespace dirsync::ldap {

/// One entry while its message lives; attributes are seen once, in the server's order, without copies. Names
/// are valid as long as the message, values until the next step. `handle` and `message` stay the caller's.
/// Thread: that of the connection.
class EntryReader {
 public:
  EntryReader(LDAP* handle, LDAPMessage* message);
  ~EntryReader() { ber_memfree(values_); }
  EntryReader(EntryReader const&) = delete;
  EntryReader& operator=(EntryReader const&) = delete;

  std::string_view dn() const noexcept { return view(dn_); }
  /// Steps to the next attribute; false after the last.
  bool next();
  std::string_view name() const noexcept { return view(name_); }
  std::span<berval const> values() const noexcept { return {values_, count_}; }
  /// The message could not be decoded; the entry must not be used.
  bool malformed() const noexcept { return malformed_; }

 private:
  LDAP* handle_;
  LDAPMessage* message_;
  BerPtr ber_;
  berval dn_{}, name_{};
  berval* values_ = nullptr;
  std::size_t count_ = 0;
  bool malformed_ = false;
};

}  // namespace dirsync::ldap
