#include "sync/vault/writer.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"
#include "sync/vault/errors.hpp"
#include "sync/vault/requests.hpp"

namespace asio = boost::asio;

namespace dirsync::vault {
namespace {

constexpr int kRefusalsThatEndIt = 3;
constexpr char kWriteRight[] = "Add/Update users";
constexpr std::string_view kNoSuchGroup = "PASWS199E";

Applied outcome(Outcome result, std::string detail = {}) {
  Applied applied;
  applied.outcome = result;
  applied.detail = std::move(detail);
  return applied;
}

bool same_name(std::string_view left, std::string_view right) { return fold_case(left) == fold_case(right); }

bool same_dn(std::string_view left, std::string_view right) {
  auto const one = normalized_dn(left);
  return one && one == normalized_dn(right);
}

/// The server may have acted before the answer was lost or could not be taken.
bool fate_is_unknown(Error const& error) {
  return error.code == http::HttpErrc::timed_out || error.code == http::HttpErrc::cut ||
         error.code == http::HttpErrc::too_large || error.code == http::HttpErrc::bad_redirect;
}

/// Members as the group lists them: nobody is known here, so all of them are "others".
bool has_member(TargetGroup const& group, std::string_view name) {
  return std::ranges::any_of(group.others,
                             [name](OtherMember const& each) { return same_name(each.name, name); });
}

/// Members of a group that were not there before a call.
struct Newcomers {
  std::size_t count = 0;
  std::optional<TargetUser> last;  // of those of whom the Vault tells who they are
};

/// Whether the Vault may have taken that member for the name that the change gave it. It puts prefixes and
/// domains to names of people; those of groups it makes up.
bool may_be_for(TargetUser const& member, Change const& change) {
  if (is_group_principal(change.principal_id)) return true;
  auto name = fold_case(change.principal);  // perhaps "DOMAIN\\name" or "name@domain"
  if (auto const end = name.rfind('\\'); end != std::string::npos) name.erase(0, end + 1);
  return fold_case(member.name).find(name.substr(0, name.find('@'))) != std::string::npos;
}

std::string why_not_provisioned(Change const& change, Newcomers const& newcomers, bool sent) {
  auto const fact = sent ? "the Vault answered that it added " + change.principal +
                               ", but no new member of " + change.group + " has the DN " + change.dn
                         : "no clear answer; a look shows that " + change.dn + " was not added";
  if (newcomers.count == 0) return fact + (sent ? "; look at the group" : "");
  return fact + ", while " + std::to_string(newcomers.count) + " others appeared" +
         (newcomers.last ? ", such as " + newcomers.last->name : "") + "; look whether they belong into " +
         change.group;
}

UserIndex const& nobody() {
  static std::vector<TargetUser> const none;
  static UserIndex const index{none};
  return index;
}

}  // namespace

void Writer::begin_run() {
  forbidden_in_a_row_ = 0;
  refusals_by_domain_.clear();
  unusable_.clear();
  directories_.reset();
  directories_asked_ = false;
}

asio::awaitable<Applied> Writer::apply(Change change) {
  if (!reader_.shows_members())
    co_return outcome(Outcome::skipped,
                      "not sent: nothing is written to a Vault whose members could not be read; see why its "
                      "read was refused");
  switch (change.verb) {
    case Verb::create_group:
      co_return co_await create(std::move(change));
    case Verb::add:
      if (change.domain.empty()) co_return co_await add(std::move(change));
      co_return co_await provision(std::move(change));
    case Verb::remove:
      co_return co_await remove(std::move(change));
    case Verb::rename_group:
      co_return co_await rename(std::move(change));
    case Verb::delete_group:
      co_return co_await erase(std::move(change));
    case Verb::update_group:
      break;
  }
  co_return outcome(Outcome::failed, "no such verb");
}

/// Nothing was done. Where the cause is not this change's own, nothing else will be either.
Applied Writer::not_sent(Error error) const {
  auto applied = outcome(Outcome::failed, text(error));
  auto const& code = error.code;
  auto const no_session = code == VaultErrc::session_lost || code == VaultErrc::logon_refused ||
                          code == VaultErrc::logon_failed || code == VaultErrc::bad_answer;
  if (no_session || http::certainly_not_sent(error) || code == http::HttpErrc::retry_after_too_long)
    applied.target_down = std::move(error);
  return applied;
}

/// Sends; where the fate is unclear looks first, and sends once more only when the look shows that nothing
/// was done. `last`: where to leave the answer of a request that failed.
asio::awaitable<Applied> Writer::perform(Step step, RawAnswer* last) {
  if (unusable_.contains(step.request.method))
    co_return outcome(Outcome::skipped,
                      "this server answered such a call with 405 before; remove WebDAV Publishing "
                      "from IIS on the PVWA server");
  constexpr int kSendings = 2;
  for (int sending = 1; sending <= kSendings; ++sending) {
    auto sent = co_await send_once(step, last);
    if (sent.settled) co_return *std::move(sent.settled);
    auto seen = co_await settle_by_look(step, sent.verdict);
    if (seen) co_return *std::move(seen);
    if (sending == kSendings)
      co_return outcome(Outcome::failed, sent.verdict.detail + "; a look shows that it was not done");
  }
  co_return outcome(Outcome::unknown);
}

asio::awaitable<Writer::Sent> Writer::send_once(Step const& step, RawAnswer* last) {
  Sent sent;
  auto& verdict = sent.verdict;
  verdict.kind = Verdict::Kind::unclear;
  auto const response = co_await session_.send(step.request);
  if (response) {
    verdict = judge(step, *response);
    forbidden_in_a_row_ = verdict.cause == ResultClass::forbidden ? forbidden_in_a_row_ + 1 : 0;
    if (response->status == 405) unusable_.insert(step.request.method);
    if (last != nullptr) *last = {response->status, response->body};
  } else if (auto const& error = response.error(); error.code == http::HttpErrc::cancelled) {
    sent.settled = outcome(Outcome::unknown, text(error));
  } else if (!fate_is_unknown(error)) {
    sent.settled = not_sent(error);
  } else {
    verdict.detail = text(error);
  }
  if (verdict.kind == Verdict::Kind::done) {
    auto applied = outcome(Outcome::done);
    if (step.verb == Verb::create_group) applied.group_id = parse_created_id(response->body);
    // Not every server tells the id of what it made.
    if (step.verb != Verb::create_group || !applied.group_id.empty()) sent.settled = std::move(applied);
  }
  if (verdict.kind == Verdict::Kind::already) sent.settled = outcome(Outcome::already, verdict.detail);
  if (verdict.kind == Verdict::Kind::failed) {
    sent.settled = outcome(Outcome::failed, verdict.detail);
    if (forbidden_in_a_row_ >= kRefusalsThatEndIt)
      sent.settled->target_down = Error{VaultErrc::not_authorised, verdict.detail};
  }
  co_return sent;
}

/// Nothing when the look shows that nothing was done, so that it may be sent again.
asio::awaitable<std::optional<Applied>> Writer::settle_by_look(Step const& step, Verdict const& verdict) {
  std::string group_id;
  auto const seen = co_await look(step, &group_id);
  if (!seen)
    co_return outcome(Outcome::unknown,
                      step.what + ": " + verdict.detail + "; the look at it failed: " + text(seen.error()));
  if (*seen == Look::as_wanted) {
    auto const is_answer = verdict.kind == Verdict::Kind::not_found;
    auto applied = outcome(is_answer ? Outcome::already : Outcome::done,
                           verdict.kind == Verdict::Kind::done ? "" : "a look showed it: " + verdict.detail);
    applied.group_id = std::move(group_id);
    co_return applied;
  }
  if (*seen == Look::no_group)
    co_return outcome(Outcome::failed, "the group " + step.group + " (id " + step.group_id + ") is gone");
  if (verdict.kind == Verdict::Kind::not_found) co_return outcome(Outcome::failed, verdict.detail);
  if (verdict.kind == Verdict::Kind::done)
    co_return outcome(Outcome::unknown,
                      "created, but not in the groups list; put the service user at location \\");
  co_return std::nullopt;
}

Writer::Verdict Writer::judge(Step const& step, http::Response const& response) {
  using Kind = Verdict::Kind;
  auto const refusal = parse_refusal(response.body);
  auto const answer = result_class(response.status, refusal);
  if (answer == ResultClass::ok) return {Kind::done, {}, answer};
  auto reason = text(error_of(response, step.what, kWriteRight));
  // No source says with which of these a server refuses to remove somebody who is no member; a look tells.
  auto const may_be_gone =
      answer == ResultClass::absent || answer == ResultClass::invalid || answer == ResultClass::conflict;
  if (step.verb == Verb::remove && may_be_gone && refusal.json)
    return {Kind::not_found, std::move(reason), answer};
  switch (answer) {
    case ResultClass::already:
      if (step.verb == Verb::add) return {Kind::already, "already a member", answer};
      break;
    case ResultClass::absent:
      if (step.verb == Verb::delete_group && refusal.code == kNoSuchGroup)
        return {Kind::already, "the group is gone", answer};
      break;
    case ResultClass::conflict:
      if (step.verb == Verb::create_group)
        reason +=
            "; the name is taken by a group or user, perhaps one that the service user cannot "
            "see: run again, and see adopt";
      break;
    case ResultClass::transient:
      return {Kind::unclear, std::move(reason), answer};
    default:
      break;
  }
  return {Kind::failed, std::move(reason), answer};
}

asio::awaitable<Result<Writer::Look>> Writer::look(Step const& step, std::string* group_id) {
  if (step.verb == Verb::create_group) {
    auto const group = co_await reader_.find_group(step.group);
    if (!group) co_return group.error();
    if (!*group) co_return Look::not_so;
    *group_id = (*group)->id;
    co_return Look::as_wanted;
  }
  auto const group = co_await reader_.read_group(step.group_id, step.group, nobody());
  if (!group) co_return group.error();
  if (step.verb == Verb::delete_group) co_return *group ? Look::not_so : Look::as_wanted;
  if (!*group) co_return Look::no_group;
  auto as_wanted = false;
  switch (step.verb) {
    case Verb::rename_group:
      as_wanted = (*group)->name == step.group;
      break;
    case Verb::add:
      as_wanted = has_member(**group, step.principal);
      break;
    default:
      as_wanted = !has_member(**group, step.principal);
  }
  co_return as_wanted ? Look::as_wanted : Look::not_so;
}

asio::awaitable<Applied> Writer::create(Change change) {
  if (auto reason = why_no_group_name(change.group); !reason.empty())
    co_return outcome(Outcome::failed, reason + "; give the rule a group_name without it");
  Step step{create_group(change.group, settings_.location),
            change.verb,
            "create " + change.group,
            "",
            change.group,
            ""};
  co_return co_await perform(std::move(step));
}

asio::awaitable<Applied> Writer::add(Change change) {
  Step step{add_member(change.group_id, change.principal),
            change.verb,
            "add " + change.principal + " to " + change.group,
            change.group_id,
            change.group,
            change.principal};
  RawAnswer last;
  auto applied = co_await perform(step, &last);
  // The published description calls domainName required, and some servers mean it.
  if (applied.outcome != Outcome::failed || last.status != 400 || !wants_domain_name(last.body))
    co_return applied;
  step.request = add_member_with_empty_domain(change.group_id, change.principal);
  co_return co_await perform(std::move(step));
}

asio::awaitable<Applied> Writer::remove(Change change) {
  auto request = remove_member(change.group_id, change.principal);
  if (!request)
    co_return outcome(Outcome::failed, why_not_addressable(change.principal) + "; remove " +
                                           change.principal + " from " + change.group +
                                           " by hand in the PrivateArk client");
  Step step{*std::move(request), change.verb,  "remove " + change.principal + " from " + change.group,
            change.group_id,     change.group, change.principal};
  co_return co_await perform(std::move(step));
}

/// Some servers take a new name and keep the old one, so the answer alone is not believed.
asio::awaitable<Applied> Writer::rename(Change change) {
  auto const& name = change.new_name;
  if (auto reason = why_no_group_name(name); !reason.empty())
    co_return outcome(Outcome::failed, reason + "; give the rule a group_name without it");
  Step const step{rename_group(change.group_id, name),
                  change.verb,
                  "rename " + change.group + " to " + name,
                  change.group_id,
                  name,
                  ""};
  auto applied = co_await perform(step);
  if (applied.outcome != Outcome::done) co_return applied;
  std::string ignored;
  auto const seen = co_await look(step, &ignored);
  if (!seen)
    co_return outcome(Outcome::unknown,
                      step.what + ": answered; the look at it failed: " + text(seen.error()));
  if (*seen == Look::as_wanted) co_return applied;
  co_return outcome(Outcome::failed,
                    step.what +
                        ": the Vault answered success, but the group has its old name; rename "
                        "it by hand in the PrivateArk client");
}

/// The plan saw an empty group; somebody may have joined it since.
asio::awaitable<Applied> Writer::erase(Change change) {
  auto const group = co_await members_of(change);
  if (!group) co_return not_sent(group.error());
  if (!*group) co_return outcome(Outcome::already, "the group is gone");
  if (!(*group)->others.empty())
    co_return outcome(Outcome::failed, "the group " + change.group + " has members by now, " +
                                           (*group)->others.front().name +
                                           " among them; only empty groups are deleted");
  Step step{delete_group(change.group_id),
            change.verb,
            "delete " + change.group,
            change.group_id,
            change.group,
            ""};
  co_return co_await perform(std::move(step));
}

asio::awaitable<Result<std::optional<TargetGroup>>> Writer::members_of(Change const& change) {
  co_return co_await reader_.read_group(change.group_id, change.group, nobody());
}

/// Adds somebody whom the Vault does not know yet. The call carries a bare name, so only a read afterwards
/// tells whom the Vault took.
asio::awaitable<Applied> Writer::provision(Change change) {
  if (settings_.method == AuthMethod::ispss)
    co_return outcome(Outcome::failed, std::string{"not sent: "} + kNoProvisioning +
                                           "; remove domain, and give " + change.principal +
                                           " access in Identity");
  if (auto const& refusals = refusals_by_domain_[change.domain]; refusals.count >= kRefusalsThatEndIt)
    co_return outcome(Outcome::skipped,
                      std::string{"three people or groups in a row could not be provisioned ("} +
                          to_text(refusals.kind) + "); check the directory mapping of " + change.domain +
                          " in the Vault");
  if (auto reason = co_await why_no_directory(change.domain); !reason.empty())
    co_return outcome(Outcome::failed, std::move(reason));
  auto const before = co_await members_of(change);
  if (!before) co_return not_sent(before.error());
  if (!*before) co_return outcome(Outcome::failed, "the group " + change.group + " is gone");
  co_return co_await send_provisioning(change, **before);
}

asio::awaitable<Applied> Writer::send_provisioning(Change const& change, TargetGroup const& before) {
  auto const response =
      co_await session_.send(add_domain_member(change.group_id, change.principal, change.domain));
  if (!response) {
    auto const& error = response.error();
    if (error.code == http::HttpErrc::cancelled) co_return outcome(Outcome::unknown, text(error));
    if (!fate_is_unknown(error)) co_return not_sent(error);
    co_return co_await check_provisioned(change, before, false);
  }
  Step const step{{},
                  change.verb,
                  "provision " + change.principal + " into " + change.group,
                  change.group_id,
                  change.group,
                  change.principal};
  auto const verdict = judge(step, *response);
  count_provisioning(change.domain, verdict.cause);
  switch (verdict.kind) {
    case Verdict::Kind::done:
      co_return co_await check_provisioned(change, before, true);
    case Verdict::Kind::already:
    case Verdict::Kind::unclear:
      co_return co_await check_provisioned(change, before, false);
    default:
      break;
  }
  co_return outcome(Outcome::failed,
                    verdict.detail + "; check the directory mapping of " + change.domain + " in the Vault");
}

/// Who or what that member is. Nothing: no user, nor a group where the change is about one.
asio::awaitable<Result<std::optional<TargetUser>>> Writer::identify(Change const& change,
                                                                    OtherMember const& member) {
  if (!is_group_principal(change.principal_id)) co_return co_await identify_user(member);
  auto group = co_await identify_group(member);
  if (!group || *group) co_return group;
  // A bare name may have meant a person as well.
  co_return co_await identify_user(member);
}

asio::awaitable<Result<std::optional<TargetUser>>> Writer::identify_user(OtherMember const& member) {
  auto user = co_await reader_.read_user(member.id);
  if (user) co_return std::optional{*std::move(user)};
  // A nested group has no user of its id. Anything else leaves the question open.
  if (user.error().code == VaultErrc::refused) co_return std::optional<TargetUser>{};
  co_return user.error();
}

asio::awaitable<Result<std::optional<TargetUser>>> Writer::identify_group(OtherMember const& member) {
  auto const group = co_await reader_.read_group(member.id, member.name, nobody());
  if (!group) co_return group.error();
  if (!*group || !same_name((*group)->name, member.name)) co_return std::optional<TargetUser>{};
  co_return std::optional{
      TargetUser{group_principal_id(member.id), (*group)->name, (*group)->dn, UserSource::directory, ""}};
}

/// Why the Vault can not provision through that mapping. Empty also where it does not tell: the list is for
/// Vault Admins, and the service user need not be one.
asio::awaitable<std::string> Writer::why_no_directory(std::string domain) {
  if (!directories_asked_) {
    auto const response = co_await session_.send(list_directories());
    if (response && response->status == 200) directories_ = parse_directories(response->body);
    directories_asked_ = true;
  }
  if (!directories_ || std::ranges::any_of(*directories_, [&domain](std::string const& each) {
        return same_name(each, domain);
      }))
    co_return std::string{};
  std::string known;
  for (auto const& each : *directories_) known += (known.empty() ? "" : ", ") + printable(each);
  co_return "the Vault has no directory mapping " + domain + ", only: " + (known.empty() ? "none" : known) +
      "; correct domain, or add the directory in the Vault";
}

/// Three in a row of one kind are no matter of single people any more.
void Writer::count_provisioning(std::string const& domain, ResultClass answer) {
  auto& refusals = refusals_by_domain_[domain];
  if (answer != ResultClass::forbidden && answer != ResultClass::transient) {
    refusals = {};
    return;
  }
  if (refusals.kind != answer) refusals = {answer, 0};
  ++refusals.count;
}

/// `sent`: the Vault said that it added somebody.
asio::awaitable<Applied> Writer::check_provisioned(Change const& change, TargetGroup const& before,
                                                   bool sent) {
  auto const after = co_await members_of(change);
  if (!after) co_return outcome(Outcome::unknown, "sent; the look at it failed: " + text(after.error()));
  if (!*after) co_return outcome(Outcome::failed, "the group " + change.group + " is gone");
  Newcomers newcomers;
  for (auto const& member : (*after)->others) {
    auto const was_there = has_member(before, member.name);
    if (was_there && sent) continue;
    auto found = co_await identify(change, member);
    if (!found)
      co_return outcome(Outcome::unknown,
                        "sent; the look at " + member.name + " failed: " + text(found.error()));
    if (!*found) {
      if (!was_there) ++newcomers.count;
      continue;
    }
    auto const& known = **found;
    auto const is_wanted_kind = is_group_principal(known.id) == is_group_principal(change.principal_id);
    if (is_wanted_kind && same_dn(known.dn, change.dn)) {
      auto applied = outcome(was_there ? Outcome::already : Outcome::done, "provisioned " + known.name);
      applied.principal = known.name;
      applied.principal_id = known.id;
      co_return applied;
    }
    if (was_there) continue;
    ++newcomers.count;
    newcomers.last = known;
  }
  // With several newcomers, or without an answer, it is not clear whom this call added, so all of them stay.
  auto const& stranger = newcomers.last;
  if (sent && newcomers.count == 1 && stranger && may_be_for(*stranger, change))
    co_return co_await take_back(change, *stranger);
  co_return outcome(Outcome::failed, why_not_provisioned(change, newcomers, sent));
}

asio::awaitable<Applied> Writer::take_back(Change const& change, TargetUser const& stranger) {
  auto const fact = "the Vault put " + stranger.name + " (" + stranger.dn + ") into " + change.group +
                    " for the name " + change.principal;
  auto const request = remove_member(change.group_id, stranger.name);
  if (!request) co_return outcome(Outcome::failed, fact + "; remove that member by hand");
  auto const response = co_await session_.send(*request);
  auto const removed = response && response->status >= 200 && response->status < 300;
  co_return outcome(Outcome::failed, fact + (removed ? "; it was taken out again; make logon names unique"
                                                     : "; taking it out failed, remove that member by hand"));
}

}  // namespace dirsync::vault
