#include "sync/vault/provisioner.hpp"

#include <algorithm>
#include <utility>

#include "sync/model/join.hpp"
#include "sync/model/text.hpp"
#include "sync/rest/outcomes.hpp"
#include "sync/rest/write_fate.hpp"
#include "sync/vault/errors.hpp"
#include "sync/vault/requests.hpp"

namespace asio = boost::asio;

namespace dirsync::vault {
namespace {

using rest::applied;

constexpr int kRefusalsThatEndIt = 3;

bool same_name(std::string_view left, std::string_view right) { return fold_case(left) == fold_case(right); }

Result<std::vector<std::string>> directories_in(Result<http::Response> const& response) {
  if (!response) return within("list of directories", response.error());
  if (response->status == 200)
    if (auto names = parse_directories(response->body)) return *std::move(names);
  return Error{VaultErrc::refused,
               "the list of directories, which is for members of Vault Admins, answers with status " +
                   std::to_string(response->status) +
                   "; check domain against the Vault's own directories by hand"};
}

}  // namespace

void Provisioner::begin_run() {
  refusals_by_domain_.clear();
  directories_.reset();
}

asio::awaitable<std::vector<Applied>> Provisioner::provision(rest::Sending& sending,
                                                             std::vector<Change> batch) {
  std::vector<Applied> answers(batch.size());
  Newcomers newcomers{batch, answers};
  std::optional<TargetGroup> before;
  std::optional<Applied> ended;  // why nothing more is sent
  for (std::size_t at = 0; at < batch.size(); ++at) {
    auto const& change = batch[at];
    auto settled = ended;
    if (!settled) settled = co_await refused(change);
    if (!settled && !before) {
      auto seen = co_await reader_.read_group(change.group_id, change.group, nobody());
      if (!seen)
        ended = not_done(seen.error());
      else if (!*seen)
        ended = applied(Outcome::failed, "the group " + change.group + " is gone");
      else
        before = std::move(**seen);
      settled = ended;
    }
    auto said_so = false;
    if (!settled) {
      auto sent = co_await send(sending, change);
      settled = std::move(sent.settled);
      said_so = sent.said_so;
      if (settled && settled->target_down)
        ended = applied(Outcome::skipped, "not sent: " + text(*settled->target_down));
    }
    if (settled)
      answers[at] = *std::move(settled);
    else
      newcomers.expect(at, said_so);
  }
  if (newcomers.waits()) co_await look_up(*before, newcomers);
  co_return answers;
}

/// Why it is not even sent.
asio::awaitable<std::optional<Applied>> Provisioner::refused(Change const& change) {
  if (settings_.method == AuthMethod::ispss)
    co_return applied(Outcome::failed, std::string{"not sent: "} + kNoProvisioning +
                                           "; remove domain, and give " + change.principal +
                                           " access in Identity");
  if (auto const why = why_not_addressable(change.principal); !why.empty())
    co_return applied(Outcome::failed, "not sent: " + why + "; give the person another logon name");
  if (auto tired = given_up(change.domain)) co_return tired;
  if (auto mapping = co_await ask_mapping(change.domain); mapping.is_told && !mapping.text.empty())
    co_return applied(Outcome::failed, std::move(mapping.text));
  co_return std::nullopt;
}

std::optional<Applied> Provisioner::given_up(std::string const& domain) {
  auto const& refusals = refusals_by_domain_[domain];
  if (refusals.count < kRefusalsThatEndIt) return std::nullopt;
  return applied(Outcome::skipped, std::string{"three people or groups in a row could not be provisioned ("} +
                                       to_text(refusals.kind) + "); check the directory mapping of " +
                                       domain + " in the Vault");
}

asio::awaitable<Provisioner::Sent> Provisioner::send(rest::Sending& sending, Change const& change) {
  Sent sent;
  auto request = add_domain_member(change.group_id, change.principal, change.domain);
  if (!request) {
    sent.settled = not_done(request.error());
    co_return sent;
  }
  auto const response = co_await sending.send(session_, *std::move(request));
  if (!response) {
    if (rest::write_fate(response) == rest::WriteFate::refused) sent.settled = not_done(response.error());
    co_return sent;
  }
  auto const judgement =
      judge(change.verb, "provision " + change.principal + " into " + change.group, *response);
  count(change.domain, judgement.cause);
  sent.said_so = judgement.kind == Judgement::Kind::done;
  auto const open = judgement.kind == Judgement::Kind::already || judgement.kind == Judgement::Kind::unclear;
  if (!sent.said_so && !open)
    sent.settled = applied(Outcome::failed, judgement.detail + "; check the directory mapping of " +
                                                change.domain + " in the Vault");
  co_return sent;
}

/// Who came, and who of them was meant to come.
asio::awaitable<void> Provisioner::look_up(TargetGroup const& before, Newcomers& newcomers) {
  auto const after = co_await reader_.read_group(before.id, before.name, nobody());
  if (!after) {
    newcomers.end_all(applied(Outcome::unknown, "sent; the look at it failed: " + text(after.error())));
    co_return;
  }
  if (!*after) {
    newcomers.end_all(applied(Outcome::failed, "the group " + before.name + " is gone"));
    co_return;
  }
  auto const may_be_group = newcomers.wants_groups();
  auto const candidates = newcomers.candidates(before, **after);
  for (auto const& candidate : candidates) {
    if (!newcomers.is_of_interest(candidate)) continue;
    auto found = co_await identify(candidate.member, may_be_group);
    if (!found) {
      newcomers.end_all(applied(Outcome::unknown, "sent; the look at " + candidate.member.name +
                                                      " failed: " + text(found.error())));
      co_return;
    }
    newcomers.see(candidate, *std::move(found));
  }
  newcomers.settle();
}

/// Who or what that member is. Nothing: no user, nor a group where it may be one.
asio::awaitable<Result<std::optional<TargetUser>>> Provisioner::identify(OtherMember const& member,
                                                                         bool may_be_group) {
  if (!may_be_group) co_return co_await identify_user(member);
  auto group = co_await identify_group(member);
  if (!group || *group) co_return group;
  // A bare name may have meant a person as well.
  co_return co_await identify_user(member);
}

asio::awaitable<Result<std::optional<TargetUser>>> Provisioner::identify_user(OtherMember const& member) {
  auto user = co_await reader_.read_user(member.id);
  if (user) co_return std::optional{*std::move(user)};
  // A nested group has no user of its id. Anything else leaves the question open.
  if (user.error().code == VaultErrc::refused) co_return std::optional<TargetUser>{};
  co_return user.error();
}

asio::awaitable<Result<std::optional<TargetUser>>> Provisioner::identify_group(OtherMember const& member) {
  auto const group = co_await reader_.read_group(member.id, member.name, nobody());
  if (!group) co_return group.error();
  if (!*group || !same_name((*group)->name, member.name)) co_return std::optional<TargetUser>{};
  co_return std::optional{TargetUser{.id = group_principal_id(member.id),
                                     .name = (*group)->name,
                                     .dn = (*group)->dn,
                                     .source = UserSource::directory,
                                     .protected_because = {}}};
}

asio::awaitable<MappingAnswer> Provisioner::ask_mapping(std::string domain) {
  if (!directories_) {
    auto const response = co_await session_.send(list_directories());
    directories_ = directories_in(response);
  }
  MappingAnswer answer{.is_told = directories_->has_value(), .text = {}};
  if (!answer.is_told) {
    answer.text = directories_->error().context;
    co_return answer;
  }
  auto const& known = **directories_;
  if (std::ranges::any_of(known, [&domain](std::string const& each) { return same_name(each, domain); }))
    co_return answer;
  answer.text =
      "the Vault has no directory mapping " + domain + ", only: " +
      (known.empty() ? "none" : join(known, ", ", [](std::string const& each) { return printable(each); })) +
      "; correct domain, or add the directory in the Vault";
  co_return answer;
}

/// Three in a row of one kind are no matter of single people any more.
void Provisioner::count(std::string const& domain, ResultClass answer) {
  auto& refusals = refusals_by_domain_[domain];
  if (answer != ResultClass::forbidden && answer != ResultClass::transient) {
    refusals = {};
    return;
  }
  if (refusals.kind != answer) refusals = {answer, 0};
  ++refusals.count;
}

}  // namespace dirsync::vault
