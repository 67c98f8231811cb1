#include "sync/console/write/group_writer.hpp"

#include <algorithm>

#include "sync/console/api/errors.hpp"
#include "sync/console/api/names.hpp"
#include "sync/console/write/group_calls.hpp"
#include "sync/model/text.hpp"

namespace dirsync::console {
namespace {
using boost::asio::awaitable;

/// Why `name` cannot be given to a group; `except`: the id of the group that gets it.
std::string taken_because(std::vector<Group> const& groups, std::string const& name,
                          std::string const& except) {
  auto const* same = namesake(groups, name, except);
  if (!same) return {};
  if (same->name == name)
    return "a group of this name has appeared in the console since the plan, and it is not ours";
  return "the console has " + printable(same->name) + ", which differs only by case; rename one of them";
}
}  // namespace

Applied GroupWriter::created(std::string id, Outcome outcome) {
  auto result = applied(outcome, std::string{});
  context_.last_read.groups.emplace(id, "");
  result.group_id = std::move(id);
  return result;
}

/// A group of the name to create is there: ours from a creation that was not answered, or a stranger's?
awaitable<Applied> GroupWriter::existing(std::string id, Outcome outcome) {
  auto const group = co_await context_.reader.group(id);
  if (!group) co_return applied(Outcome::unknown, group.error());
  if (*group && bears_mark((*group)->description)) co_return created(std::move(id), outcome);
  co_return applied(Outcome::failed,
                    "a group of this name has appeared in the console since the plan, and it is not ours");
}

awaitable<Applied> GroupWriter::create(rest::Sending& sending, Change change) {
  auto const doing = "creating group " + printable(change.group);
  if (auto why = bad_group_name_because(change.group, context_.settings.group_name_characters); !why.empty())
    co_return applied(Outcome::failed, std::move(why));
  if (auto why = protected_name_because(change.group, context_.profile, context_.settings); !why.empty())
    co_return applied(Outcome::skipped, "the name is protected: " + why);
  if (change.roles.empty())
    co_return applied(Outcome::failed,
                      "the console creates no group without a role; set roles in rule " + change.rule);
  auto const roles = co_await find_role_ids(context_, change.roles);
  if (!roles) co_return applied(Outcome::failed, roles.error());

  auto const groups = co_await groups_.get();
  if (!groups) co_return applied(Outcome::failed, within(doing, groups.error()));
  if (auto why = taken_because(*groups, change.group, {}); !why.empty()) {
    auto const same = std::ranges::find(*groups, change.group, &Group::name);
    if (std::ranges::count(*groups, change.group, &Group::name) != 1)
      co_return applied(Outcome::failed, std::move(why));
    co_return co_await existing(same->id, Outcome::already);
  }

  GroupFields const fields{
      .name = change.group, .description = std::string{kMark}, .roles = *roles, .version = {}};
  auto write = create_request(context_.profile, fields);
  auto const answer = co_await sending.send(context_.session, std::move(write));
  auto failed = failure(doing, answer);
  if (!failed) {
    auto const id = parse_id(answer->body);
    if (!id)
      co_return co_await look_for_created(change.group, applied(Outcome::unknown, within(doing, id.error())));
    Group group;
    group.id = *id;
    group.name = change.group;
    groups_.items().push_back(std::move(group));
    co_return created(*id, Outcome::done);
  }
  if (failed->outcome == Outcome::unknown || (answer && is_conflict(*answer)))
    co_return co_await look_for_created(change.group, std::move(*failed));
  co_return *failed;
}

/// A creation is never sent again: only a list tells whether it happened.
awaitable<Applied> GroupWriter::look_for_created(std::string name, Applied otherwise) {
  rest::Look<Applied> const look = [this, &name] { return created_by_now(name); };
  auto const seen = co_await rest::look_until<Applied>(looks_of(context_.settings), look);
  co_return seen&&* seen ? **seen : otherwise;
}

awaitable<Result<std::optional<Applied>>> GroupWriter::created_by_now(std::string name) {
  groups_.forget();
  auto const groups = co_await groups_.get();
  if (!groups) co_return groups.error();
  auto const count = std::ranges::count(*groups, name, &Group::name);
  if (count == 0) co_return std::optional<Applied>{};
  if (count > 1)
    co_return applied(Outcome::failed,
                      "several groups bear this name by now; delete all but one in the console");
  auto id = std::ranges::find(*groups, name, &Group::name)->id;
  auto found = co_await existing(std::move(id), Outcome::done);
  co_return std::optional{std::move(found)};
}

awaitable<Result<std::optional<Group>>> GroupWriter::ours(Change change) {
  auto found = co_await context_.reader.group(change.group_id);
  if (!found || !*found) co_return found;
  std::string why;
  auto const& organization = (*found)->organization;
  if ((*found)->name != change.group)
    why = "it bears another name by now: " + printable((*found)->name);
  else if (!organization.empty() && organization != context_.session.organization())
    why = "it belongs to another organization";
  else if (!bears_mark((*found)->description))
    why = "its description lacks the mark '" + std::string{kMark} + "' of groups that dirsyncd created";
  if (why.empty()) co_return found;
  Error error{ConsoleErrc::rejected, "group " + printable(change.group) + " is left alone: " + why};
  co_return error;
}

awaitable<Applied> GroupWriter::remove(rest::Sending& sending, Change change) {
  auto const doing = "deleting group " + printable(change.group);
  if (auto why = untouchable_because(context_.last_read, change.group_id); !why.empty())
    co_return applied(Outcome::skipped, std::move(why));
  auto const group = co_await ours(change);
  if (!group) co_return applied(Outcome::failed, group.error());
  if (!*group) co_return applied(Outcome::already, "the group was gone");
  UsersByGroup by_group;
  auto const members = co_await context_.reader.members_everywhere(change.group_id, by_group);
  if (!members) co_return applied(Outcome::failed, members.error());
  if (!members->empty())
    co_return applied(Outcome::failed, "the group has members: " + std::to_string(members->size()) +
                                           "; only empty groups are deleted");
  auto write = delete_request(context_.profile, change.group_id);
  if (!write) co_return applied(Outcome::failed, write.error());
  auto const answer = co_await sending.send(context_.session, *std::move(write));
  auto deletion = deletion_after(doing, answer);
  if (deletion.settled) co_return *std::move(deletion.settled);
  co_return co_await look_for_deleted(change.group_id, std::move(deletion.unless_gone));
}

awaitable<Applied> GroupWriter::look_for_deleted(std::string id, Applied otherwise) {
  Wanted const is_gone = [](Group const* group) { return group == nullptr; };
  auto const gone = co_await look_at_group_until(context_, id, is_gone);
  if (!gone) co_return without_a_look(std::move(otherwise), gone.error());
  if (!*gone) co_return otherwise;
  std::erase_if(groups_.items(), [&id](Group const& one) { return one.id == id; });
  context_.last_read.groups.erase(id);
  co_return applied(Outcome::done, std::string{});
}

awaitable<Applied> GroupWriter::rename(rest::Sending& sending, Change change) {
  auto const name = change.new_name;
  auto const doing = "renaming group " + printable(change.group);
  if (auto why = untouchable_because(context_.last_read, change.group_id); !why.empty())
    co_return applied(Outcome::skipped, std::move(why));
  if (auto why = bad_group_name_because(name, context_.settings.group_name_characters); !why.empty())
    co_return applied(Outcome::failed, std::move(why));
  if (auto why = protected_name_because(name, context_.profile, context_.settings); !why.empty())
    co_return applied(Outcome::skipped, "the name is protected: " + why);
  auto const groups = co_await groups_.get();
  if (!groups) co_return applied(Outcome::failed, within(doing, groups.error()));
  if (auto why = taken_because(*groups, name, change.group_id); !why.empty())
    co_return applied(Outcome::failed, std::move(why));
  std::optional<Applied> failed;
  std::optional<std::int64_t> refused_version;
  for (int attempt = 0; attempt <= kRetries; ++attempt) {
    if (attempt > 0) co_await rest::pause(with_jitter(context_.settings.pauses.conflict * attempt));
    auto const group = co_await ours(change);
    if (!group) co_return applied(Outcome::failed, group.error());
    if (!*group) co_return applied(Outcome::failed, "the group is no longer in the console");
    // A conflict over the very version that is read again is about the name.
    if (attempt > 0 && (*group)->version == refused_version) break;
    auto const fields = co_await renamed(**group, name);
    if (!fields) co_return applied(Outcome::failed, fields.error());
    auto write = update_request(context_.profile, change.group_id, *fields);
    if (!write) co_return applied(Outcome::failed, write.error());
    auto const answer = co_await sending.send(context_.session, *std::move(write));
    failed = failure(doing, answer);
    if (!answer || !is_conflict(*answer)) break;
    refused_version = (*group)->version;
  }
  if (failed && failed->outcome == Outcome::failed) co_return *failed;
  if (!failed)
    failed =
        applied(Outcome::failed, "not applied: the console accepted the write and the name is as before");
  co_return co_await look_for_renamed(change.group_id, name, std::move(*failed));
}

/// What a renaming sends: all but the name as it is now.
awaitable<Result<GroupFields>> GroupWriter::renamed(Group group, std::string name) {
  if (!group.version) {
    Error error{ConsoleErrc::rejected,
                "the console did not tell the group's updateVersion, so a write could undo another's"};
    co_return error;
  }
  if (rest::is_mended(group.description)) {
    Error error{ConsoleErrc::rejected, std::string{kBrokenDescription}};
    co_return error;
  }
  auto const roles = co_await ids_of_roles(context_, group.roles);
  if (!roles) co_return roles.error();
  GroupFields fields{
      .name = std::move(name), .description = group.description, .roles = *roles, .version = group.version};
  co_return fields;
}

awaitable<Applied> GroupWriter::look_for_renamed(std::string id, std::string name, Applied otherwise) {
  Wanted const bears_name = [&name](Group const* group) { return group && group->name == name; };
  auto const renamed = co_await look_at_group_until(context_, std::move(id), bears_name);
  if (!renamed) co_return without_a_look(std::move(otherwise), renamed.error());
  if (!*renamed) co_return otherwise;
  groups_.forget();
  co_return applied(Outcome::done, std::string{});
}

}  // namespace dirsync::console
