#pragma once
// LDAP messages (RFC 4511) as plain values that a test may bend.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dirsync::test {

struct LdapMessage {
  // Tags of `operation`.
  static constexpr std::uint8_t kBindRequest = 0x60, kBindResponse = 0x61, kSearchRequest = 0x63,
                                kSearchEntry = 0x64, kSearchDone = 0x65, kSearchReference = 0x73;
  std::int64_t id = 0;
  std::uint8_t operation = 0;
  std::string body;      // content of the operation
  std::string controls;  // whole elements; empty: none

  /// `bytes`: one whole message. Throws std::runtime_error.
  static LdapMessage parse(std::string_view bytes);
  std::string bytes() const;
};

struct LdapSearchRequest {
  std::string base;
  int scope = 0;  // 0 base, 1 one level, 2 subtree
  std::vector<std::string> attributes;
};
LdapSearchRequest search_request_of(LdapMessage const& message);

struct LdapEntry {
  std::string dn;
  std::vector<std::pair<std::string, std::vector<std::string>>> attributes;
  /// Null when the entry lacks it; the first one of that name, case as it stands.
  std::vector<std::string>* values(std::string_view name);
};
LdapEntry entry_of(LdapMessage const& message);
void set_entry(LdapMessage& message, LdapEntry const& entry);

/// A result with this code and these words, and with a referral when there is one; keeps the controls.
void set_result(LdapMessage& message, int code, std::string_view words, std::string_view referral = {});
LdapMessage reference(std::int64_t id, std::string_view url);

/// The cookie of a paged search, in a request or an answer (RFC 2696); nothing without that control.
std::optional<std::string> page_cookie_of(LdapMessage const& message);
/// Replaces all controls by that of a paged search's answer.
void set_page_cookie(LdapMessage& message, std::string_view cookie);
/// The same control without its value.
void drop_page_value(LdapMessage& message);

}  // namespace dirsync::test
