#include "sync/console/write/user_creator.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "sync/console/api/errors.hpp"
#include "sync/console/write/password.hpp"
#include "sync/model/assert.hpp"
#include "sync/model/text.hpp"
#include "sync/model/unseen_character.hpp"
#include "sync/rest/quoting.hpp"

namespace dirsync::console {
namespace {
using boost::asio::awaitable;

/// `body` is an object that is not empty. Written by hand: a JSON library leaves copies that nobody wipes.
std::string with_password(std::string body, Secret const& password) {
  constexpr std::string_view kKey = ",\"password\":\"";
  body.reserve(body.size() + kKey.size() + password.reveal().size() + 2);
  body.pop_back();
  body += kKey;
  body += password.reveal();  // of characters that JSON takes as they are
  body += "\"}";
  return body;
}
}  // namespace

std::string bad_user_name_because(std::string_view name) {
  // RFC 5321, 4.1.2, without quoted forms.
  auto const is_foreign = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' ||
           std::string_view{"<>()[]:;,\\\""}.find(c) != std::string_view::npos;
  };
  auto const at = name.find('@');
  bool const fits = at != name.npos && at > 0 && at + 1 < name.size() &&
                    name.find('@', at + 1) == name.npos && std::ranges::none_of(name, is_foreign) &&
                    unseen_character_in(name).empty();
  if (fits) return {};
  return "the console has no user " + printable(name) +
         ", and none is created: the name is no e-mail address; correct member_name or the attribute";
}

std::string creation_body(Change const& first, std::vector<std::string> const& group_ids) {
  boost::json::object body;
  body["userName"] = first.principal;
  body["displayName"] = first.new_user->display_name;
  body["email"] = first.new_user->email;
  body["status"] = "ACTIVE";
  body["roles"] = boost::json::array{};
  body["groups"] = boost::json::array(group_ids.begin(), group_ids.end());
  return boost::json::serialize(body);
}

std::string UserCreator::refused_because(Change const& change) const {
  if (auto why = bad_user_name_because(change.principal); !why.empty()) return why;
  if (fold_case(change.principal) == fold_case(context_.settings.user))
    return "it is the name of the user that dirsyncd logs in as";
  return untouchable_because(context_.last_read, change.group_id);
}

awaitable<std::vector<Applied>> UserCreator::apply(rest::Sending& sending, std::vector<Change> batch) {
  auto const is_same = [&batch](Change const& one) {
    return one.verb == Verb::add && one.new_user && one.principal == batch.front().principal;
  };
  DIRSYNC_ASSERT(std::ranges::all_of(batch, is_same));
  Admitted admitted{std::move(batch), [this](Change const& change) { return refused_because(change); }};
  std::vector<Applied> written;
  if (!admitted.changes.empty()) written = co_await create(sending, std::move(admitted.changes));
  co_return admitted.answers(std::move(written));
}

awaitable<Result<std::vector<User>>> UserCreator::bearers_of(std::string name) {
  auto users = co_await users_.get();
  if (users)
    std::erase_if(*users,
                  [folded = fold_case(name)](User const& user) { return fold_case(user.name) != folded; });
  co_return users;
}

awaitable<std::vector<Applied>> UserCreator::create(rest::Sending& sending, std::vector<Change> changes) {
  auto const& first = changes.front();
  auto const doing = "creating user " + printable(first.principal);
  auto const bearers = co_await bearers_of(first.principal);
  if (!bearers) co_return for_all(changes.size(), applied(Outcome::failed, within(doing, bearers.error())));
  if (!bearers->empty()) co_return co_await write_as_known(sending, std::move(changes), bearers->front());

  auto const password = random_password();
  if (!password) co_return for_all(changes.size(), applied(Outcome::failed, within(doing, password.error())));
  std::vector<std::string> group_ids;
  for (auto const& change : changes) group_ids.push_back(change.group_id);
  auto write = rest::Write{http::Method::post, rest::Path::fixed(context_.profile.users_path),
                           with_password(creation_body(first, group_ids), *password)}
                   .confidential();
  auto answer = co_await sending.send(context_.session, std::move(write));
  if (answer && answer->status / 100 != 2) rest::hide_secrets(*answer, {password->reveal()});
  auto failed = failure(doing, answer);
  if (failed && failed->outcome == Outcome::failed && !(answer && is_conflict(*answer)))
    co_return for_all(changes.size(), *failed);
  auto const id = failed ? Result<std::string>{std::string{}} : parse_id(answer->body);
  if (!id) failed = applied(Outcome::unknown, within(doing, id.error()));
  if (failed) co_return co_await look_for_created(sending, std::move(changes), std::move(*failed));
  User user;
  user.id = *id;
  user.name = first.principal;
  users_.items().push_back(std::move(user));
  context_.last_read.users.emplace(*id, "");
  auto done =
      applied(Outcome::done, "created " + printable(first.principal) + ", a local login of the console");
  done.principal = first.principal;
  done.principal_id = *id;
  done.made_user = true;
  co_return for_all(changes.size(), done);
}

/// A creation is never sent again: only a list tells whether it happened.
awaitable<std::vector<Applied>> UserCreator::look_for_created(rest::Sending& sending,
                                                              std::vector<Change> changes,
                                                              Applied otherwise) {
  auto const name = changes.front().principal;
  rest::Look<User> const look = [this, &name] { return created_by_now(name); };
  auto seen = co_await rest::look_until<User>(looks_of(context_.settings), look);
  if (!seen || !*seen) co_return for_all(changes.size(), otherwise);
  co_return co_await write_as_known(sending, std::move(changes), std::move(**seen));
}

awaitable<Result<std::optional<User>>> UserCreator::created_by_now(std::string name) {
  users_.forget();
  auto const bearers = co_await bearers_of(name);
  if (!bearers) co_return bearers.error();
  co_return bearers->empty() ? std::nullopt : std::optional{bearers->front()};
}

awaitable<std::vector<Applied>> UserCreator::write_as_known(rest::Sending& sending,
                                                            std::vector<Change> changes, User user) {
  auto const folded = fold_case(user.name);
  auto const bear_it = [&folded](User const& one) { return fold_case(one.name) == folded; };
  if (std::ranges::count_if(users_.items(), bear_it) > 1)
    co_return for_all(changes.size(),
                      applied(Outcome::failed, "several users of the console bear the name " +
                                                   printable(user.name) + " by now; keep one of them"));
  for (auto& change : changes) {
    change.principal = user.name;
    change.principal_id = user.id;
  }
  context_.last_read.users.emplace(user.id, "");
  auto answers = co_await writer_.apply(sending, std::move(changes));
  for (auto& answer : answers) {
    answer.principal = user.name;
    answer.principal_id = user.id;
    if (answer.detail.empty()) answer.detail = "the console has the user by now";
  }
  co_return answers;
}

}  // namespace dirsync::console
