#pragma once
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sync/model/observed.hpp"
#include "sync/vault/lists.hpp"
#include "sync/vault/session.hpp"

namespace dirsync::vault {

/// Whether the list of users has their userDN, or each must be asked for by itself (before 12.1).
enum class UserDns { listed, asked_for };

/// A user by themselves, and the ids of the groups of type Vault that their own entry says they are in.
/// Whether it names those as well that they are in by way of another group is not known.
struct UserRow {
  TargetUser user;
  std::set<std::string> groups;
};

/// Complete reads of users, or errors. Thread: event loop.
class UserReader {
 public:
  UserReader(Settings const& settings, Session& session) : settings_{settings}, session_{session} {}

  /// All of them; adds figures and clauses.
  boost::asio::awaitable<Result<std::vector<TargetUser>>> read_all(UserDns dns, Certificate& certificate);
  boost::asio::awaitable<Result<TargetUser>> read_user(std::string id);
  /// As the list of users would show the one with that id. Nothing: there is none, or none that is told.
  boost::asio::awaitable<Result<std::optional<UserRow>>> read_row(std::string id);

 private:
  boost::asio::awaitable<Result<UserPage>> read_page(http::Request request);
  boost::asio::awaitable<Result<std::vector<TargetUser>>> read_at_once(Certificate& certificate);
  boost::asio::awaitable<Result<std::vector<TargetUser>>> read_in_pages(Certificate& certificate);
  boost::asio::awaitable<Result<void>> read_missing_dns(std::vector<TargetUser>& users,
                                                        Certificate& certificate);

  Settings const& settings_;
  Session& session_;
};

}  // namespace dirsync::vault
