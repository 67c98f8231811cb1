// Second counts of class Completeness: does the server itself know of more than came?
#include <charconv>

#include "ldap/read/completeness.hpp"
#include "ldap/search/attributes.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {

/// A server that cuts long lists without a word cuts them all at one size, and that is the size of the
/// largest list that came whole. So one value, the one past that size, is asked of every group.
Result<void> Completeness::count_values_again(ReadFigures const& figures) {
  if (!serves_ranges_) {
    holds("value-count", "this server offers no second count of a group's values");
    return {};
  }
  auto const past = std::to_string(figures.largest_whole);
  Search const search{.what = "second count of values",
                      .base = context_.settings.groups.base,
                      .scope = context_.settings.groups.scope,
                      .filter = group_filter(context_),
                      .attributes = {"member;range=" + past + "-" + past},
                      .control = kNoErrorPastTheEnd};
  std::vector<std::string> with_more;
  auto const note = [&with_more](EntryReader& entry) -> Result<void> {
    auto more = false;
    while (entry.next()) more = more || !entry.values().empty();
    if (more) with_more.emplace_back(entry.dn());
    return {};
  };
  auto const read = search_all(context_.connection, search, context_.paging(), note);
  if (!read) return read.error();
  // Those that came in parts are larger than any that came whole, and were read to their own end.
  if (with_more.size() > figures.ranged_groups)
    return Error{SnapshotErrc::values_cut,
                 context_.connection.place() + ": " + std::to_string(with_more.size()) +
                     " groups have more than " + past + " member values, " +
                     std::to_string(figures.ranged_groups) + " gave so many; one of them is \"" +
                     printable(with_more.front()) +
                     "\"; read again, and if it stays so look for a limit on the values of one attribute"};
  ++certificate_.searches;
  certificate_.pages += read->pages;
  holds("value-count", "asked " + std::to_string(read->entries) + " groups for a value after the first " +
                           past + ": " + std::to_string(with_more.size()) +
                           " have one, all of those read in parts");
  return {};
}

/// numSubordinates also counts what access rules hide. What the filter does not pick is counted as well, and
/// the sub-entries, which no other filter shows.
Result<std::optional<std::int64_t>> Completeness::count_children(Area const& area,
                                                                 std::string const& filter) {
  if (area.scope != Scope::one) return std::nullopt;
  auto const base = entry_search("reading the base entry", area.base, {"numSubordinates"});
  auto const entry = read_if_shown(context_.connection, base);
  if (!entry) return entry.error();
  auto const digits = entry->first("numsubordinates");
  std::int64_t children = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), children).ec != std::errc{})
    return std::nullopt;
  Search const others{.what = "counting other entries",
                      .base = area.base,
                      .scope = Scope::one,
                      .filter = "(|(!" + filter + ")(objectClass=ldapSubEntry))",
                      .attributes = {"1.1"}};
  auto const read =
      search_all(context_.connection, others, context_.paging(), [](EntryReader&) { return Result<void>{}; });
  if (!read) return read.error();
  ++certificate_.searches;
  certificate_.pages += read->pages;
  holds("children-count", printable(area.base) + " has " + std::to_string(children) + " children, " +
                              std::to_string(read->entries) + " of another kind");
  return children - static_cast<std::int64_t>(read->entries);
}

Result<void> Completeness::compare_counts(Snapshot const& snapshot) {
  auto const check = [this](Area const& area, std::optional<std::int64_t> expected,
                            std::size_t came) -> Result<void> {
    if (!expected || static_cast<std::int64_t>(came) == *expected) return {};
    return Error{SnapshotErrc::entries_cut,
                 context_.connection.place() + ": below \"" + printable(area.base) + "\" there are " +
                     std::to_string(*expected) + " entries by the server's own count, " +
                     std::to_string(came) +
                     " came; give the bind DN read access to all of them, or read with scope = \"sub\", "
                     "which is not counted"};
  };
  if (auto same = check(context_.settings.users, expected_people_, snapshot.people().size()); !same)
    return same;
  return check(context_.settings.groups, expected_groups_, snapshot.groups().size());
}

}  // namespace dirsync::ldap
