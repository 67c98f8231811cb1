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

/// What the lists are compared with, by directory that was read.
std::map<std::string, MemberBook> member_books(Setup const& setup, Reads const& reads);

/// A group that somebody left.
struct LeftGroup {
  EntryId id;
  std::string dn;
  std::optional<Time> changed;
  std::set<EntryId> above;  // itself among them
  /// Rules whose filter still finds it; nothing: as before, since nothing but its list changed.
  std::optional<std::set<std::string>> selected_by;
  std::vector<EntryId> people;  // who left
};

/// In one directory, as the last whole run read it.
struct ListSearch {
  RunContext const& context;
  Queries const& queries;
  std::string const& directory;
  MemberBook const& book;
};

/// Of these groups those whose lists could be compared; none where one feeds more than it did. Errors: the
/// journal's.
boost::asio::awaitable<Result<std::vector<LeftGroup>>> find_left_groups(ListSearch const& search,
                                                                        SourceDirectory const& directory,
                                                                        std::vector<EntryId> told);

}  // namespace dirsync::engine
