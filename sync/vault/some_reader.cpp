// Single users and groups, as the lists would show them.
#include <algorithm>
#include <iterator>
#include <vector>

#include "sync/model/counted.hpp"
#include "sync/model/text.hpp"
#include "sync/ports/gather.hpp"
#include "sync/vault/errors.hpp"
#include "sync/vault/list_answer.hpp"
#include "sync/vault/read_checks.hpp"
#include "sync/vault/reader.hpp"
#include "sync/vault/requests.hpp"

namespace asio = boost::asio;

namespace dirsync::vault {
namespace {

/// At once; the client keeps its own pace.
constexpr std::size_t kAtOnce = 8;

template <class Row>
std::vector<Row> those_found(std::vector<std::optional<Row>> rows) {
  std::vector<Row> found;
  for (auto& row : rows)
    if (row) found.push_back(*std::move(row));
  return found;
}

/// Whether all these users' own entries say that they are in the group.
bool tell_of_it(std::set<std::string> const& members, std::string const& group,
                std::vector<UserRow> const& people) {
  return !members.empty() && std::ranges::all_of(members, [&group, &people](std::string const& id) {
    auto const is_it = [&id](UserRow const& row) { return row.user.id == id; };
    auto const found = std::ranges::find_if(people, is_it);
    return found != people.end() && found->groups.contains(group);
  });
}

/// Whose names calls will mean without a list that shows whether others have them.
std::vector<TargetUser const*> named_by_calls(std::vector<UserRow> const& people,
                                              std::set<std::string> const& joining, bool is_all) {
  std::vector<TargetUser const*> named;
  for (auto const& row : people)
    if (is_all || joining.contains(row.user.id)) named.push_back(&row.user);
  return named;
}

/// Puts into a group that was read without its list those who are in it. A server that gives the list all the
/// same does not know them from others.
void put_in(TargetGroup& group, std::set<std::string> const& members, std::vector<TargetUser> const& users) {
  group.users.clear();
  for (std::uint32_t index = 0; index < users.size(); ++index) {
    auto const& user = users[index];
    if (!members.contains(user.id)) continue;
    group.users.push_back(index);
    std::erase_if(group.others, [&user](OtherMember const& other) {
      return other.id == user.id && fold_case(other.name) == fold_case(user.name);
    });
  }
}

}  // namespace

/// A list that cannot be used keeps a group from being written to, and calls name members: whoever is called
/// like a group, or like somebody unknown, is told from them by a list alone.
void Reader::note_what_needs_lists(Groups const& read) {
  unusable_ = read.unreadable;
  taken_names_.clear();
  for (auto const& group : read.groups) {
    taken_names_.insert(fold_case(group.name));
    for (auto const& other : group.others) taken_names_.insert(fold_case(other.name));
  }
}

/// The list of groups would show whether a member of that id and name may as well be a group: then nobody
/// knows whom a group names by it, and the user is left out.
asio::awaitable<Result<bool>> Reader::is_clear(TargetUser const& user) {
  auto const namesake = co_await read_alone(user.id, nobody());
  if (!namesake) co_return namesake.error();
  auto const& group = namesake->group;
  co_return group ? fold_case(group->name) != fold_case(user.name) : namesake->settled;
}

/// Whether no group has the user's name, as the last whole read and a search now tell.
asio::awaitable<Result<bool>> Reader::is_sole(TargetUser const& user) {
  auto const name = fold_case(user.name);
  auto request = search_group_names(user.name);
  if (!request || taken_names_.contains(name)) co_return false;
  auto const found = co_await read_groups(*std::move(request), nobody());
  if (!found) co_return found.error();
  auto const is_namesake = [&name](TargetGroup const& group) { return fold_case(group.name) == name; };
  co_return std::ranges::none_of(found->groups, is_namesake);
}

/// False: there is no such group, or the server does not tell.
asio::awaitable<Result<bool>> Reader::read_brief(std::string id, TargetGroup& group) {
  auto request = group_alone(id);
  auto alone = co_await ask_for_group(std::move(request), std::move(id), nobody());
  if (!alone) co_return alone.error();
  if (!alone->group) co_return false;
  group = *std::move(alone->group);
  co_return true;
}

/// One whose members were not told is left out.
asio::awaitable<Result<std::optional<TargetGroup>>> Reader::read_certain_group(std::string id,
                                                                               UserIndex const& users) {
  auto alone = co_await read_alone(std::move(id), users);
  if (!alone) co_return alone.error();
  if (!alone->settled) co_return std::optional<TargetGroup>{};
  co_return std::move(alone->group);
}

asio::awaitable<Result<Reader::Some>> Reader::read_beside_lists(SomeOfTarget const& wanted) {
  std::vector<std::string> const ids{wanted.users.begin(), wanted.users.end()};
  std::function<asio::awaitable<Result<std::optional<UserRow>>>(std::size_t)> const one_row =
      [this, &ids](std::size_t at) { return users_.read_row(ids[at]); };
  auto rows = co_await collect<std::optional<UserRow>>(ids.size(), kAtOnce, one_row);
  if (!rows) co_return rows.error();
  Some some;
  some.people = those_found(std::move(*rows));
  std::vector<std::string> told;
  for (auto const& [group, members] : wanted.members)
    if (wanted.groups.contains(group) && !unusable_.contains(group) &&
        tell_of_it(members, group, some.people))
      told.push_back(group);
  // What does not depend on each other, at the same time.
  std::vector<TargetGroup> brief(told.size());
  auto const people = some.people.size();
  auto const named = named_by_calls(some.people, wanted.joining, !told.empty());
  auto const searches = named.size();
  std::function<asio::awaitable<Result<bool>>(std::size_t)> const one_answer =
      [this, &some, &told, &brief, &named, people, searches](std::size_t at) {
        if (at < people) return is_clear(some.people[at].user);
        if (at < people + searches) return is_sole(*named[at - people]);
        auto const place = at - people - searches;
        return read_brief(told[place], brief[place]);
      };
  auto const answers = co_await collect<bool>(people + searches + told.size(), kAtOnce, one_answer);
  if (!answers) co_return answers.error();
  for (std::size_t at = 0; at < people; ++at)
    if ((*answers)[at]) some.clear.insert(some.people[at].user.id);
  for (std::size_t at = 0; at < searches; ++at) {
    auto const& id = named[at]->id;
    if ((*answers)[people + at])
      some.sole.insert(id);
    else if (wanted.joining.contains(id))
      some.clear.erase(id);
  }
  for (std::size_t at = 0; at < told.size(); ++at)
    if ((*answers)[people + searches + at]) some.brief.push_back(std::move(brief[at]));
  some.calls = ids.size() + answers->size();
  co_return some;
}

asio::awaitable<Result<Observed>> Reader::read_some_once(SomeOfTarget const& wanted) {
  auto some = co_await read_beside_lists(wanted);
  if (!some) co_return some.error();
  Observed observed;
  observed.is_partial = true;
  observed.product = "PVWA " + to_text(version_);
  for (auto& row : some->people)
    if (some->clear.contains(row.user.id)) observed.users.push_back(std::move(row.user));
  auto lists = wanted.groups;
  for (auto& group : some->brief) {
    auto const& members = wanted.members.at(group.id);
    auto const is_certain = [&some](std::string const& id) {
      return some->clear.contains(id) && some->sole.contains(id);
    };
    if (!std::ranges::all_of(members, is_certain)) continue;
    put_in(group, members, observed.users);
    lists.erase(group.id);
    observed.groups.push_back(std::move(group));
  }
  std::vector<std::string> const ids{lists.begin(), lists.end()};
  UserIndex const index{observed.users};
  std::function<asio::awaitable<Result<std::optional<TargetGroup>>>(std::size_t)> const one_group =
      [this, &ids, &index](std::size_t at) { return read_certain_group(ids[at], index); };
  auto groups = co_await collect<std::optional<TargetGroup>>(ids.size(), kAtOnce, one_group);
  if (!groups) co_return groups.error();
  std::ranges::move(those_found(std::move(*groups)), std::back_inserter(observed.groups));
  protect(observed, settings_);
  auto& certificate = observed.certificate;
  certificate.server = session_.server();
  certificate.searches = some->calls + ids.size();
  certificate.entries = observed.users.size() + observed.groups.size();
  certificate.clauses.push_back({"some", true,
                                 number_of(observed.users.size(), "user", "users") + " and " +
                                     number_of(observed.groups.size(), "group", "groups") +
                                     ", each by a call of its own"});
  co_return observed;
}

asio::awaitable<Result<Observed>> Reader::read_some(SomeOfTarget wanted) {
  if (!shows_members() || !shows_one_group())
    co_return Error{VaultErrc::old_version,
                    "the Vault is version " + to_text(version_) +
                        ", or not known yet, and from 12.6 on one group can be asked for by itself"};
  auto const before = session_.moves();
  auto observed = co_await read_some_once(wanted);
  // What two servers say does not make one read.
  if (observed && session_.moves() != before)
    co_return incomplete("the session moved to another server; run again");
  co_return observed;
}

}  // namespace dirsync::vault
