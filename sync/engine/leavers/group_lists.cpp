#include "sync/engine/leavers/group_lists.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "sync/plan/desired/group_names.hpp"
#include "sync/plan/people/fitting.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

/// From so many on a group is not read again where a log tells what changed.
constexpr std::size_t kLarge = 1'000;

/// Of one directory.
struct Lists {
  std::vector<ComparedList> compared;
  bool are_clear = true;  // each could be compared, and nothing else of its group changed that matters
};

void leave_one(RunContext const& context, std::string const& directory) {
  leave_to_whole_run(context,
                     "a group of directory " + directory + " is gone, or what came to it names somebody new");
}

/// As a log of changes tells it; nothing: the group has to be read.
asio::awaitable<std::optional<ComparedList>> ask_log(ListSearch const& search,
                                                     SourceDirectory const& directory, EntryId const& id) {
  auto const kept = search.book.kept(id);
  if (!kept || kept->people < kLarge) co_return std::nullopt;
  auto query = search.queries.at(search.directory);
  auto group = id;
  auto dn = kept->dn;
  auto told = co_await directory.directory->member_changes(std::move(query), std::move(group), std::move(dn),
                                                           kept->changed);
  if (!told || !*told) co_return std::nullopt;
  auto changes = search.book.changes(id, (*told)->added, (*told)->removed);
  if (!changes) co_return std::nullopt;
  ComparedList list;
  list.id = id;
  list.dn = kept->dn;
  list.above = search.book.up_from(id);
  list.left = std::move(changes->left);
  list.came = std::move(changes->came);
  co_return list;
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

/// Whether it has its DN, and every rule that selected it still may.
bool is_as_before(ListSearch const& search, ComparedList const& list) {
  auto const kept = search.book.kept(list.id);
  return kept && kept->dn == list.dn &&
         std::ranges::all_of(search.context.setup.rules, [&search, &list](Rule const& rule) {
           auto const& name = name_in_reads(rule);
           return rule.directory != search.directory || !search.book.was_selected(list.id, name) ||
                  list.names->contains(name);
         });
}

std::optional<ComparedList> compare(ListSearch const& search, Snapshot const& read, EntryId const& id) {
  auto const index = read.group_by_id(id);
  if (!index) return std::nullopt;
  auto const members = read.members(*index);
  std::vector<std::string_view> values(members.unresolved.begin(), members.unresolved.end());
  for (auto const nested : members.groups) values.push_back(read.groups()[nested].dn);
  auto changes = search.book.changes(id, values);
  if (!changes) return std::nullopt;
  auto const& entry = read.groups()[*index];
  ComparedList list;
  list.id = id;
  list.dn = std::string{entry.dn};
  list.changed = entry.changed.time();
  list.above = search.book.up_from(id);
  list.names = target_names(search, read, *index);
  list.left = std::move(changes->left);
  list.came = std::move(changes->came);
  return list;
}

asio::awaitable<Result<Lists>> compare_in(ListSearch const& search, SourceDirectory const& directory,
                                          std::vector<EntryId> told) {
  Lists lists;
  std::vector<EntryId> to_read;
  for (auto const& id : told) {
    auto list = co_await ask_log(search, directory, id);
    if (list)
      lists.compared.push_back(*std::move(list));
    else
      to_read.push_back(id);
  }
  if (to_read.empty()) co_return lists;
  auto query = search.queries.at(search.directory);
  auto asked = to_read;
  auto const read = co_await directory.directory->read_groups(std::move(query), std::move(asked));
  if (!read) {
    leave_to_whole_run(search.context, text(read.error()));
    lists.are_clear = false;
    co_return lists;
  }
  auto const same = goes_on(*search.context.setup.journal, search.directory, *read);
  if (!same) co_return same.error();
  if (!*same || !read->damages().empty() || is_newly_selected(search, *read)) {
    leave_to_whole_run(search.context, "directory " + search.directory +
                                           ": these groups do not go on from the last whole read, feed more "
                                           "than then, or were not read in full");
    Lists nothing;
    nothing.are_clear = false;
    co_return nothing;
  }
  for (auto const& id : to_read) {
    auto list = compare(search, *read, id);
    lists.are_clear = lists.are_clear && list && is_as_before(search, *list);
    if (list)
      lists.compared.push_back(*std::move(list));
    else
      leave_one(search.context, search.directory);
  }
  co_return lists;
}

/// Whom their account or a rule kept out, by PersonIndex; of an account of which nobody can tell, as well.
std::vector<bool> kept_out(Setup const& setup, std::string const& directory, Snapshot const& snapshot,
                           std::map<std::string, plan::Accounts> const& accounts) {
  std::vector<bool> people(snapshot.people().size(), false);
  if (auto const judged = accounts.find(directory); judged != accounts.end()) {
    people = judged->second.disabled;
    for (auto const& [person, why] : judged->second.unclear) people[person] = true;
  }
  for (auto const& rule : setup.rules) {
    if (rule.people_directory() != directory || !rule.exclude_people) continue;
    auto const excluded = plan::people_who_fit(snapshot, *rule.exclude_people);
    for (PersonIndex person = 0; person < people.size(); ++person)
      if (excluded[person]) people[person] = true;
  }
  return people;
}

/// Those of whom nothing is known are noted: they may be groups that are new.
std::vector<EntryId> groups_among(std::set<EntryId> const& told, MemberBook const& book,
                                  std::set<EntryId>& unknown) {
  std::vector<EntryId> groups;
  for (auto const& id : told)
    if (book.has_group(id))
      groups.push_back(id);
    else if (!book.has_person(id))
      unknown.insert(id);
  return groups;
}

}  // namespace

