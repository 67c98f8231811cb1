#pragma once
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sync/console/writing.hpp"

namespace dirsync::console {

/// All membership changes of one user in one PUT. The console knows no call that adds or removes one
/// membership; the PUT replaces all groups and roles, so it is built from a fresh read and looked at
/// afterwards.
class UserWriter {
 public:
  explicit UserWriter(Writing context) : context_(context) {}
  /// `batch`: changes of one user. One answer per change, in order.
  boost::asio::awaitable<std::vector<Applied>> apply(std::vector<Change> batch);

 private:
  /// What one PUT came to.
  enum class Sent { accepted, conflict, name_refused, fate_unknown, failed };
  struct Attempt {
    Sent sent = Sent::failed;
    Error error;  // unless accepted
  };
  std::string refused_because(Change const& change) const;
  boost::asio::awaitable<std::vector<Applied>> write(std::vector<Change> changes);
  boost::asio::awaitable<Result<User>> look(std::string id, std::string name);
  /// Writes the user's groups as they stand in `user`.
  boost::asio::awaitable<Attempt> put(User user);
  /// `sent`: as it was written.
  boost::asio::awaitable<std::vector<Applied>> verify(std::vector<Change> changes, std::vector<bool> before,
                                                      User sent);

  Writing context_;
  bool send_user_name_ = context_.profile.send_user_name;
};

}  // namespace dirsync::console
