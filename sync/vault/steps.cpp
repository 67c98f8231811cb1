#include "sync/vault/steps.hpp"

#include <algorithm>
#include <utility>

#include "sync/model/text.hpp"
#include "sync/rest/mark.hpp"
#include "sync/rest/outcomes.hpp"
#include "sync/rest/write_fate.hpp"
#include "sync/vault/errors.hpp"
#include "sync/vault/requests.hpp"

namespace asio = boost::asio;

namespace dirsync::vault {
namespace {

using rest::applied;
using rest::WriteFate;

constexpr int kRefusalsThatEndIt = 3;
constexpr char kWriteRight[] = "Add/Update users";
constexpr std::string_view kNoSuchGroup = "PASWS199E";

/// What the Vault's own code says about the fate of a write.
WriteFate fate_of(ResultClass answer) {
  if (answer == ResultClass::ok) return WriteFate::arrived;
  return answer == ResultClass::transient ? WriteFate::unknown : WriteFate::refused;
}

Applied somebody_elses_group(std::string const& name, std::string const& detail) {
  return applied(
      Outcome::failed,
      "there is a group " + name + " by now, and it does not bear the mark '" + std::string{rest::kMark} +
          "' of groups that dirsyncd created, so it is not ours: rename it, or see adopt; " + detail);
}

}  // namespace

bool has_member(TargetGroup const& group, std::string_view name) {
  return std::ranges::any_of(group.others, [folded = fold_case(name)](OtherMember const& each) {
    return fold_case(each.name) == folded;
  });
}

Applied not_done(Error error) {
  auto const& code = error.code;
  auto const no_session = code == VaultErrc::session_lost || code == VaultErrc::logon_refused ||
                          code == VaultErrc::logon_failed || code == VaultErrc::bad_answer;
  return applied(Outcome::failed, error, no_session || rest::ends_writing(error));
}

Judgement judge(Verb verb, std::string_view what, http::Response const& response) {
  using Kind = Judgement::Kind;
  auto const refusal = parse_refusal(response.body);
  auto const answer = result_class(response.status, refusal);
  auto const told = code_is_known(refusal) ? std::optional{fate_of(answer)} : std::nullopt;
  auto const fate = rest::write_fate(response, told);
  if (fate == WriteFate::arrived) return {Kind::done, {}, answer};
  auto reason = text(error_of(response, what, kWriteRight, Url::proven));
  if (fate == WriteFate::unknown) return {Kind::unclear, std::move(reason), answer};
  // No source says with which of these a server refuses to remove somebody who is no member; a look tells.
  auto const may_be_gone =
      answer == ResultClass::absent || answer == ResultClass::invalid || answer == ResultClass::conflict;
  if (verb == Verb::remove && may_be_gone && refusal.json)
    return {Kind::perhaps_so, std::move(reason), answer};
  if (verb == Verb::add && answer == ResultClass::already) return {Kind::already, "already a member", answer};
  if (verb == Verb::delete_group && answer == ResultClass::absent && refusal.code == kNoSuchGroup)
    return {Kind::already, "the group is gone", answer};
  if (verb == Verb::create_group && answer == ResultClass::conflict)
    return {Kind::perhaps_so,
            reason +
                "; the name is taken by a group or user, perhaps one that the service user cannot see: "
                "run again, and see adopt",
            answer};
  return {Kind::failed, std::move(reason), answer};
}

void Steps::begin_run() {
  forbidden_in_a_row_ = 0;
  unusable_.clear();
}

asio::awaitable<Applied> Steps::perform(rest::Sending& sending, Step step, RawAnswer* last) {
  if (unusable_.contains(step.request.request().method))
    co_return applied(Outcome::skipped,
                      "this server answered such a call with 405 before; "
                      "remove WebDAV Publishing from IIS on the PVWA server");
  constexpr int kSendings = 2;
  for (int number = 1; number <= kSendings; ++number) {
    auto sent = co_await send_once(sending, step, last);
    if (sent.settled) co_return *std::move(sent.settled);
    auto seen = co_await settle_by_look(step, sent.judgement);
    if (seen) co_return *std::move(seen);
    if (number == kSendings)
      co_return applied(Outcome::failed, sent.judgement.detail + "; a look shows that it was not done");
  }
  co_return applied(Outcome::unknown);
}

asio::awaitable<Steps::Sent> Steps::send_once(rest::Sending& sending, Step const& step, RawAnswer* last) {
  Sent sent;
  auto write = step.request;
  auto const response = co_await sending.send(session_, std::move(write));
  if (!response) {
    sent.judgement = {Judgement::Kind::unclear, text(response.error()), ResultClass::transient};
    if (rest::write_fate(response) == WriteFate::refused) sent.settled = not_done(response.error());
    co_return sent;
  }
  auto& judgement = sent.judgement;
  judgement = judge(step.verb, step.what, *response);
  forbidden_in_a_row_ = judgement.cause == ResultClass::forbidden ? forbidden_in_a_row_ + 1 : 0;
  if (response->status == 405) unusable_.insert(step.request.request().method);
  if (last != nullptr) *last = {response->status, response->body};
  if (judgement.kind == Judgement::Kind::done) {
    auto done = applied(Outcome::done);
    if (step.verb == Verb::create_group) done.group_id = parse_created_id(response->body);
    // Not every server tells the id of what it made.
    if (step.verb != Verb::create_group || !done.group_id.empty()) sent.settled = std::move(done);
  } else if (judgement.kind == Judgement::Kind::already) {
    sent.settled = applied(Outcome::already, judgement.detail);
  } else if (judgement.kind == Judgement::Kind::failed) {
    sent.settled = applied(Outcome::failed, judgement.detail);
    if (forbidden_in_a_row_ >= kRefusalsThatEndIt)
      sent.settled->target_down = Error{VaultErrc::not_authorised, judgement.detail};
  }
  co_return sent;
}

/// Nothing when the look shows that nothing was done, so that it may be sent again.
asio::awaitable<std::optional<Applied>> Steps::settle_by_look(Step const& step, Judgement const& judgement) {
  using Kind = Judgement::Kind;
  auto const creates = step.verb == Verb::create_group;
  auto const refused = judgement.kind == Kind::perhaps_so;
  auto const seen = co_await look(step);
  if (!seen && creates && refused) co_return applied(Outcome::failed, judgement.detail);
  if (!seen)
    co_return applied(Outcome::unknown,
                      step.what + ": " + judgement.detail + "; the look at it failed: " + text(seen.error()));
  switch (seen->state) {
    case Look::State::as_wanted: {
      // A creation without an answer may have arrived late, and a second one is refused then.
      if (creates && judgement.kind != Kind::done && !seen->marked)
        co_return refused ? applied(Outcome::failed, judgement.detail)
                          : somebody_elses_group(step.group, judgement.detail);
      auto settled = applied(refused ? Outcome::already : Outcome::done,
                             judgement.kind == Kind::done ? "" : "a look showed it: " + judgement.detail);
      settled.group_id = seen->group_id;
      co_return settled;
    }
    case Look::State::no_group:
      co_return applied(Outcome::failed, "the group " + step.group + " (id " + step.group_id + ") is gone");
    case Look::State::not_so:
      break;
  }
  if (refused) co_return applied(Outcome::failed, judgement.detail);
  if (judgement.kind == Kind::done)
    co_return applied(Outcome::unknown,
                      "created, but not in the groups list; put the service user at location \\");
  co_return std::nullopt;
}

asio::awaitable<Result<Steps::Look>> Steps::look(Step const& step) {
  Look seen;
  if (step.verb == Verb::create_group) {
    auto const group = co_await reader_.find_group(step.group);
    if (!group) co_return group.error();
    if (!*group) co_return seen;
    seen = {.state = Look::State::as_wanted, .group_id = (*group)->id, .marked = (*group)->marked};
    co_return seen;
  }
  auto const group = co_await reader_.read_group(step.group_id, step.group, nobody());
  if (!group) co_return group.error();
  auto as_wanted = false;
  switch (step.verb) {
    case Verb::delete_group:
      as_wanted = !*group;
      break;
    case Verb::rename_group:
      as_wanted = *group && (*group)->name == step.group;
      break;
    case Verb::add:
      as_wanted = *group && has_member(**group, step.principal);
      break;
    default:
      as_wanted = *group && !has_member(**group, step.principal);
  }
  if (as_wanted)
    seen.state = Look::State::as_wanted;
  else if (!*group)
    seen.state = Look::State::no_group;
  co_return seen;
}

}  // namespace dirsync::vault
