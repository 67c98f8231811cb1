#include "sync/vault/reader.hpp"

#include <algorithm>
#include <set>

#include "sync/model/counted.hpp"
#include "sync/model/text.hpp"
#include "sync/vault/errors.hpp"
#include "sync/vault/list_answer.hpp"
#include "sync/vault/read_checks.hpp"
#include "sync/vault/requests.hpp"

namespace asio = boost::asio;

namespace dirsync::vault {
namespace {

using rest::Version;

Version const kMembersInGroups{{12, 0}};  // "Get groups" knows includeMembers
Version const kDnsInUserList{{12, 1}};
Version const kOneGroup{{12, 6}};
}  // namespace

asio::awaitable<Result<Version>> Reader::read_version() {
  auto response = co_await session_.send(server_version());
  if (response && response->status == 404) response = co_await session_.send(server_version_elsewhere());
  if (!response) co_return within("version", response.error());
  if (response->status == 429 || response->status >= 500)
    co_return error_of(*response, "version", kReadRight);
  if (response->status == 200)
    if (auto const version = parse_server_version(response->body)) co_return *version;
  if (auto const assumed = Version::parse_beginning(settings_.assume_version)) co_return *assumed;
  if (shared_services())
    co_return kMembersInGroups;  // always new; how to read it does not depend on the version
  co_return Error{VaultErrc::unknown_version,
                  "the server does not tell its version (status " + std::to_string(response->status) +
                      "), and only from 12.0 on includeMembers gives the members of groups; "
                      "set assume_version if you know it"};
}

/// Pages of two servers make no list: when the session moved meanwhile, from the first page again.
asio::awaitable<Result<Reader::Groups>> Reader::read_groups(http::Request first, UserIndex const& users) {
  while (true) {
    auto const before = session_.moves();
    auto read = co_await read_group_pages(first, users);
    if (session_.moves() == before) co_return read;
  }
}

asio::awaitable<Result<Reader::Groups>> Reader::read_group_pages(http::Request first,
                                                                 UserIndex const& users) {
  constexpr std::size_t kMostPages = 10'000;
  Groups read;
  std::set<std::string> visited;
  std::size_t entries = 0;
  auto pages_as_announced = true;  // each page by its own count
  auto request = std::move(first);
  while (true) {
    request.make_sink = [index = &users] { return make_group_sink(*index); };
    if (!visited.insert(request.path).second)
      co_return incomplete("groups list: nextLink leads back to a page that was read; run again");
    if (visited.size() > kMostPages)
      co_return incomplete("groups list: nextLink goes on after " + std::to_string(kMostPages) +
                           " pages; look at the PVWA server");
    auto response = co_await session_.send(std::move(request));
    if (!response) co_return within("groups list", response.error());
    auto page = finish<GroupPage>(*response, "groups list");
    if (!page) co_return page.error();
    ++read.pages;
    if (auto const sound = check_answer(page->groups); !sound) co_return sound.error();
    auto const length = page->groups.size();
    entries += length;
    auto const count = page->count.value_or(-1);
    pages_as_announced = pages_as_announced && count == static_cast<std::int64_t>(length);
    read.members += page->members;
    read.unreadable.merge(page->unreadable);
    std::ranges::move(page->groups, std::back_inserter(read.groups));
    if (page->next_link.empty()) {
      // Some servers count each page, others everything.
      if (!pages_as_announced && count != static_cast<std::int64_t>(entries))
        co_return incomplete("groups list: " + std::to_string(entries) + " entries, count says " +
                             (page->count ? std::to_string(count) : "nothing") + "; run again");
      break;
    }
    auto path = path_of_link(page->next_link, settings_.http.urls);
    if (!path)
      co_return incomplete(
          "groups list: nextLink leads to another server or place: " + printable(page->next_link) +
          "; set url to the address that the server gives itself");
    request = page_at(*std::move(path));
  }
  if (auto const unique = drop_repeated(read.groups); !unique) co_return unique.error();
  co_return read;
}

/// All groups, and what shows that their members are shown: a running Vault has Administrator in Vault
/// Admins, so a list without any member was not asked or not allowed. Privilege Cloud may hide its predefined
/// groups, and in a new tenant no other one need have a member: then those are asked for as well.
asio::awaitable<Result<Reader::Groups>> Reader::read_groups_with_members(UserIndex const& users) {
  auto read = co_await read_groups(list_groups(), users);
  if (read && read->members == 0 && shared_services())
    read = co_await read_groups(list_groups_with_predefined(), users);
  if (!read || read->members > 0) co_return read;
  co_return incomplete(
      "groups list: no group has any member, so includeMembers was not honoured (version " +
      to_text(version_) +
      ") or the groups with members are hidden; put the service user at the location \\ with Audit users" +
      (shared_services() ? ", or, in a tenant that is still empty, give any group a member by hand" : ""));
}

bool Reader::shows_one_group() const { return version_ >= kOneGroup || shared_services(); }

bool Reader::shows_members() const { return version_ >= kMembersInGroups || shared_services(); }

/// What two servers say does not make one read: when the session moved meanwhile, everything again.
asio::awaitable<Result<Observed>> Reader::read_all() {
  while (true) {
    auto const before = session_.moves();
    auto observed = co_await read_all_once();
    if (session_.moves() == before) co_return observed;
  }
}

asio::awaitable<Result<Observed>> Reader::read_all_once() {
  Observed observed;
  auto& certificate = observed.certificate;

  auto const version = co_await read_version();
  if (!version) co_return version.error();
  version_ = *version;
  certificate.server = session_.server();
  observed.product = "PVWA " + to_text(version_);
  if (!shows_members())
    co_return Error{VaultErrc::old_version,
                    "the Vault is version " + to_text(version_) +
                        "; below 12.0 the groups list ignores includeMembers and every group would look "
                        "empty; update the Vault"};
  certificate.clauses.push_back({"version", true, to_text(version_) + " honours includeMembers"});

  auto const dns = version_ >= kDnsInUserList || shared_services() ? UserDns::listed : UserDns::asked_for;
  auto users = co_await users_.read_all(dns, certificate);
  if (!users) co_return users.error();
  observed.users = *std::move(users);
  UserIndex const index{observed.users};
  auto groups = co_await read_groups_with_members(index);
  if (!groups) co_return groups.error();
  note_what_needs_lists(*groups);
  observed.groups = std::move(groups->groups);
  ++certificate.searches;
  certificate.pages += groups->pages;
  certificate.entries = observed.users.size() + observed.groups.size();
  certificate.values = groups->members;
  certificate.clauses.push_back(
      {"groups-count", true, number_of(observed.groups.size(), "group", "groups") + " as announced"});
  certificate.clauses.push_back(
      {"members-shown", true, number_of(groups->members, "membership", "memberships")});

  count_ambiguous_members_as_others(observed, index);
  classify_others(observed.groups, observed.groups);
  protect(observed, settings_);
  co_return observed;
}

/// The group of that id, if it is there. An error when it has members of whom nobody knows who they are:
/// anybody may be among them.
Result<std::optional<TargetGroup>> Reader::take(Groups read, std::string const& id) {
  auto const found = std::ranges::find(read.groups, id, &TargetGroup::id);
  if (found == read.groups.end()) return std::optional<TargetGroup>{};
  if (read.unreadable.contains(id))
    return incomplete("group " + id + " (" + printable(found->name) + "): " + found->protected_because +
                      "; look at the group in the PrivateArk client");
  return std::optional{std::move(*found)};
}

asio::awaitable<Result<Reader::Alone>> Reader::read_alone(std::string id, UserIndex const& users) {
  auto request = group_details(id);
  co_return co_await ask_for_group(std::move(request), std::move(id), users);
}

asio::awaitable<Result<Reader::Alone>> Reader::ask_for_group(Result<http::Request> request, std::string id,
                                                             UserIndex const& users) {
  if (!request) co_return request.error();
  request->make_sink = [index = &users] { return make_single_group_sink(*index); };
  auto response = co_await session_.send(*std::move(request));
  if (!response) co_return within("group " + id, response.error());
  Alone alone;
  constexpr std::string_view kNoSuchGroup = "PASWS199E";
  alone.settled = response->status == 404 && parse_refusal(response->body).code == kNoSuchGroup;
  // Any other 404 may come from a gateway or an older server.
  if (response->status == 404 || response->status == 405) co_return alone;
  auto page = finish<GroupPage>(*response, "group " + id);
  if (!page) co_return page.error();
  auto group = take({.groups = std::move(page->groups),
                     .pages = 1,
                     .members = page->members,
                     .unreadable = std::move(page->unreadable)},
                    id);
  if (!group) co_return group.error();
  if (!*group) co_return Error{VaultErrc::bad_answer, "group " + id + ": the answer is about another group"};
  // Newer servers leave out an empty list, and so would one that does not give members at all: the list of
  // groups tells the two apart.
  alone.settled = page->without_members == 0;
  alone.group = *std::move(group);
  co_return alone;
}

asio::awaitable<Result<std::optional<TargetGroup>>> Reader::read_group(std::string id, std::string name,
                                                                       UserIndex const& users) {
  if (shows_one_group()) {
    auto alone = co_await read_alone(id, users);
    if (!alone) co_return alone.error();
    if (alone->settled) co_return std::move(alone->group);
  }
  if (!name.empty()) {
    auto few = co_await read_groups(search_groups(name), users);
    if (!few) co_return few.error();
    // Without any member in the answer, includeMembers may not have been honoured.
    if (few->members > 0) {
      auto group = take(*std::move(few), id);
      if (!group || *group) co_return group;
    }
  }
  auto all = co_await read_groups_with_members(users);
  if (!all) co_return all.error();
  co_return take(*std::move(all), id);
}

asio::awaitable<Result<std::optional<TargetGroup>>> Reader::find_group(std::string name) {
  auto all = co_await read_groups(list_groups(), nobody());
  if (!all) co_return all.error();
  auto const folded = fold_case(name);
  auto const found = std::ranges::find_if(all->groups, [&folded](TargetGroup const& group) {
    return !group.directory_group && fold_case(group.name) == folded;
  });
  if (found == all->groups.end()) co_return std::optional<TargetGroup>{};
  co_return std::move(*found);
}

}  // namespace dirsync::vault
