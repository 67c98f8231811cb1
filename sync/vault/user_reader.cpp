#include "sync/vault/user_reader.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "sync/model/counted.hpp"
#include "sync/model/text.hpp"
#include "sync/vault/answers.hpp"
#include "sync/vault/errors.hpp"
#include "sync/vault/list_answer.hpp"
#include "sync/vault/read_checks.hpp"
#include "sync/vault/requests.hpp"

namespace asio = boost::asio;

namespace dirsync::vault {

asio::awaitable<Result<std::vector<TargetUser>>> UserReader::read_all(UserDns dns, Certificate& certificate) {
  auto reading =
      settings_.method == AuthMethod::ispss ? read_in_pages(certificate) : read_at_once(certificate);
  auto users = co_await std::move(reading);
  if (!users) co_return users;
  if (users->empty())
    co_return incomplete(
        "users list: not even the service user is in it; give it Audit users at the location \\");
  certificate.clauses.push_back({"users-unique", true, "no user came twice"});
  if (dns == UserDns::asked_for)
    if (auto const filled = co_await read_missing_dns(*users, certificate); !filled) co_return filled.error();
  co_return users;
}

asio::awaitable<Result<UserPage>> UserReader::read_page(http::Request request) {
  request.make_sink = [] { return make_user_sink(); };
  auto response = co_await session_.send(std::move(request));
  if (!response) co_return within("users list", response.error());
  auto page = finish<UserPage>(*response, "users list");
  if (page)
    if (auto const sound = check_answer(page->users); !sound) co_return sound.error();
  co_return page;
}

asio::awaitable<Result<std::vector<TargetUser>>> UserReader::read_at_once(Certificate& certificate) {
  auto page = co_await read_page(list_users());
  if (!page) co_return page.error();
  ++certificate.searches;
  ++certificate.pages;
  auto const count = static_cast<std::int64_t>(page->users.size());
  if (!page->bare_array && page->total != count)
    co_return incomplete("users list: " + std::to_string(count) + " entries, Total says " +
                         (page->total ? std::to_string(*page->total) : "nothing") + "; run again");
  certificate.clauses.push_back(
      {"users-total", true, number_of(page->users.size(), "user", "users") + " as announced"});
  co_return std::move(page->users);
}

/// Privilege Cloud: pages until one is short and the announced total is reached.
asio::awaitable<Result<std::vector<TargetUser>>> UserReader::read_in_pages(Certificate& certificate) {
  constexpr std::size_t kPageSize = 1000;
  std::vector<TargetUser> users;
  std::set<std::string> seen;
  ++certificate.searches;
  while (true) {
    auto page = co_await read_page(list_users_page(users.size(), kPageSize));
    if (!page) co_return page.error();
    ++certificate.pages;
    constexpr std::uint64_t kMostPages = 10'000;
    if (certificate.pages > kMostPages)
      co_return incomplete("users list: pages go on after " + std::to_string(kMostPages) +
                           "; report it to the provider of the tenant");
    auto const length = page->users.size();
    // A server that does not know the parameters gives the first page for ever.
    for (auto const& user : page->users)
      if (seen.contains(user.id))
        co_return incomplete("users list: id " + user.id + " (" + printable(user.name) +
                             ") came twice; the list changed while it was read, "
                             "or the server ignores pageOffset; run again");
    for (auto const& user : page->users)
      if (!user.id.empty()) seen.insert(user.id);
    std::ranges::move(page->users, std::back_inserter(users));
    auto const total = static_cast<std::size_t>(page->total.value_or(0));
    auto const all_here = total <= length || users.size() >= total;  // Total is of the page, or of everything
    if (length < kPageSize && all_here) break;
    if (length == 0)
      co_return incomplete("users list: pages end after " + std::to_string(users.size()) +
                           " entries, Total says " + std::to_string(total) + "; run again");
  }
  certificate.clauses.push_back(
      {"users-total", true, number_of(users.size(), "user", "users") + " in pages"});
  co_return users;
}

asio::awaitable<Result<void>> UserReader::read_missing_dns(std::vector<TargetUser>& users,
                                                           Certificate& certificate) {
  for (auto& user : users) {
    if (user.source != UserSource::directory || !user.dn.empty() || user.id.empty()) continue;
    auto const details = co_await read_user(user.id);
    if (!details) co_return details.error();
    ++certificate.searches;
    user.dn = details->dn;
  }
  co_return Result<void>{};
}

asio::awaitable<Result<std::optional<UserRow>>> UserReader::read_row(std::string id) {
  auto request = user_details(id);
  if (!request) co_return request.error();
  request->make_sink = [] { return make_single_user_sink(); };
  auto response = co_await session_.send(*std::move(request));
  if (!response) co_return within("user " + id, response.error());
  if (response->status == 404) co_return std::optional<UserRow>{};
  auto page = finish<UserPage>(*response, "user " + id);
  if (!page) co_return page.error();
  if (page->users.size() != 1 || page->users.front().id != id)
    co_return Error{VaultErrc::bad_answer, "user " + id + ": the answer is about no user or another one"};
  UserRow row{std::move(page->users.front()), std::move(page->groups)};
  co_return std::optional{std::move(row)};
}

asio::awaitable<Result<TargetUser>> UserReader::read_user(std::string id) {
  auto request = user_details(id);
  if (!request) co_return request.error();
  auto const response = co_await session_.send(*std::move(request));
  if (!response) co_return within("user " + id, response.error());
  if (response->status != 200) co_return error_of(*response, "user " + id, kReadRight, Url::proven);
  auto user = parse_user_details(response->body);
  if (!user || user->id != id)
    co_return Error{VaultErrc::bad_answer, "user " + id + ": the answer is about no user or another one"};
  co_return *std::move(user);
}

}  // namespace dirsync::vault
