#include "sync/vault/provisioner.hpp"

#include <algorithm>
#include <utility>

#include "sync/model/dn.hpp"
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

bool same_dn(std::string_view left, std::string_view right) {
  auto const one = normalized_dn(left);
  return one && one == normalized_dn(right);
}

/// Members of a group that were not there before a call.
struct Newcomers {
  std::size_t count = 0;
  std::vector<Stranger> strangers;  // of them, those whom the call may have meant to let in
  std::string example;              // one of whom the Vault tells who it is
};

/// Whether the Vault may have taken that member for the name that the change gave it. It puts prefixes and
/// domains to names of people; those of groups it makes up.
bool may_be_for(std::string_view member, Change const& change) {
  return is_group_principal(change.principal_id) || holds_logon_name(member, change.principal);
}

std::string why_not_provisioned(Change const& change, Newcomers const& newcomers, bool sent) {
  auto const fact = sent ? "the Vault answered that it added " + change.principal +
                               ", but no new member of " + change.group + " has the DN " + change.dn
                         : "no clear answer; a look shows that " + change.dn + " was not added";
  if (newcomers.count == 0) return fact + (sent ? "; look at the group" : "");
  return fact + ", while " + std::to_string(newcomers.count) + " others appeared" +
         (newcomers.example.empty() ? "" : ", such as " + newcomers.example) +
         "; look whether they belong into " + change.group;
}

}  // namespace

void Provisioner::begin_run() {
  refusals_by_domain_.clear();
  directories_.reset();
  directories_asked_ = false;
}

asio::awaitable<Applied> Provisioner::provision(rest::Sending& sending, Change change) {
  if (settings_.method == AuthMethod::ispss)
    co_return applied(Outcome::failed, std::string{"not sent: "} + kNoProvisioning +
                                           "; remove domain, and give " + change.principal +
                                           " access in Identity");
  if (auto const why = why_not_addressable(change.principal); !why.empty())
    co_return applied(Outcome::failed, "not sent: " + why + "; give the person another logon name");
  if (auto const& refusals = refusals_by_domain_[change.domain]; refusals.count >= kRefusalsThatEndIt)
    co_return applied(Outcome::skipped,
                      std::string{"three people or groups in a row could not be provisioned ("} +
                          to_text(refusals.kind) + "); check the directory mapping of " + change.domain +
                          " in the Vault");
  if (auto reason = co_await why_no_directory(change.domain); !reason.empty())
    co_return applied(Outcome::failed, std::move(reason));
  auto const before = co_await reader_.read_group(change.group_id, change.group, nobody());
  if (!before) co_return not_done(before.error());
  if (!*before) co_return applied(Outcome::failed, "the group " + change.group + " is gone");
  co_return co_await send(sending, change, **before);
}

asio::awaitable<Applied> Provisioner::send(rest::Sending& sending, Change const& change,
                                           TargetGroup const& before) {
  auto request = add_domain_member(change.group_id, change.principal, change.domain);
  if (!request) co_return not_done(request.error());
  auto const response = co_await sending.send(session_, *std::move(request));
  if (!response) {
    if (rest::write_fate(response) == rest::WriteFate::refused) co_return not_done(response.error());
    co_return co_await check(change, before, false);
  }
  auto const judgement =
      judge(change.verb, "provision " + change.principal + " into " + change.group, *response);
  count(change.domain, judgement.cause);
  switch (judgement.kind) {
    case Judgement::Kind::done:
      co_return co_await check(change, before, true);
    case Judgement::Kind::already:
    case Judgement::Kind::unclear:
      co_return co_await check(change, before, false);
    default:
      break;
  }
  co_return applied(Outcome::failed,
                    judgement.detail + "; check the directory mapping of " + change.domain + " in the Vault");
}

/// Who or what that member is. Nothing: no user, nor a group where the change is about one.
asio::awaitable<Result<std::optional<TargetUser>>> Provisioner::identify(Change const& change,
                                                                         OtherMember const& member) {
  if (!is_group_principal(change.principal_id)) co_return co_await identify_user(member);
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

/// Why the Vault cannot provision through that mapping. Empty also where it does not tell: the list is for
/// Vault Admins, and the service user need not be one.
asio::awaitable<std::string> Provisioner::why_no_directory(std::string domain) {
  if (!directories_asked_) {
    auto const response = co_await session_.send(list_directories());
    if (response && response->status == 200) directories_ = parse_directories(response->body);
    directories_asked_ = true;
  }
  if (!directories_ || std::ranges::any_of(*directories_, [&domain](std::string const& each) {
        return same_name(each, domain);
      }))
    co_return std::string{};
  auto const known = directories_->empty()
                         ? "none"
                         : join(*directories_, ", ", [](std::string const& each) { return printable(each); });
  co_return "the Vault has no directory mapping " + domain + ", only: " + known +
      "; correct domain, or add the directory in the Vault";
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

/// `sent`: the Vault said that it added somebody.
asio::awaitable<Applied> Provisioner::check(Change const& change, TargetGroup const& before, bool sent) {
  auto const after = co_await reader_.read_group(change.group_id, change.group, nobody());
  if (!after) co_return applied(Outcome::unknown, "sent; the look at it failed: " + text(after.error()));
  if (!*after) co_return applied(Outcome::failed, "the group " + change.group + " is gone");
  Newcomers newcomers;
  for (auto const& member : (*after)->others) {
    auto const was_there = has_member(before, member.name);
    if (was_there && sent) continue;
    auto found = co_await identify(change, member);
    if (!found)
      co_return applied(Outcome::unknown,
                        "sent; the look at " + member.name + " failed: " + text(found.error()));
    if (*found) {
      auto const& known = **found;
      auto const is_wanted_kind = is_group_principal(known.id) == is_group_principal(change.principal_id);
      if (is_wanted_kind && same_dn(known.dn, change.dn)) {
        auto settled = applied(was_there ? Outcome::already : Outcome::done, "provisioned " + known.name);
        settled.principal = known.name;
        settled.principal_id = known.id;
        settled.source = known.source;
        co_return settled;
      }
    }
    if (was_there) continue;
    ++newcomers.count;
    if (*found) newcomers.example = (*found)->name;
    if (!may_be_for(*found ? (*found)->name : member.name, change)) continue;
    newcomers.strangers.push_back(*found ? Stranger{(*found)->id, (*found)->name, (*found)->dn}
                                         : Stranger{member.id, member.name, {}});
  }
  auto settled = applied(Outcome::failed, why_not_provisioned(change, newcomers, sent));
  // With several newcomers, or without an answer, it is not clear whom this call added, so all of them stay.
  settled.take_back =
      sent && newcomers.count == 1 && !newcomers.strangers.empty() && !newcomers.strangers.front().dn.empty();
  settled.strangers = std::move(newcomers.strangers);
  co_return settled;
}

}  // namespace dirsync::vault
