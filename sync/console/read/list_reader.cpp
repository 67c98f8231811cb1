#include "sync/console/read/list_reader.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

#include "sync/console/api/errors.hpp"
#include "sync/console/api/paging.hpp"
#include "sync/ports/gather.hpp"
#include "sync/rest/requests.hpp"

namespace dirsync::console {
namespace {
using boost::asio::awaitable;

/// A list that shifted while it was read is read again so often.
constexpr int kRereads = 3;

std::string const& list_id(Member const& member) { return member.record; }
template <class T>
std::string const& list_id(T const& item) {
  return item.id;
}

/// What tells the items of a list apart.
template <class T>
std::vector<std::string> keys_of(std::vector<T> const& page) {
  std::vector<std::string> keys;
  std::map<std::string_view, std::string_view> names;  // by id
  for (auto const& item : page) {
    auto const& id = list_id(item);
    auto const same = names.try_emplace(id, item.name).first;
    keys.push_back(id.empty() || same->second != item.name ? id + '\n' + item.name : id);
  }
  return keys;
}

}  // namespace

awaitable<Result<http::Response>> get(Session& session, rest::Path path) {
  auto request = rest::read_request(path);
  request.confidential = true;
  return session.send(std::move(request));
}

Error incomplete(std::string_view what, std::string const& why) {
  return Error{ConsoleErrc::incomplete,
               "reading " + std::string{what} + ": " + why +
                   "; the list shifted while it was read or the console ignores paging: run again"};
}

ListReader::ListReader(Session& session, Profile const& profile, int page_size, int at_once)
    : session_(session), profile_(profile), page_size_(page_size), at_once_(at_once) {}

template <class T>
awaitable<Result<Page<T>>> ListReader::read_page(rest::Path path, std::string query, int number,
                                                 Parser<T> parse) {
  auto const doing = "reading " + path.text();
  auto full =
      path.with_query(profile_.page_parameter + "=" + std::to_string(number) + "&" + profile_.size_parameter +
                      "=" + std::to_string(page_size_) + (query.empty() ? "" : "&" + query));
  auto answer = co_await get(session_, std::move(full));
  if (!answer) co_return within(doing, answer.error());
  if (answer->status / 100 != 2) co_return refusal(doing, *answer);
  auto page = parse(answer->body, profile_);
  if (!page) co_return within(doing, page.error());
  co_return page;
}

/// `count` pages from `first` on, each with its own success.
template <class T>
awaitable<std::vector<Result<Page<T>>>> ListReader::read_pages(rest::Path path, std::string query, int first,
                                                               int count, Parser<T> parse) {
  std::vector<std::optional<Result<Page<T>>>> read(static_cast<std::size_t>(count));
  std::function<awaitable<void>(std::size_t)> const one = [this, &path, &query, first, parse,
                                                           &read](std::size_t at) -> awaitable<void> {
    auto found = co_await read_page<T>(path, query, first + static_cast<int>(at), parse);
    read[at].emplace(std::move(found));
  };
  co_await for_each_at_once(read.size(), read.size(), one);
  std::vector<Result<Page<T>>> all;
  for (auto& each : read) all.push_back(std::move(*each));
  co_return all;
}

template <class T>
awaitable<Result<std::vector<T>>> ListReader::list_once(rest::Path path, std::string query, Parser<T> parse) {
  std::vector<T> items;
  Paging paging;
  // One, until the console has said how many there are.
  int at_once = 1;
  ++figures_.lists;
  while (paging.state() == Paging::State::more) {
    auto read = co_await read_pages<T>(path, query, paging.page(), at_once, parse);
    for (auto& page : read) {
      // The list ended sooner than the console had said: what was read beyond its end is nothing.
      if (paging.state() != Paging::State::more) break;
      if (!page) co_return page.error();
      ++figures_.pages;
      auto const keys = keys_of(page->items);
      auto const fresh = paging.take(page->info, keys);
      for (std::size_t i = 0; i < keys.size(); ++i)
        if (fresh[i]) items.push_back(std::move(page->items[i]));
      auto const known = page->info ? page->info->pages.value_or(0) : 0;
      auto const last = std::clamp<std::int64_t>(known, paging.page(), paging.page() + at_once_ - 1);
      at_once = static_cast<int>(last - paging.page()) + 1;
    }
  }
  if (paging.state() == Paging::State::broken) co_return incomplete(path.text(), paging.figures());
  figures_.entries += items.size();
  co_return items;
}

template <class T>
awaitable<Result<std::vector<T>>> ListReader::list(rest::Path path, std::string query, Parser<T> parse) {
  auto items = co_await list_once<T>(path, query, parse);
  for (int again = 0; again < kRereads && !items && items.error().code == ConsoleErrc::incomplete; ++again)
    items = co_await list_once<T>(path, query, parse);
  co_return items;
}

template <class T>
using Items = awaitable<Result<std::vector<T>>>;

template Items<Organization> ListReader::list(rest::Path, std::string, Parser<Organization>);
template Items<Role> ListReader::list(rest::Path, std::string, Parser<Role>);
template Items<Group> ListReader::list(rest::Path, std::string, Parser<Group>);
template Items<User> ListReader::list(rest::Path, std::string, Parser<User>);
template Items<Member> ListReader::list(rest::Path, std::string, Parser<Member>);

}  // namespace dirsync::console
