#include "sync/engine/leavers/group_lists.hpp"

#include <algorithm>
#include <utility>

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

/// From so many on a group is not read again where a log tells what changed.
constexpr std::size_t kLarge = 1'000;

void leave_one(RunContext const& context, std::string const& directory) {
  leave_to_whole_run(context,
                     "a group of directory " + directory + " is gone, or what came to it names somebody new");
}

/// As a log of changes tells it; nothing: the group has to be read.
asio::awaitable<std::optional<LeftGroup>> ask_log(ListSearch const& search, SourceDirectory const& directory,
                                                  EntryId const& id) {
  auto const kept = search.book.kept(id);
  if (!kept || kept->people < kLarge) co_return std::nullopt;
  auto query = search.queries.at(search.directory);
  auto group = id;
  auto dn = kept->dn;
  auto changes = co_await directory.directory->member_changes(std::move(query), std::move(group),
                                                              std::move(dn), kept->changed);
  if (!changes || !*changes) co_return std::nullopt;
  auto people = search.book.left(id, (*changes)->added, (*changes)->removed);
  if (!people) co_return std::nullopt;
  co_return LeftGroup{id, kept->dn, std::nullopt, search.book.up_from(id), std::nullopt, *std::move(people)};
}

/// By a rule that did not know it before, and under whose target groups nobody is a source of it yet.
bool is_newly_selected(ListSearch const& search, Snapshot const& read) {
  return std::ranges::any_of(search.context.setup.rules, [&search, &read](Rule const& rule) {
    auto const& name = name_in_reads(rule);
    return std::ranges::any_of(read.selected(name), [&](GroupIndex index) {
      return !search.book.was_selected(read.groups()[index].id, name);
    });
  });
}

std::optional<LeftGroup> compare(ListSearch const& search, Snapshot const& read, EntryId const& id) {
  auto const index = read.group_by_id(id);
  if (!index) return std::nullopt;
  auto const members = read.members(*index);
  std::vector<std::string_view> values(members.unresolved.begin(), members.unresolved.end());
  for (auto const nested : members.groups) values.push_back(read.groups()[nested].dn);
  auto people = search.book.left(id, values);
  if (!people) return std::nullopt;
  auto const& entry = read.groups()[*index];
  std::set<std::string> selected_by;
  for (auto const& rule : search.context.setup.rules)
    if (std::ranges::binary_search(read.selected(name_in_reads(rule)), *index))
      selected_by.insert(name_in_reads(rule));
  return LeftGroup{id,          std::string{entry.dn}, entry.changed.time(), search.book.up_from(id),
                   selected_by, *std::move(people)};
}

}  // namespace

std::string const& name_in_reads(Rule const& rule) {
  return rule.selected_as.empty() ? rule.name : rule.selected_as;
}

std::map<std::string, MemberBook> member_books(Setup const& setup, Reads const& reads) {
  std::vector<std::string> names;
  for (auto const& rule : setup.rules) names.push_back(name_in_reads(rule));
  std::map<std::string, MemberBook> books;
  for (auto const& [directory, snapshot] : reads.snapshots)
    books.emplace(directory, MemberBook{snapshot, names});
  return books;
}

asio::awaitable<Result<std::vector<LeftGroup>>> find_left_groups(ListSearch const& search,
                                                                 SourceDirectory const& directory,
                                                                 std::vector<EntryId> told) {
  std::vector<LeftGroup> all;
  std::vector<EntryId> to_read;
  for (auto const& id : told) {
    auto left = co_await ask_log(search, directory, id);
    if (left)
      all.push_back(*std::move(left));
    else
      to_read.push_back(id);
  }
  if (to_read.empty()) co_return all;
  auto query = search.queries.at(search.directory);
  auto asked = to_read;
  auto const read = co_await directory.directory->read_groups(std::move(query), std::move(asked));
  if (!read) {
    leave_to_whole_run(search.context, text(read.error()));
    co_return all;
  }
  auto const same = goes_on(*search.context.setup.journal, search.directory, *read);
  if (!same) co_return same.error();
  if (!*same || !read->damages().empty() || is_newly_selected(search, *read)) {
    leave_to_whole_run(search.context, "directory " + search.directory +
                                           ": these groups do not go on from the last whole read, feed more "
                                           "than then, or were not read in full");
    co_return std::vector<LeftGroup>{};
  }
  for (auto const& id : to_read) {
    auto left = compare(search, *read, id);
    if (left)
      all.push_back(*std::move(left));
    else
      leave_one(search.context, search.directory);
  }
  co_return all;
}

}  // namespace dirsync::engine
