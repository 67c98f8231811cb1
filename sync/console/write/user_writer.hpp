#pragma once
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sync/console/write/write_context.hpp"
#include "sync/rest/write_fate.hpp"

namespace dirsync::console {

/// All membership changes of one user in one PUT. The console knows no call that adds or removes one
/// membership; the PUT replaces all groups and roles, so it is built from a fresh read and looked at
/// afterwards.
class UserWriter {
 public:
  explicit UserWriter(WriteContext context) : context_(context) {}
  /// `batch`: changes of one user. One answer per change, in order.
  boost::asio::awaitable<std::vector<Applied>> apply(rest::Sending& sending, std::vector<Change> batch);

 private:
  /// What one PUT came to.
  enum class Sent {
    accepted,
    conflict,
    name_refused,
    unanswered,     // or a gateway's word alone
    server_failed,  // may hide a conflict
    refused,
  };
  struct Attempt {
    Sent sent = Sent::refused;
    rest::WriteFate fate = rest::WriteFate::refused;
    Error error;  // unless accepted
  };
  /// What looks after a write have shown so far.
  struct Written {
    std::vector<Change> const& changes;
    User const& sent;
    std::optional<std::vector<bool>> after;  // whether each change is so
    std::optional<Error> unread;             // the last look that failed
    std::string note;
  };
  std::string refused_because(Change const& change) const;
  boost::asio::awaitable<std::vector<Applied>> write(rest::Sending& sending, std::vector<Change> changes);
  /// At the user whom the change is about. `change` must outlive the call.
  boost::asio::awaitable<Result<User>> look(Change const& change);
  /// Whether lists that the answer lacks are empty.
  boost::asio::awaitable<bool> leaves_out_empty_lists(User const& answer);
  /// The same of the console's answers, by those about users who are in no group.
  boost::asio::awaitable<bool> answers_leave_out_empty_lists();
  /// Writes the user's groups as they stand in `user`.
  boost::asio::awaitable<Attempt> put(rest::Sending& sending, User user);
  Attempt judged(std::string const& doing, Result<http::Response> const& answer);
  /// `sent`: as it was written.
  boost::asio::awaitable<std::vector<Applied>> verify(std::vector<Change> changes, std::vector<bool> before,
                                                      User sent);

  boost::asio::awaitable<Result<std::optional<bool>>> look_at_written(Written& written);

  WriteContext context_;
  bool send_user_name_ = context_.profile.send_user_name;
};

}  // namespace dirsync::console
