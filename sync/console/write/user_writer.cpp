#include "sync/console/write/user_writer.hpp"

#include <algorithm>
#include <set>

#include "sync/console/api/errors.hpp"
#include "sync/console/write/membership.hpp"
#include "sync/model/assert.hpp"
#include "sync/model/text.hpp"

namespace dirsync::console {
namespace {
using boost::asio::awaitable;

/// Calls without an answer; each may take as long as the deadline.
constexpr int kMostUnanswered = 2;

bool same_set(std::vector<std::string> const& left, std::vector<std::string> const& right) {
  return std::set<std::string>(left.begin(), left.end()) == std::set<std::string>(right.begin(), right.end());
}

std::vector<bool> holding(std::vector<Change> const& changes, std::vector<std::string> const& groups) {
  std::vector<bool> result;
  for (auto const& change : changes) result.push_back(holds(change, groups));
  return result;
}

std::vector<Applied> outcomes_of(std::vector<bool> const& before, std::vector<bool> const& after) {
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
  auto const user = context_.last_read.users.find(change.principal_id);
  if (user == context_.last_read.users.end()) return "the user was not in the console when it was last read";
  if (!user->second.empty()) return "the user is protected: " + user->second;
  return untouchable_because(context_.last_read, change.group_id);
}

awaitable<std::vector<Applied>> UserWriter::apply(rest::Sending& sending, std::vector<Change> batch) {
  auto const is_same = [&batch](Change const& one) { return one.principal_id == batch.front().principal_id; };
  DIRSYNC_ASSERT(std::ranges::all_of(batch, is_same));
  Admitted admitted{std::move(batch), [this](Change const& change) { return refused_because(change); }};
  std::vector<Applied> written;
  if (!admitted.changes.empty()) written = co_await write(sending, std::move(admitted.changes));
  co_return admitted.answers(std::move(written));
}

awaitable<std::vector<Applied>> UserWriter::write(rest::Sending& sending, std::vector<Change> changes) {
  std::vector<bool> before;
  std::optional<std::int64_t> sent_version;
  Attempt last;
  int unanswered = 0;
  for (int attempt = 0;; ++attempt) {
    if (attempt > 0) co_await rest::pause(with_jitter(context_.settings.pauses.conflict * attempt));
    auto user = co_await look(changes.front());
    if (!user) {
      auto const may_be_done = last.fate == rest::WriteFate::unknown;
      co_return for_all(changes.size(),
                        applied(may_be_done ? Outcome::unknown : Outcome::failed, user.error()));
    }
    auto const& groups = user->groups.ids;
    auto const now = holding(changes, groups);
    if (attempt == 0) before = now;
    auto wanted = merged_groups(groups, changes);
    if (same_set(wanted, groups)) co_return outcomes_of(before, now);

    bool const changed_meanwhile = sent_version && sent_version != user->version;
    bool const given_up = attempt > kRetries || unanswered == kMostUnanswered;
    // A conflict over the very version that is read again is a read that lags: look once more, send nothing.
    if (last.sent == Sent::conflict && !changed_meanwhile && !given_up) continue;
    if (given_up || (last.sent == Sent::server_failed && !changed_meanwhile)) {
      // What nobody answered may still arrive; a look after an answer tells.
      auto const outcome = last.sent == Sent::unanswered ? Outcome::unknown : Outcome::failed;
      co_return for_all(changes.size(), applied(outcome, last.error));
    }

    sent_version = user->version;
    user->groups.ids = std::move(wanted);
    last = co_await put(sending, *user);
    if (last.sent == Sent::accepted)
      co_return co_await verify(std::move(changes), std::move(before), std::move(*user));
    if (last.sent == Sent::unanswered) ++unanswered;
    if (last.sent == Sent::refused) co_return for_all(changes.size(), applied(Outcome::failed, last.error));
  }
}

awaitable<Result<User>> UserWriter::look(Change const& change) {
  auto const& id = change.principal_id;
  auto const& name = change.principal;
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
  else {
    // Users are made without roles.
    auto const left_out_when_empty = change.made_by_us || co_await leaves_out_empty_lists(**found);
    why = unwritable_because(**found, context_.last_read.untold.contains(id), left_out_when_empty);
  }
  if (why.empty()) {
    // A user whose groups are told once has none when they are left out later.
    if ((*found)->groups.told == Ids::Told::yes) context_.last_read.untold.erase(id);
    co_return std::move(**found);
  }
  Error error{ConsoleErrc::rejected, "user " + printable(name) + " is not written: " + why};
  co_return error;
}

awaitable<bool> UserWriter::leaves_out_empty_lists(User const& answer) {
  if (answer.roles.told != Ids::Told::no || !may_leave_out_empty_lists(answer)) co_return false;
  auto& known = context_.last_read.leaves_out_empty_lists;
  if (!known) {
    auto const seen = co_await answers_leave_out_empty_lists();
    known = seen;
  }
  co_return *known;
}

awaitable<bool> UserWriter::answers_leave_out_empty_lists() {
  constexpr std::size_t kLooks = 3;
  std::vector<std::string> in_no_group;
  for (auto const& [id, because] : context_.last_read.users)
    if (!context_.last_read.untold.contains(id) && in_no_group.size() < kLooks &&
        rest::why_no_segment(id, rest::PathServer::any).empty())
      in_no_group.push_back(id);
  for (auto const& id : in_no_group) {
    auto const found = co_await context_.reader.user(id);
    if (!found) co_return false;
    if (!*found) continue;
    auto const tells_empty = [](Ids const& list) { return list.told == Ids::Told::yes && list.ids.empty(); };
    if (tells_empty((*found)->groups) || tells_empty((*found)->roles)) co_return false;
    if ((*found)->groups.told == Ids::Told::no) co_return true;
  }
  // There is nobody to compare with: what the answer itself leaves out decides.
  co_return true;
}

awaitable<UserWriter::Attempt> UserWriter::put(rest::Sending& sending, User user) {
  auto const path =
      rest::Path::of(rest::PathServer::any, {context_.profile.users_path, "/", rest::Segment{user.id}});
  if (!path) co_return Attempt{.error = path.error()};
  auto write = rest::Write{http::Method::put, *path, update_body(user, send_user_name_)}.confidential();
  auto const answer = co_await sending.send(context_.session, std::move(write));
  co_return judged("writing the groups of user " + printable(user.name), answer);
}

UserWriter::Attempt UserWriter::judged(std::string const& doing, Result<http::Response> const& answer) {
  Attempt attempt;
  attempt.fate = rest::write_fate(answer);
  auto const unknown = attempt.fate == rest::WriteFate::unknown;
  if (!answer) {
    attempt.sent = unknown ? Sent::unanswered : Sent::refused;
    attempt.error = within(doing, answer.error());
    return attempt;
  }
  if (attempt.fate == rest::WriteFate::arrived) {
    attempt.sent = Sent::accepted;
    return attempt;
  }
  attempt.error = refusal(doing, *answer);
  if (send_user_name_ && names_user_name(*answer)) {
    send_user_name_ = false;
    attempt.sent = Sent::name_refused;
  } else if (is_conflict(*answer)) {
    attempt.sent = Sent::conflict;
  } else if (unknown) {
    auto const is_gateway = answer->status >= 502 && answer->status <= 504;
    attempt.sent = is_gateway ? Sent::unanswered : Sent::server_failed;
  }
  return attempt;
}

awaitable<std::vector<Applied>> UserWriter::verify(std::vector<Change> changes, std::vector<bool> before,
                                                   User sent) {
  // Left out while there were none; if they still are, this console never tells them.
  if (sent.groups.told == Ids::Told::no && !sent.groups.ids.empty())
    context_.last_read.untold.insert(sent.id);
  Written written{.changes = changes, .sent = sent, .after = {}, .unread = {}, .note = {}};
  rest::Look<bool> const look = [this, &written] { return look_at_written(written); };
  static_cast<void>(co_await rest::look_until<bool>(looks_of(context_.settings), look));
  if (!written.after)
    co_return for_all(
        changes.size(),
        applied(Outcome::unknown, "the console accepted the write, but the user cannot be read back" +
                                      (written.unread ? ": " + text(*written.unread) : std::string{})));
  auto answers = outcomes_of(before, *written.after);
  for (auto& answer : answers)
    if (answer.detail.empty()) answer.detail = written.note;
  co_return answers;
}

/// Settled when every change is so.
awaitable<Result<std::optional<bool>>> UserWriter::look_at_written(Written& written) {
  auto const found = co_await context_.reader.user(written.sent.id);
  if (!found) {
    written.unread = found.error();
    co_return found.error();
  }
  if (!*found || (*found)->groups.told == Ids::Told::unreadable) co_return std::optional<bool>{};
  auto const& user = **found;
  written.note = lost_because(written.sent, user);
  // The groups were told before the write or there were none: not told now means none.
  written.after = holding(written.changes, user.groups.ids);
  co_return std::ranges::count(*written.after, false) == 0 ? std::optional{true} : std::nullopt;
}

}  // namespace dirsync::console