std::string const& name_in_reads(Rule const& rule) {
  return rule.selected_as.empty() ? rule.name : rule.selected_as;
}

bool is_plain(Rule const& rule) {
  return rule.as == MembersAs::users && rule.people_directory() == rule.directory;
}

std::map<std::string, MemberBook> member_books(Setup const& setup, Reads const& reads,
                                               std::map<std::string, plan::Accounts> const& accounts) {
  std::vector<std::string> names;
  for (auto const& rule : setup.rules) names.push_back(name_in_reads(rule));
  std::map<std::string, MemberBook> books;
  for (auto const& [directory, snapshot] : reads.snapshots) {
    auto& book = books.emplace(directory, MemberBook{snapshot, names}).first->second;
    auto const keeps_out = kept_out(setup, directory, snapshot, accounts);
    for (PersonIndex person = 0; person < keeps_out.size(); ++person)
      if (keeps_out[person]) book.note_kept_out(person);
  }
  return books;
}

std::map<std::string, std::string> target_names(ListSearch const& search, Snapshot const& read,
                                                GroupIndex group) {
  std::map<std::string, std::string> names;
  auto const& entry = read.groups()[group];
  for (auto const& rule : search.context.setup.rules) {
    auto const& selected_as = name_in_reads(rule);
    if (rule.directory != search.directory || !search.book.was_selected(entry.id, selected_as)) continue;
    auto const by_filter = std::holds_alternative<MatchingGroups>(rule.selection);
    if (by_filter && !std::ranges::binary_search(read.selected(selected_as), group)) continue;
    auto const name = plan::GroupNames{rule, read.schema()}.of(entry);
    names.emplace(selected_as, name ? *name : std::string{});
  }
  return names;
}

asio::awaitable<Result<ListsByDirectory>> compare_lists(RunContext const& context, LeaverBooks& books,
                                                        Queries const& queries) {
  ListsByDirectory all;
  auto const targets = targets_to_look_at(context, books);
  for (auto const& directory : context.setup.directories) {
    auto const told = context.request.told.find(directory.name);
    if (told == context.request.told.end()) continue;
    auto const book = books.members.find(directory.name);
    if (book == books.members.end() || targets.empty() || !books.directories.contains(directory.name) ||
        context.request.untried.directories.contains(directory.name)) {
      books.joiners_wait = true;
      continue;
    }
    auto groups = groups_among(told->second, book->second, books.unknown[directory.name]);
    if (groups.empty()) continue;
    ListSearch const search{context, queries, directory.name, book->second};
    auto lists = co_await compare_in(search, directory, std::move(groups));
    if (!lists) co_return lists.error();
    if (!lists->are_clear) books.joiners_wait = true;
    all.emplace(directory.name, std::move(lists->compared));
  }
  co_return all;
}

}  // namespace dirsync::engine
