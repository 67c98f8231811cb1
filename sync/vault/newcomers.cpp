#include "sync/vault/newcomers.hpp"

#include <algorithm>
#include <utility>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"
#include "sync/rest/outcomes.hpp"
#include "sync/vault/steps.hpp"

namespace dirsync::vault {
namespace {

using rest::applied;

/// Of a person or a group by their DN; nothing where that is none.
std::optional<std::string> key_of(bool is_group, std::string_view dn) {
  auto normalized = normalized_dn(dn);
  if (!normalized) return std::nullopt;
  return (is_group ? "group " : "person ") + *normalized;
}

std::optional<std::string> key_of(Change const& change) {
  return key_of(is_group_principal(change.principal_id), change.dn);
}

/// Whether the Vault may have taken that member for the name that the change gave it. It puts prefixes and
/// domains to names of people; those of groups it makes up.
bool may_be_for(std::string_view member, Change const& change) {
  return is_group_principal(change.principal_id) || holds_logon_name(member, change.principal);
}

}  // namespace

void Newcomers::expect(std::size_t at, bool said_so) {
  open_.push_back({at, said_so});
  if (auto key = key_of(batch_[at])) by_dn_.emplace(*std::move(key), at);
}

bool Newcomers::wants_groups() const {
  return std::ranges::any_of(
      open_, [this](Open const& one) { return is_group_principal(batch_[one.at].principal_id); });
}

std::vector<Newcomers::Candidate> Newcomers::candidates(TargetGroup const& before,
                                                        TargetGroup const& after) const {
  std::vector<Candidate> all;
  std::vector<std::string> names;
  for (auto const& member : before.others) names.push_back(fold_case(member.name));
  std::ranges::sort(names);
  for (auto const& member : after.others)
    all.push_back({member, std::ranges::binary_search(names, fold_case(member.name))});
  auto const rank = [this](Candidate const& candidate) {
    if (!candidate.was_there) return 0;
    auto const fits = std::ranges::any_of(open_, [this, &candidate](Open const& one) {
      return !one.said_so && may_be_for(candidate.member.name, batch_[one.at]);
    });
    return fits ? 1 : 2;
  };
  std::vector<std::pair<int, std::size_t>> order;
  for (std::size_t at = 0; at < all.size(); ++at) order.emplace_back(rank(all[at]), at);
  std::ranges::sort(order);
  std::vector<Candidate> sorted;
  for (auto const& [_, at] : order) sorted.push_back(std::move(all[at]));
  return sorted;
}

bool Newcomers::is_of_interest(Candidate const& candidate) const {
  if (!candidate.was_there) return !open_.empty();
  return std::ranges::any_of(open_, [](Open const& one) { return !one.said_so; });
}

void Newcomers::see(Candidate const& candidate, std::optional<TargetUser> found) {
  auto const key = found ? key_of(is_group_principal(found->id), found->dn) : std::nullopt;
  auto const meant = key ? by_dn_.find(*key) : by_dn_.end();
  if (meant != by_dn_.end()) {
    auto const one = std::ranges::find(open_, meant->second, &Open::at);
    if (!candidate.was_there || !one->said_so) {
      auto& answer = answers_[one->at];
      answer = applied(candidate.was_there ? Outcome::already : Outcome::done, "provisioned " + found->name);
      answer.principal = found->name;
      answer.principal_id = found->id;
      answer.source = found->source;
      open_.erase(one);
      by_dn_.erase(meant);
      return;
    }
  }
  if (candidate.was_there) return;
  Unexplained stranger{.who = {candidate.member.id, candidate.member.name, {}}, .is_known = false, .of = {}};
  if (found) stranger = {.who = {found->id, found->name, found->dn}, .is_known = true, .of = {}};
  for (std::size_t at = 0; at < batch_.size(); ++at)
    if (may_be_for(stranger.who.name, batch_[at])) stranger.of.push_back(at);
  unexplained_.push_back(std::move(stranger));
}

void Newcomers::end_all(Applied const& answer) {
  for (auto const& one : open_) answers_[one.at] = answer;
  open_.clear();
}

void Newcomers::settle() {
  // Those who came as they were meant to come explain nobody else.
  for (auto& stranger : unexplained_)
    std::erase_if(stranger.of,
                  [this](std::size_t at) { return std::ranges::find(open_, at, &Open::at) == open_.end(); });
  for (auto const& one : open_) answers_[one.at] = not_come(one);
  open_.clear();
}

std::string Newcomers::why_not(Change const& change, bool said_so) const {
  auto const fact = said_so ? "the Vault answered that it added " + change.principal +
                                  ", but no new member of " + change.group + " has the DN " + change.dn
                            : "no clear answer; a look shows that " + change.dn + " was not added";
  if (unexplained_.empty()) return fact + (said_so ? "; look at the group" : "");
  auto const known = std::ranges::find(unexplained_, true, &Unexplained::is_known);
  return fact + ", while " + std::to_string(unexplained_.size()) + " others appeared" +
         (known == unexplained_.end() ? "" : ", such as " + known->who.name) +
         "; look whether they belong into " + change.group;
}

Applied Newcomers::not_come(Open const& one) const {
  auto answer = applied(Outcome::failed, why_not(batch_[one.at], one.said_so));
  for (auto const& stranger : unexplained_)
    if (std::ranges::find(stranger.of, one.at) != stranger.of.end()) answer.strangers.push_back(stranger.who);
  // Where one newcomer may be another's, or without an answer, it is not clear whom this call added, so all
  // of them stay.
  auto const each_has_one =
      std::ranges::all_of(unexplained_, [](Unexplained const& stranger) { return stranger.of.size() == 1; });
  answer.take_back =
      one.said_so && each_has_one && answer.strangers.size() == 1 && !answer.strangers.front().dn.empty();
  return answer;
}

}  // namespace dirsync::vault
