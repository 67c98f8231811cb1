#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ldap/connect/connection.hpp"
#include "ldap/search/entry_reader.hpp"
#include "ldap/settings.hpp"

namespace dirsync::ldap {

struct Search {
  std::string what;  // "search for groups", for messages
  std::string base;
  Scope scope = Scope::sub;
  std::string filter;
  std::vector<std::string> attributes;
  std::string control{};  // OID of a control without a value that is sent along, not critical
};

/// A read of the entry at `dn`, whatever its class.
Search entry_search(std::string what, std::string dn, std::vector<std::string> attributes);

/// A read of the server's own entry (RFC 4512, 5.1).
Search root_dse_search(std::vector<std::string> attributes);

/// libldap's number of a scope; nothing for one that only a few servers know.
std::optional<Scope> scope_of(int number);

struct SearchFigures {
  std::uint64_t entries = 0, pages = 0;
};

struct Paging {
  int size = 1000;  // entries, at most, in one page
  /// The server does not tell its pages apart by their cookies.
  bool cookies_may_repeat = false;
};

/// URLs of one referral; any of them leads to the same part of the answer.
using Reference = std::vector<std::string>;

/// Streams a whole paged search (RFC 2696); one message is held at a time.
/// Success means result code 0 on every page, no referral left open (see Referrals) and an empty last cookie;
/// everything else is an error, whatever was seen before it. An error of `on_entry` ends the search and is
/// the result. Errors: LdapErrc, with server, search and remedy. Blocks; thread: that of `connection`, on
/// which `on_entry` is called as well. Tells Settings::on_search.
Result<SearchFigures> search_all(Connection& connection, Search const& search, Paging paging,
                                 std::function<Result<void>(EntryReader&)> const& on_entry);

/// The first page alone, of the server itself: a look that proves nothing. True when there is no other page.
/// Errors, thread and Settings::on_search as for search_all().
Result<bool> search_first_page(Connection& connection, Search const& search, Paging paging,
                               std::function<Result<void>(EntryReader&)> const& on_entry);

/// A search without paging that must succeed; for single entries.
/// The error keeps the server's result code in `result`, 0 when there was none. Otherwise as search_all().
Result<SearchFigures> search_few(Connection& connection, Search const& search,
                                 std::function<Result<void>(EntryReader&)> const& on_entry,
                                 int* result = nullptr);

}  // namespace dirsync::ldap
