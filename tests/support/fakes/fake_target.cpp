#include "tests/support/fakes/fake_target.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "sync/model/assert.hpp"

namespace dirsync::fake {
namespace asio = boost::asio;
namespace {
Error error_of_the_target() {
  return {make_error_code(boost::system::errc::connection_reset), "the fake target is down"};
}

asio::awaitable<void> turns() {
  auto const executor = co_await asio::this_coro::executor;
  for (int turn = 0; turn < 3; ++turn) co_await asio::post(executor, asio::use_awaitable);
}
}  // namespace

std::string in_words(Change const& change) {
  return std::string{to_text(change.verb)} + " " + change.group +
         (change.principal.empty() ? "" : " " + change.principal);
}

std::vector<std::string> FakeTarget::sent() const {
  std::vector<std::string> words;
  for (auto const& call : calls)
    for (auto const& change : call.batch) words.push_back(in_words(change));
  return words;
}

void FakeTarget::forget_calls() {
  calls.clear();
  log.clear();
  looked_at.clear();
  looks = 0;
}

asio::awaitable<Result<Observed>> FakeTarget::read() {
  ++reads;
  if (read_failure) co_return *read_failure;
  co_return world.observed;
}

asio::awaitable<Result<std::optional<TargetGroup>>> FakeTarget::read_group(std::string group_id,
                                                                           Observed const& users) {
  ++looks;
  looked_at.insert(group_id);
  most_looks_in_flight = std::max(most_looks_in_flight, ++looks_in_flight_);
  co_await turns();
  --looks_in_flight_;
  if (look_failure) co_return *look_failure;
  auto const* group = world.find_group_by_id(group_id);
  if (group == nullptr) co_return std::optional<TargetGroup>{};
  auto seen = *group;
  // As a real target does: users whom the caller has not read yet are members of another kind.
  std::erase_if(seen.users, [&users](auto user) { return user >= users.users.size(); });
  for (auto const user : group->users)
    if (user >= users.users.size())
      seen.others.push_back(
          {world.observed.users[user].id, world.observed.users[user].name, OtherMember::Kind::unknown});
  co_return std::optional{std::move(seen)};
}

asio::awaitable<std::vector<Applied>> FakeTarget::apply(std::vector<Change> batch) {
  DIRSYNC_ASSERT(!batch.empty());
  std::set<std::string> places;
  for (auto const& change : batch) {
    places.insert(traits_.one_write_per_user && !change.principal_id.empty() ? change.principal_id
                                                                             : change.group);
    DIRSYNC_ASSERT(change.verb == Verb::create_group || !change.group_id.empty());
    log.push_back("send " + in_words(change));
    on_send(change);
  }
  calls.push_back({batch});
  for (auto const& place : places) {
    overlapped = overlapped || in_flight_.contains(place);
    in_flight_.insert(place);
  }
  most_in_flight = std::max(most_in_flight, ++calls_in_flight_);
  co_await turns();

  std::vector<Applied> answers;
  for (auto const& change : batch) {
    answers.push_back(carry_out(change));
    log.push_back("answer " + in_words(change));
  }
  --calls_in_flight_;
  for (auto const& place : places) in_flight_.erase(in_flight_.find(place));
  co_return answers;
}

Applied FakeTarget::carry_out(Change const& change) {
  switch (fate(change)) {
    case Fate::works:
      return effect(change);
    case Fate::fails:
      return {Outcome::failed, "refused by the fake", "", "", "", {}};
    case Fate::lost_not_done:
      return {Outcome::unknown, "no answer", "", "", "", {}};
    case Fate::lies:
      return {Outcome::done, "", "", "", "", {}};
    case Fate::target_down:
      return {Outcome::failed, "no session", "", "", "", error_of_the_target()};
    case Fate::lost_but_done: {
      effect(change);
      return {Outcome::unknown, "no answer", "", "", "", {}};
    }
  }
  DIRSYNC_ASSERT(false);
}

Applied FakeTarget::effect(Change const& change) {
  Applied done{Outcome::done, "", "", "", "", {}};
  if (change.verb == Verb::create_group) {
    if (world.find_group(change.group) != nullptr) return {Outcome::failed, "exists", "", "", "", {}};
    done.group_id = world.group(change.group).id;
    return done;
  }
  auto* const group = world.find_group_by_id(change.group_id);
  if (group == nullptr) return {Outcome::failed, "no such group", "", "", "", {}};
  if (change.verb == Verb::rename_group) {
    group->name = change.detail;
    return done;
  }
  if (change.verb == Verb::delete_group) {
    std::erase_if(world.observed.groups, [&change](auto const& one) { return one.id == change.group_id; });
    return done;
  }
  if (is_group_principal(change.principal_id)) return nest(*group, change);
  if (!change.domain.empty()) return provision(*group, change);
  auto const found = std::ranges::find(world.observed.users, change.principal_id, &TargetUser::id);
  if (found == world.observed.users.end()) return {Outcome::failed, "no such user", "", "", "", {}};
  auto const user = static_cast<std::uint32_t>(found - world.observed.users.begin());
  auto const was_in = std::ranges::binary_search(group->users, user);
  if (change.verb == Verb::add)
    insert_member(*group, user);
  else
    erase_member(*group, user);
  if (was_in == (change.verb == Verb::add)) done.outcome = Outcome::already;
  return done;
}

Applied FakeTarget::nest(TargetGroup& group, Change const& change) {
  auto member = change.principal_id;
  if (!change.domain.empty()) {
    auto const host = group.id;
    member = group_principal_id(world.directory_group(change.principal, change.dn).id);
    return nest_known(*world.find_group_by_id(host), change, member);
  }
  return nest_known(group, change, member);
}

Applied FakeTarget::nest_known(TargetGroup& group, Change const& change, std::string const& member) {
  auto const nested = world.find_group_by_id(member.substr(kGroupPrincipal.size()));
  if (nested == nullptr) return {Outcome::failed, "no such group", "", "", "", {}};
  auto const erased =
      std::erase_if(group.others, [&nested](auto const& one) { return one.id == nested->id; });
  if (change.verb == Verb::add) group.others.push_back({nested->id, nested->name, OtherMember::Kind::group});
  auto const was_so = (erased > 0) == (change.verb == Verb::add);
  return {was_so ? Outcome::already : Outcome::done, "", "", nested->name, member, {}};
}

Applied FakeTarget::provision(TargetGroup& group, Change const& change) {
  auto* known = world.find_user(change.principal);
  if (known == nullptr) known = &world.observed.users[world.user(change.principal, change.dn)];
  insert_member(group, static_cast<std::uint32_t>(known - world.observed.users.data()));
  return {Outcome::done, "provisioned", "", known->name, known->id, {}};
}

}  // namespace dirsync::fake
