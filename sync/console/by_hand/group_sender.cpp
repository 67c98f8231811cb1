#include "sync/console/by_hand/group_sender.hpp"

#include <algorithm>

#include "sync/console/api/errors.hpp"
#include "sync/model/text.hpp"

namespace dirsync::console {
using boost::asio::awaitable;

awaitable<Applied> GroupSender::send(GroupWrite write) {
  auto const words = write.in_words;
  std::function<awaitable<std::vector<Applied>>(rest::Sending&)> const work =
      [this, &write](rest::Sending& sending) { return send_within(sending, write); };
  auto results = co_await rest::send_and_settle(1, work);
  auto& result = results.front();
  result.detail += (result.detail.empty() ? "" : "; asked for: ") + words;
  co_return std::move(result);
}

awaitable<std::vector<Applied>> GroupSender::send_within(rest::Sending& sending, GroupWrite write) {
  std::vector<Applied> results(1);
  switch (write.change.verb) {
    case Verb::create_group:
      results.front() = co_await create(sending, std::move(write));
      break;
    case Verb::delete_group:
      results.front() = co_await remove(sending, std::move(write));
      break;
    default:
      results.front() = co_await update(sending, std::move(write));
  }
  co_return results;
}

awaitable<Applied> GroupSender::create(rest::Sending& sending, GroupWrite write) {
  auto const doing = "creating group " + printable(write.change.group);
  auto request = create_request(context_.profile, write.fields);
  auto const answer = co_await sending.send(context_.session, std::move(request));
  auto failed = failure(doing, answer);
  if (failed && failed->outcome == Outcome::failed) co_return *failed;
  if (!failed) {
    auto id = parse_id(answer->body);
    if (id) {
      write.change.group_id = std::move(*id);
      auto otherwise = applied(Outcome::failed,
                               "not applied: the console accepted the creation and shows something else; "
                               "look at it with `dirsyncd console get`");
      co_return co_await verify(std::move(write), std::move(otherwise));
    }
    failed = applied(Outcome::unknown, within(doing, id.error()));
  }
  co_return co_await look_for_created(std::move(write), std::move(*failed));
}

/// A creation is never sent again: only a list tells whether it happened.
awaitable<Applied> GroupSender::look_for_created(GroupWrite write, Applied otherwise) {
  rest::Look<Applied> const look = [this, &write] { return created_by_now(write); };
  auto const seen = co_await rest::look_until<Applied>(looks_of(context_.settings), look);
  if (seen && *seen) co_return **seen;
  otherwise.detail += "; the group is not in the list so far, and the next run looks for it again";
  co_return otherwise;
}

awaitable<Result<std::optional<Applied>>> GroupSender::created_by_now(GroupWrite write) {
  auto const groups = co_await context_.reader.groups();
  if (!groups) co_return groups.error();
  auto const count = std::ranges::count(*groups, write.change.group, &Group::name);
  if (count > 1)
    co_return applied(Outcome::failed,
                      "several groups bear this name by now; delete all but one in the console");
  if (count == 0) co_return std::optional<Applied>{};
  write.change.group_id = std::ranges::find(*groups, write.change.group, &Group::name)->id;
  auto stranger = applied(Outcome::failed,
                          "a group of this name has appeared that is not as asked for: somebody else's; "
                          "look at it with `dirsyncd console get`");
  auto verified = co_await verify(std::move(write), std::move(stranger));
  co_return std::optional{std::move(verified)};
}

awaitable<Applied> GroupSender::update(rest::Sending& sending, GroupWrite write) {
  auto const doing = "changing group " + printable(write.change.group);
  auto request = update_request(context_.profile, write.change.group_id, write.fields);
  if (!request) co_return applied(Outcome::failed, request.error());
  auto const answer = co_await sending.send(context_.session, *std::move(request));
  auto failed = failure(doing, answer);
  if (failed && failed->outcome == Outcome::failed) {
    if (!answer || !is_conflict(*answer)) co_return *failed;
    auto const group = co_await context_.reader.group(write.change.group_id);
    if (group && *group && (*group)->version)
      failed->detail += "; it is at updateVersion " + std::to_string(*(*group)->version) + " now";
    co_return *failed;
  }
  if (!failed)
    failed = applied(Outcome::failed,
                     "not applied: the console accepted the write and shows something else; "
                     "look at it with `dirsyncd console get`");
  co_return co_await verify(std::move(write), std::move(*failed));
}

awaitable<Applied> GroupSender::verify(GroupWrite write, Applied otherwise) {
  auto const id = write.change.group_id;
  Wanted const wanted = [this, &write](Group const* group) {
    return group && is_as_wanted(write.fields, *group);
  };
  auto result = co_await settle_by_look(id, wanted, std::move(otherwise));
  result.group_id = id;
  co_return result;
}

awaitable<Applied> GroupSender::remove(rest::Sending& sending, GroupWrite write) {
  auto const doing = "deleting group " + printable(write.change.group);
  auto request = delete_request(context_.profile, write.change.group_id);
  if (!request) co_return applied(Outcome::failed, request.error());
  auto const answer = co_await sending.send(context_.session, *std::move(request));
  auto deletion = deletion_after(doing, answer);
  if (deletion.settled) co_return *std::move(deletion.settled);
  Wanted const is_gone = [](Group const* group) { return group == nullptr; };
  co_return co_await settle_by_look(write.change.group_id, is_gone, std::move(deletion.unless_gone));
}

/// Done when a look shows it. A lost answer of a write that no look shows is a write that was not done.
awaitable<Applied> GroupSender::settle_by_look(std::string id, Wanted wanted, Applied otherwise) {
  auto const seen = co_await look_at_group_until(context_, std::move(id), std::move(wanted));
  if (seen && *seen) co_return applied(Outcome::done, std::string{});
  if (!seen) co_return without_a_look(std::move(otherwise), seen.error());
  if (otherwise.outcome == Outcome::unknown) {
    otherwise.outcome = Outcome::failed;
    otherwise.detail += "; a look showed that it was not done";
  }
  co_return otherwise;
}

/// Roles that a console does not tell at all cannot be compared.
bool GroupSender::is_as_wanted(GroupFields const& wanted, Group const& group) const {
  if (group.name != wanted.name || group.description != wanted.description) return false;
  if (group.roles.told == Ids::Told::no) return true;
  auto ids = role_ids(group.roles.names, context_.last_read.roles);
  if (!ids) return false;
  ids->insert(ids->end(), group.roles.ids.begin(), group.roles.ids.end());
  return in_order(std::move(*ids)) == in_order(wanted.roles);
}

}  // namespace dirsync::console
