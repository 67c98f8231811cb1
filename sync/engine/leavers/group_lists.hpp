#pragma once
// Lists of members that feeds told of, compared with those of the last whole run.
#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sync/engine/leavers/leaving_people.hpp"
#include "sync/engine/run/stages.hpp"
#include "sync/model/member_book.hpp"

namespace dirsync::engine {

/// Under which a read has what the rule selects.
std::string const& name_in_reads(Rule const& rule);

/// What the lists are compared with, by directory that was read. `accounts`: of the same reads, by directory.
std::map<std::string, MemberBook> member_books(Setup const& setup, Reads const& reads,
                                               std::map<std::string, plan::Accounts> const& accounts);

/// A group's list, and how it differs.
struct ComparedList {
  EntryId id;
  std::string dn;
  std::optional<Time> changed;
  std::set<EntryId> above;  // itself among them
  /// What rules that selected it, and whose filter still finds it, call its target group, by
  /// name_in_reads(); empty: it has no name. Nothing: as before, since nothing but its list changed.
  std::optional<std::map<std::string, std::string>> names;
  std::vector<EntryId> left, came;  // people
};

/// In one directory, as the last whole run read it.
struct ListSearch {
  RunContext const& context;
  Queries const& queries;
  std::string const& directory;
  MemberBook const& book;
};

using ListsByDirectory = std::map<std::string, std::vector<ComparedList>>;

/// Of the groups that feeds told of those whose lists could be compared; none of a directory where one feeds
/// more than it did. `books` learns what was told that nobody can tell before everything is read. Errors: the
/// journal's.
boost::asio::awaitable<Result<ListsByDirectory>> compare_lists(RunContext const& context, LeaverBooks& books,
                                                               Queries const& queries);

/// Rules that take the people of their groups, all of one directory, for members.
bool is_plain(Rule const& rule);

/// As ComparedList::names. Of a rule that names its groups by DN, or by the group above, whatever it would
/// select by now. `read`: by Directory::read_groups().
std::map<std::string, std::string> target_names(ListSearch const& search, Snapshot const& read,
                                                GroupIndex group);

}  // namespace dirsync::engine
