#pragma once
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sync/console/write/fresh_list.hpp"
#include "sync/console/write/user_writer.hpp"
#include "sync/console/write/write_context.hpp"
#include "sync/ports/clock.hpp"

namespace dirsync::console {

/// Makes a user, with all groups in one call, for a person who has none; only with users = "create". What it
/// makes is a local login, with a password that nobody learns.
class UserCreator {
 public:
  UserCreator(WriteContext context, UserWriter& writer, Clock const& clock)
      : context_(context),
        writer_(writer),
        users_(clock, [reader = &context.reader] { return reader->users(); }) {}
  /// `batch`: additions of one person, with Change::new_user. One answer per change, in order.
  boost::asio::awaitable<std::vector<Applied>> apply(rest::Sending& sending, std::vector<Change> batch);

 private:
  using Answers = boost::asio::awaitable<std::vector<Applied>>;
  Answers create(rest::Sending& sending, std::vector<Change> changes);
  /// The users of that name, whatever its case.
  boost::asio::awaitable<Result<std::vector<User>>> bearers_of(std::string name);
  Answers look_for_created(rest::Sending& sending, std::vector<Change> changes, Applied otherwise);
  boost::asio::awaitable<Result<std::optional<User>>> created_by_now(std::string name);
  /// Somebody else made the user, or we did and never heard of it: the memberships are written as those of
  /// any other.
  Answers write_as_known(rest::Sending& sending, std::vector<Change> changes, User user);
  std::string refused_because(Change const& change) const;

  WriteContext context_;
  UserWriter& writer_;
  FreshList<User> users_;
};

/// Why no user may be made under this name; empty when one may. It must be an e-mail address, as far as the
/// console looks: one @ with text on both sides.
std::string bad_user_name_because(std::string_view name);

/// The body of POST users, without a password.
std::string creation_body(Change const& first, std::vector<std::string> const& group_ids);

}  // namespace dirsync::console
