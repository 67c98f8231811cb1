#include "sync/console/user_writer.hpp"

#include <algorithm>
#include <set>

#include "sync/console/error.hpp"
#include "sync/console/membership.hpp"
#include "sync/model/assert.hpp"
#include "sync/model/text.hpp"

namespace dirsync::console {
namespace {
using boost::asio::awaitable;

/// Calls of unknown fate in a row; each may take as long as the deadline.
constexpr int kUnknownFates = 2;

bool same_set(std::vector<std::string> const& left, std::vector<std::string> const& right) {
  return std::set<std::string>(left.begin(), left.end()) == std::set<std::string>(right.begin(), right.end());
}

std::vector<bool> holding(std::vector<Change> const& changes, std::vector<std::string> const& groups) {
  std::vector<bool> result;
  for (auto const& change : changes) result.push_back(holds(change, groups));
  return result;
}

std::vector<Applied> judged(std::vector<bool> const& before, std::vector<bool> const& after) {
  std::vector<Applied> result;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!after[i])
      result.push_back(
          applied(Outcome::failed,
                  "not applied: the console accepted the write and the user's groups are as before; "
                  "compare with the console's audit log"));
    else
      result.push_back(applied(before[i] ? Outcome::already : Outcome::done, std::string{}));
  }
  return result;
}

/// What was sent back as it had been read and is not so any more, in words.
std::string lost_because(User const& sent, User const& now) {
  std::string what;
  if (now.roles.told == Ids::Told::yes && !same_set(now.roles.ids, sent.roles.ids)) what = "roles";
  auto const is_gone = [&now](std::string const& id) { return std::ranges::count(now.groups.ids, id) == 0; };
  if (now.groups.told == Ids::Told::yes && std::ranges::any_of(sent.groups.ids, is_gone))
    what += what.empty() ? "groups" : " and groups";
  if (what.empty()) return {};
  return "the user's " + what + " are no longer those that were sent; compare with the console's audit log";
}

/// Some releases may refuse the user name in a change; the text is the only sign.
bool names_user_name(http::Response const& response) {
  auto const words = ascii_lower(words_of(response));
  return response.status == 400 &&
         (words.find("username") != words.npos || words.find("user name") != words.npos);
}
}  // namespace

std::string UserWriter::refused_because(Change const& change) const {
  auto const user = context_.known.users.find(change.principal_id);
  if (user == context_.known.users.end()) return "the user was not in the console when it was last read";
  if (!user->second.empty()) return "the user is protected: " + user->second;
  return untouchable_because(context_.known, change.group_id);
}

awaitable<std::vector<Applied>> UserWriter::apply(std::vector<Change> batch) {
  auto const is_same = [&batch](Change const& one) { return one.principal_id == batch.front().principal_id; };
  DIRSYNC_ASSERT(std::ranges::all_of(batch, is_same));
  Admitted admitted{std::move(batch), [this](Change const& change) { return refused_because(change); }};
  std::vector<Applied> written;
  if (!admitted.changes.empty()) written = co_await write(std::move(admitted.changes));
  co_return admitted.answers(std::move(written));
}

awaitable<std::vector<Applied>> UserWriter::write(std::vector<Change> changes) {
  std::vector<bool> before;
  std::optional<std::int64_t> sent_version;
  Attempt last;
  int unknown_fates = 0;
  for (int attempt = 0;; ++attempt) {
    if (attempt > 0) co_await pause(with_jitter(context_.settings.pauses.conflict * attempt));
    auto user = co_await look(changes.front().principal_id, changes.front().principal);
    auto const sent_blindly = last.sent == Sent::fate_unknown;
    if (!user)
      co_return for_all(changes.size(),
                        applied(sent_blindly ? Outcome::unknown : Outcome::failed, user.error()));
    auto const& groups = user->groups.ids;
    auto const now = holding(changes, groups);
    if (attempt == 0) before = now;
    auto wanted = merged_groups(groups, changes);
    if (same_set(wanted, groups)) co_return judged(before, now);

    bool const changed_meanwhile = sent_version && sent_version != user->version;
    bool const given_up = attempt > kRetries || unknown_fates == kUnknownFates;
    // A conflict over the very version that is read again is a read that lags: look once more, send nothing.
    if (last.sent == Sent::conflict && !changed_meanwhile && !given_up) continue;
    if (given_up || (last.sent == Sent::failed && attempt > 0 && !changed_meanwhile))
      co_return for_all(changes.size(),
                        applied(sent_blindly ? Outcome::unknown : Outcome::failed, last.error));

    sent_version = user->version;
    user->groups.ids = std::move(wanted);
    last = co_await put(*user);
    if (last.sent == Sent::accepted)
      co_return co_await verify(std::move(changes), std::move(before), std::move(*user));
    if (last.sent == Sent::fate_unknown) ++unknown_fates;
    // A server error may hide a conflict: the next look tells by the version. Other refusals are final.
    if (last.sent == Sent::failed && last.error.code != ConsoleErrc::server_failed)
      co_return for_all(changes.size(), applied(Outcome::failed, last.error));
  }
}

