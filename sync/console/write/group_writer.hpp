#pragma once
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sync/console/write/fresh_list.hpp"
#include "sync/console/write/group_calls.hpp"
#include "sync/console/write/write_context.hpp"
#include "sync/ports/clock.hpp"

namespace dirsync::console {

/// Creates, renames and deletes groups. Every group that it creates bears a mark in its description, so that
/// one whose creation was never answered is known again, and a stranger's group of the same name is not.
class GroupWriter {
 public:
  /// `clock` and what `context` refers to must outlive it.
  GroupWriter(WriteContext context, Clock const& clock)
      : context_(context), groups_(clock, [reader = &context.reader] { return reader->groups(); }) {}
  boost::asio::awaitable<Applied> create(rest::Sending& sending, Change change);
  boost::asio::awaitable<Applied> remove(rest::Sending& sending, Change change);
  /// `change.new_name` is the new name.
  boost::asio::awaitable<Applied> rename(rest::Sending& sending, Change change);

 private:
  boost::asio::awaitable<Result<GroupFields>> renamed(Group group, std::string name);
  boost::asio::awaitable<Applied> existing(std::string id, Outcome outcome);
  boost::asio::awaitable<Applied> look_for_created(std::string name, Applied otherwise);
  boost::asio::awaitable<Result<std::optional<Applied>>> created_by_now(std::string name);
  boost::asio::awaitable<Applied> look_for_deleted(std::string id, Applied otherwise);
  boost::asio::awaitable<Applied> look_for_renamed(std::string id, std::string name, Applied otherwise);
  /// The group that `change` means, with our mark; empty when it is gone.
  boost::asio::awaitable<Result<std::optional<Group>>> ours(Change change);
  Applied created(std::string id, Outcome outcome);

  WriteContext context_;
  FreshList<Group> groups_;
};

}  // namespace dirsync::console
