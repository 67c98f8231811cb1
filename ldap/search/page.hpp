#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ldap/connect/connection.hpp"
#include "ldap/search/search.hpp"

namespace dirsync::ldap {

/// One search request (RFC 4511, 4.5) and all answers to it: a page of a paged search, or the whole of
/// another. `connection`, `search` and `what`, which starts messages, must outlive it. Thread: that of the
/// connection.
class Page {
 public:
  Page(Connection& connection, Search const& search, std::string const& what)
      : connection_(connection), search_(search), what_(what) {}

  /// `paging` may be null; it is only read. Errors: LdapErrc.
  Result<void> send(LDAPControl* paging);
  /// Entries up to the final result. Blocks. Errors: LdapErrc for anything but results 0 and, with referrals
  /// that are followed, 10; those of `on_entry`.
  Result<std::uint64_t> receive(std::function<Result<void>(EntryReader&)> const& on_entry);

  /// Of the final result; null before it. Valid while this lives.
  LDAPControl** controls() const noexcept { return controls_.get(); }
  /// The server has none of it (result 10) and names who has.
  bool elsewhere() const noexcept { return elsewhere_; }
  std::vector<Reference> const& references() const noexcept { return references_; }
  /// Nothing before the final result was read.
  std::optional<int> result() const noexcept { return result_; }
  /// Empty when the page had no entry.
  std::string const& first_dn() const noexcept { return first_dn_; }

 private:
  Result<void> refer(LDAPMessage* message);
  Error refusal(char** targets) const;
  static Reference to_reference(char** targets);
  Result<void> finish(LDAPMessage* message);

  Connection& connection_;
  Search const& search_;
  std::string const& what_;
  int id_ = 0;
  std::optional<int> result_;
  bool elsewhere_ = false;
  std::vector<Reference> references_;
  ControlsPtr controls_;
  std::string first_dn_;
};

}  // namespace dirsync::ldap
