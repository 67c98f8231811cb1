#pragma once
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sync/console/by_hand/group_checks.hpp"
#include "sync/console/write/group_calls.hpp"
#include "sync/rest/sending.hpp"

namespace dirsync::console {

/// Sends a write that passed every check, at most once, and looks at it afterwards. Thread: event loop.
class GroupSender {
 public:
  explicit GroupSender(WriteContext context) : context_(context) {}
  /// As Target::apply: cancelled too it answers, and `unknown` when the write may have been done.
  boost::asio::awaitable<Applied> send(GroupWrite write);

 private:
  boost::asio::awaitable<std::vector<Applied>> send_within(rest::Sending& sending, GroupWrite write);
  boost::asio::awaitable<Applied> create(rest::Sending& sending, GroupWrite write);
  boost::asio::awaitable<Applied> update(rest::Sending& sending, GroupWrite write);
  boost::asio::awaitable<Applied> remove(rest::Sending& sending, GroupWrite write);
  boost::asio::awaitable<Applied> look_for_created(GroupWrite write, Applied otherwise);
  boost::asio::awaitable<Result<std::optional<Applied>>> created_by_now(GroupWrite write);
  boost::asio::awaitable<Applied> verify(GroupWrite write, Applied otherwise);
  boost::asio::awaitable<Applied> settle_by_look(std::string id, Wanted wanted, Applied otherwise);
  bool is_as_wanted(GroupFields const& wanted, Group const& group) const;

  WriteContext context_;
};

}  // namespace dirsync::console
