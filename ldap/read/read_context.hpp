#pragma once
// What the readers of people and of groups have in common.
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ldap/connect/connection.hpp"
#include "ldap/flavour.hpp"
#include "ldap/read/asked_names.hpp"
#include "ldap/read/group_classes.hpp"
#include "ldap/read/sid.hpp"
#include "ldap/search/search.hpp"
#include "ldap/settings.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::ldap {

/// What one reader works with; all of it must outlive the context. Two readers at the same time have a
/// connection each and share the rest, which none of them changes.
struct ReadContext {
  Connection& connection;
  Settings const& settings;
  FlavourTraits const& flavour;
  DirectoryQuery const& query;
  Schema const& schema;
  GroupClasses const& classes;

  Paging paging() const { return {settings.page_size, flavour.cookies_may_repeat}; }
};

/// How much was read, for the certificate.
struct ReadFigures {
  std::uint64_t searches = 0, pages = 0, entries = 0;
  std::uint64_t values = 0;           // that stand in groups, or that their URLs found
  std::uint64_t primary_members = 0;  // people whose primary group was read
  std::uint64_t ranged_groups = 0, dynamic_groups = 0, empty_groups = 0;
  std::size_t largest_whole = 0;  // values of the largest group that came in one piece
  std::string entry_counts;       // "groups 3, people 20"
  std::string how;                // groups and people were read: "at the same time, over two connections"
  /// One search; `what` is for `entry_counts`.
  void count(std::string const& what, SearchFigures const& figures);
  void count_searches(std::uint64_t number, SearchFigures const& figures);
  void add(ReadFigures const& other);

 private:
  void add_text(std::string const& text);
};

/// Attributes in the form that an EntryList takes; memory is used again for the next entry.
class Collected {
 public:
  void clear() { used_ = 0; }
  void add(std::string_view name, std::span<berval const> values);
  /// What there is, under the other names by which it is looked for as well.
  void add_other_names(AskedNames& names);
  /// As kSidAttribute, where the query wants it. `bytes`: a value of objectSid; nothing is added for others.
  void add_sid(ReadContext const& context, std::string_view bytes);
  /// Takes an attribute out that has no value left.
  void drop_empty();
  std::span<EntryAttribute> all() { return {attributes_.data(), used_}; }
  std::span<EntryAttribute const> all() const { return {attributes_.data(), used_}; }

 private:
  EntryAttribute& next();

  std::vector<EntryAttribute> attributes_;
  std::size_t used_ = 0;
  std::string sid_;  // of the current entry
};

/// `left` and `right` as one filter; an empty `right` narrows nothing.
std::string and_filter(std::string_view left, std::string const& right);

/// As it stands behind "=" in a filter (RFC 4515, 3).
std::string filter_value(std::string const& value);

/// What every person fits, and every group.
std::string people_filter(ReadContext const& context);
std::string group_filter(ReadContext const& context);

/// What to ask the server for.
std::vector<std::string> attribute_list(std::set<std::string> asked,
                                        std::vector<std::string_view> const& own);

/// `value` is empty when the entry had none. Errors: LdapErrc::not_readable, bad_answer.
Result<EntryId> id_of(ReadContext const& context, EntryReader const& entry, std::string_view value);

/// `value` of objectSid. Errors: LdapErrc::bad_answer.
Result<Sid> sid_of(ReadContext const& context, EntryReader const& entry, std::string_view value);

/// The entry lacks what every such entry has.
Error unreadable(ReadContext const& context, EntryReader const& entry, std::string const& lacking);

/// A value of the entry is not of the form that its attribute has.
Error malformed(ReadContext const& context, EntryReader const& entry, std::string const& attribute);

/// The current attribute has more values than the server gave.
Error in_part(ReadContext const& context, EntryReader const& entry);

}  // namespace dirsync::ldap
