#pragma once
// What a person asks of the console's groups by hand.
#include <boost/asio/awaitable.hpp>
#include <string>
#include <utility>

#include "sync/console/by_hand/group_checks.hpp"
#include "sync/console/by_hand/group_lookup.hpp"
#include "sync/console/by_hand/group_sender.hpp"

namespace dirsync::console {

/// Group calls for people: look, check, send. Errors: the console's; ConsoleErrc::against_rule where dirsyncd
/// itself refuses. Thread: event loop.
class GroupAdmin {
 public:
  /// What `context` refers to must outlive it. `managed`: what is ours in this target; a write needs it.
  GroupAdmin(WriteContext context, Managed managed)
      : lookup_(context), checks_(context, std::move(managed)), sender_(context) {}

  boost::asio::awaitable<Result<GroupList>> list(std::string query_type, std::string name) {
    return lookup_.list(std::move(query_type), std::move(name));
  }
  boost::asio::awaitable<Result<GroupDetails>> get(GroupKey key) { return lookup_.get(std::move(key)); }
  boost::asio::awaitable<Result<GroupWrite>> prepare_create(NewGroup wanted) {
    return checks_.prepare_create(std::move(wanted));
  }
  boost::asio::awaitable<Result<GroupWrite>> prepare_update(GroupKey key, GroupEdit edit) {
    return checks_.prepare_update(std::move(key), std::move(edit));
  }
  boost::asio::awaitable<Result<GroupWrite>> prepare_delete(GroupKey key) {
    return checks_.prepare_delete(std::move(key));
  }
  /// Outcome done, failed or unknown; the detail says what was changed, and why it failed.
  boost::asio::awaitable<Applied> send(GroupWrite write) { return sender_.send(std::move(write)); }

 private:
  GroupLookup lookup_;
  GroupChecks checks_;
  GroupSender sender_;
};

}  // namespace dirsync::console
