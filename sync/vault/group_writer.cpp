#include "sync/vault/group_writer.hpp"

#include <utility>

#include "sync/rest/outcomes.hpp"
#include "sync/vault/protection.hpp"
#include "sync/vault/requests.hpp"

namespace asio = boost::asio;

namespace dirsync::vault {

using rest::applied;

asio::awaitable<Applied> GroupWriter::create(rest::Sending& sending, Change change) {
  if (auto reason = why_no_new_group(change.group, settings_); !reason.empty())
    co_return applied(Outcome::failed, reason + "; give the rule a group_name without it");
  Step step{.request = create_group(change.group, settings_.location),
            .verb = change.verb,
            .what = "create " + change.group,
            .group_id = {},
            .group = change.group,
            .principal = {}};
  co_return co_await steps_.perform(sending, std::move(step));
}

asio::awaitable<Applied> GroupWriter::rename(rest::Sending& sending, Change change) {
  auto const& name = change.new_name;
  if (auto reason = why_no_new_group(name, settings_); !reason.empty())
    co_return applied(Outcome::failed, reason + "; give the rule a group_name without it");
  auto request = rename_group(change.group_id, name);
  if (!request) co_return not_done(request.error());
  Step const step{.request = *std::move(request),
                  .verb = change.verb,
                  .what = "rename " + change.group + " to " + name,
                  .group_id = change.group_id,
                  .group = name,
                  .principal = {}};
  auto result = co_await steps_.perform(sending, step);
  if (result.outcome != Outcome::done) co_return result;
  auto const seen = co_await steps_.look(step);
  if (!seen)
    co_return applied(Outcome::unknown,
                      step.what + ": answered; the look at it failed: " + text(seen.error()));
  if (seen->state == Steps::Look::State::as_wanted) co_return result;
  co_return applied(Outcome::failed, step.what +
                                         ": the Vault answered success, but the group has its old name; "
                                         "rename it by hand in the PrivateArk client");
}

asio::awaitable<Applied> GroupWriter::erase(rest::Sending& sending, Change change) {
  // The plan saw an empty group; somebody may have joined it since.
  auto const group = co_await reader_.read_group(change.group_id, change.group, nobody());
  if (!group) co_return not_done(group.error());
  if (!*group) co_return applied(Outcome::already, "the group is gone");
  if (!(*group)->others.empty())
    co_return applied(Outcome::failed, "the group " + change.group + " has members by now, " +
                                           (*group)->others.front().name +
                                           " among them; only empty groups are deleted");
  auto request = delete_group(change.group_id);
  if (!request) co_return not_done(request.error());
  Step step{.request = *std::move(request),
            .verb = change.verb,
            .what = "delete " + change.group,
            .group_id = change.group_id,
            .group = change.group,
            .principal = {}};
  co_return co_await steps_.perform(sending, std::move(step));
}

}  // namespace dirsync::vault
