#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sync/console/api/answers.hpp"
#include "sync/console/api/profile.hpp"
#include "sync/console/session/session.hpp"
#include "sync/rest/path.hpp"

namespace dirsync::console {

/// A GET whose answer is never traced: objects of the console can hold tokens.
boost::asio::awaitable<Result<http::Response>> get(Session& session, rest::Path path);

/// Of something that changed while it was read.
Error incomplete(std::string_view what, std::string const& why);

/// Lists of several pages, each read completely or an Error. `profile` and `session` must outlive it.
class ListReader {
 public:
  template <class T>
  using Parser = Result<Page<T>> (*)(std::string_view, Profile const&);

  /// `at_once`: how many pages of a list are read at the same time.
  ListReader(Session& session, Profile const& profile, int page_size, int at_once);

  /// For Organization, Role, Group, User and Member. An item that comes twice counts once; two items of one
  /// page that bear one id under two names are two.
  template <class T>
  boost::asio::awaitable<Result<std::vector<T>>> list(rest::Path path, std::string query, Parser<T> parse);

  struct Figures {
    std::uint64_t lists = 0, pages = 0, entries = 0;
  };
  Figures const& figures() const noexcept { return figures_; }
  void reset_figures() { figures_ = {}; }

 private:
  template <class T>
  boost::asio::awaitable<Result<Page<T>>> read_page(rest::Path path, std::string query, int number,
                                                    Parser<T> parse);
  template <class T>
  boost::asio::awaitable<std::vector<Result<Page<T>>>> read_pages(rest::Path path, std::string query,
                                                                  int first, int count, Parser<T> parse);
  template <class T>
  boost::asio::awaitable<Result<std::vector<T>>> list_once(rest::Path path, std::string query,
                                                           Parser<T> parse);

  Session& session_;
  Profile const& profile_;
  int page_size_, at_once_;
  Figures figures_;
};

}  // namespace dirsync::console