awaitable<Result<User>> UserWriter::look(std::string id, std::string name) {
  auto found = co_await context_.reader.user(id);
  if (!found) co_return found.error();
  std::string why;
  auto const& ours = context_.session.organization();
  if (!*found)
    why = "the user is no longer in the console";
  else if (fold_case((*found)->name) != fold_case(name))
    why = "the user bears another name by now: " + printable((*found)->name);
  else if (!(*found)->organization.empty() && (*found)->organization != ours)
    why = "the user belongs to another organization";
  else
    why = unwritable_because(**found, context_.known.untold.contains(id));
  if (why.empty()) {
    // A user whose groups are told once has none when they are left out later.
    if ((*found)->groups.told == Ids::Told::yes) context_.known.untold.erase(id);
    co_return std::move(**found);
  }
  Error error{ConsoleErrc::rejected, "user " + printable(name) + " is not written: " + why};
  co_return error;
}

awaitable<UserWriter::Attempt> UserWriter::put(User user) {
  auto request =
      write_request(http::Method::put, context_.profile.users_path + "/" + http::percent_encode(user.id),
                    update_body(user, send_user_name_));
  request.confidential = true;
  auto const doing = "writing the groups of user " + printable(user.name);
  auto answer = co_await context_.session.send(std::move(request));
  Attempt attempt;
  if (!answer) {
    attempt.error = within(doing, answer.error());
    bool const may_have_arrived = answer.error().code == make_error_code(http::HttpErrc::timed_out) ||
                                  answer.error().code == make_error_code(http::HttpErrc::cut);
    if (may_have_arrived) attempt.sent = Sent::fate_unknown;
    co_return attempt;
  }
  if (answer->status / 100 == 2) {
    attempt.sent = Sent::accepted;
    co_return attempt;
  }
  attempt.error = refusal(doing, *answer);
  if (send_user_name_ && names_user_name(*answer)) {
    send_user_name_ = false;
    attempt.sent = Sent::name_refused;
  } else if (is_conflict(*answer)) {
    attempt.sent = Sent::conflict;
  } else if (answer->status >= 502 && answer->status <= 504) {
    attempt.sent = Sent::fate_unknown;  // a gateway's word; the service behind it may have done it
  }
  co_return attempt;
}

awaitable<std::vector<Applied>> UserWriter::verify(std::vector<Change> changes, std::vector<bool> before,
                                                   User sent) {
  std::optional<std::vector<bool>> after;
  std::optional<Error> unread;
  std::string note;
  // Left out while there were none; if they still are, this console never tells them.
  if (sent.groups.told == Ids::Told::no && !sent.groups.ids.empty()) context_.known.untold.insert(sent.id);
  for (int look_number = 0; look_number < kLooks; ++look_number) {
    if (look_number > 0) co_await pause(context_.settings.pauses.look);
    auto const found = co_await context_.reader.user(sent.id);
    if (!found) {
      unread = found.error();
      continue;
    }
    if (!*found || (*found)->groups.told == Ids::Told::unreadable) continue;
    auto const& user = **found;
    note = lost_because(sent, user);
    // The groups were told before the write or there were none: not told now means none.
    after = holding(changes, user.groups.ids);
    if (std::ranges::count(*after, false) == 0) break;
  }
  if (!after)
    co_return for_all(
        changes.size(),
        applied(Outcome::unknown, "the console accepted the write, but the user can not be read back" +
                                      (unread ? ": " + text(*unread) : std::string{})));
  auto answers = judged(before, *after);
  for (auto& answer : answers)
    if (answer.detail.empty()) answer.detail = note;
  co_return answers;
}

}  // namespace dirsync::console
