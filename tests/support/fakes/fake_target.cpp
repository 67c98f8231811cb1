#include "tests/support/fakes/fake_target.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "sync/model/assert.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::fake {
namespace asio = boost::asio;
namespace {
Error error_of_the_target() {
  return {make_error_code(boost::system::errc::connection_reset), "the fake target is down"};
}

Certificate certificate_of(Observed const& observed) {
  Certificate certificate{{{"whole", true, "the fake shows all that it has"}}, 2, 2, 0, 0};
  certificate.entries = observed.users.size() + observed.groups.size();
  for (auto const& group : observed.groups) certificate.values += group.users.size() + group.others.size();
  return certificate;
}

Applied failed(std::string reason) { return {Outcome::failed, std::move(reason), "", "", "", {}}; }

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
  auto observed = world.observed;
  std::erase_if(observed.groups, [this](TargetGroup const& group) {
    return hidden.contains(group.name) || out_of_sight.contains(group.name);
  });
  on_read(observed);
  observed.certificate = certificate_of(observed);
  co_return observed;
}

asio::awaitable<Result<Observed>> FakeTarget::read_some(SomeOfTarget wanted) {
  partial_reads.push_back(wanted);
  if (read_failure) co_return *read_failure;
  auto all = world.observed;
  on_read(all);
  Observed some;
  some.is_partial = true;
  std::map<std::uint32_t, std::uint32_t> numbers;  // among those asked for, by number among all
  auto const is_named_as = [](TargetUser const& user) {
    return [&user](TargetGroup const& group) { return fold_case(group.name) == fold_case(user.name); };
  };
  for (std::uint32_t number = 0; number < all.users.size(); ++number) {
    auto const& user = all.users[number];
    if (!wanted.users.contains(user.id)) continue;
    if (wanted.joining.contains(user.id) && std::ranges::any_of(all.groups, is_named_as(user))) continue;
    numbers.emplace(number, static_cast<std::uint32_t>(some.users.size()));
    some.users.push_back(user);
  }
  for (auto group : all.groups) {
    if (!wanted.groups.contains(group.id) || hidden.contains(group.name) || out_of_sight.contains(group.name))
      continue;
    auto const members = std::exchange(group.users, {});
    for (auto const member : members) {
      auto const known = numbers.find(member);
      auto const& user = all.users[member];
      if (known != numbers.end())
        group.users.push_back(known->second);
      else
        group.others.push_back({user.id, user.name, OtherMember::Kind::unknown});
    }
    some.groups.push_back(std::move(group));
  }
  some.certificate = certificate_of(some);
  co_return some;
}

asio::awaitable<Result<std::optional<TargetGroup>>> FakeTarget::read_group(std::string group_id,
                                                                           Observed const& users) {
  ++looks;
  on_look();
  looked_at.insert(group_id);
  most_looks_in_flight = std::max(most_looks_in_flight, ++looks_in_flight_);
  co_await turns();
  --looks_in_flight_;
  if (look_failure) co_return *look_failure;
  auto const* group = world.find_group_by_id(group_id);
  if (group == nullptr || out_of_sight.contains(group->name)) co_return std::optional<TargetGroup>{};
  auto seen = *group;
  seen.users.clear();
  // As a real target does: users whom the caller has not read yet are members of another kind.
  for (auto const user : group->users) {
    auto const& member = world.observed.users[user];
    auto const known = std::ranges::find(users.users, member.id, &TargetUser::id);
    if (known != users.users.end())
      seen.users.push_back(static_cast<std::uint32_t>(known - users.users.begin()));
    else
      seen.others.push_back({member.id, member.name, OtherMember::Kind::unknown});
  }
  std::ranges::sort(seen.users);
  co_return std::optional{std::move(seen)};
}

asio::awaitable<MappingAnswer> FakeTarget::ask_mapping(std::string domain) {
  if (!tells_mappings) co_return MappingAnswer{.is_told = false, .text = "only its administrators may ask"};
  if (!domains || domains->contains(domain)) co_return MappingAnswer{.is_told = true, .text = {}};
  co_return MappingAnswer{.is_told = true, .text = "the target has no directory mapping " + domain};
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
  if (auto reason = refusal(change); !reason.empty()) return failed(std::move(reason));
  ++requests;
  switch (fate(change)) {
    case Fate::works:
      return effect(change);
    case Fate::fails:
      return failed("refused by the fake");
    case Fate::lost_not_done:
      return {Outcome::unknown, "no answer", "", "", "", {}};
    case Fate::lies:
      return {Outcome::done, "", "", "", "", {}};
    case Fate::takes_another:
      return let_in_another(change);
    case Fate::target_down:
      return {Outcome::failed, "no session", "", "", "", error_of_the_target()};
    case Fate::lost_but_done: {
      effect(change);
      return {Outcome::unknown, "no answer", "", "", "", {}};
    }
  }
  DIRSYNC_ASSERT(false);
}

/// Why the change is not even sent.
std::string FakeTarget::refusal(Change const& change) const {
  switch (change.verb) {
    case Verb::create_group:
      return traits_.refuse_group_name(change.group);
    case Verb::rename_group:
      return traits_.refuse_group_name(change.new_name);
    case Verb::remove:
      return traits_.refuse_removal(change.principal);
    case Verb::add:
    case Verb::delete_group:
    case Verb::update_group:
    case Verb::adopt:
      break;
  }
  return "";
}

Applied FakeTarget::effect(Change const& change) {
  if (change.verb == Verb::create_group) return create(change);
  auto* const group = world.find_group_by_id(change.group_id);
  switch (change.verb) {
    case Verb::delete_group:
      return group == nullptr ? Applied{Outcome::already, "no such group", "", "", "", {}} : erase(*group);
    case Verb::rename_group:
      return group == nullptr ? failed("no such group") : rename(*group, change);
    default:
      break;
  }
  if (group == nullptr) return failed("no such group");
  if (is_group_principal(change.principal_id)) return nest(*group, change);
  return change.domain.empty() ? change_member(*group, change) : provision(*group, change);
}

bool FakeTarget::is_taken(std::string const& name, std::string const& by_others_than) const {
  auto const key = [this](std::string const& text) {
    return traits_.group_names_fold_case ? fold_case(text) : text;
  };
  return std::ranges::any_of(world.observed.groups, [&key, &name, &by_others_than](TargetGroup const& group) {
    return group.id != by_others_than && key(group.name) == key(name);
  });
}

Applied FakeTarget::create(Change const& change) {
  if (is_taken(change.group, "")) return failed("exists");
  Applied done{Outcome::done, "", "", "", "", {}};
  auto& made = world.group(change.group);
  made.marked = true;
  done.group_id = made.id;
  return done;
}

Applied FakeTarget::rename(TargetGroup& group, Change const& change) {
  if (is_taken(change.new_name, group.id)) return failed("another group has that name");
  group.name = change.new_name;
  return {Outcome::done, "", "", "", "", {}};
}

Applied FakeTarget::erase(TargetGroup const& group) {
  if (!group.users.empty() || !group.others.empty()) return failed("it has members");
  std::erase_if(world.observed.groups, [id = group.id](auto const& one) { return one.id == id; });
  return {Outcome::done, "", "", "", "", {}};
}

Applied FakeTarget::change_member(TargetGroup& group, Change const& change) {
  auto const found = std::ranges::find(world.observed.users, change.principal_id, &TargetUser::id);
  if (found == world.observed.users.end())
    return change.verb == Verb::remove ? Applied{Outcome::already, "no such user", "", "", "", {}}
                                       : failed("no such user");
  auto const user = static_cast<std::uint32_t>(found - world.observed.users.begin());
  auto const was_in = std::ranges::binary_search(group.users, user);
  if (change.verb == Verb::add)
    insert_member(group, user);
  else
    erase_member(group, user);
  auto const as_before = was_in == (change.verb == Verb::add);
  return {as_before ? Outcome::already : Outcome::done, "", "", "", "", {}};
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
  if (nested == nullptr) return failed("no such group");
  auto const erased =
      std::erase_if(group.others, [&nested](auto const& one) { return one.id == nested->id; });
  if (change.verb == Verb::add) group.others.push_back({nested->id, nested->name, OtherMember::Kind::group});
  auto const was_so = (erased > 0) == (change.verb == Verb::add);
  return {was_so ? Outcome::already : Outcome::done, "", "", nested->name, member, {}};
}

Applied FakeTarget::let_in_another(Change const& change) {
  auto const user = world.user(change.principal + "@other", "uid=" + change.principal + ",ou=other,dc=x");
  insert_member(*world.find_group_by_id(change.group_id), user);
  auto answer = failed("the fake let in somebody else");
  auto const& stranger = world.observed.users[user];
  answer.strangers.push_back({stranger.id, stranger.name, stranger.dn});
  answer.take_back = true;
  return answer;
}

Applied FakeTarget::provision(TargetGroup& group, Change const& change) {
  if (domains) {
    auto const domain = domains->find(change.domain);
    if (domain == domains->end()) return failed("no such domain");
    auto const person = domain->second.find(change.principal);
    if (person == domain->second.end()) return failed("the directory lets nobody of that name in");
    if (normalized_dn(person->second) != normalized_dn(change.dn)) return failed("that is somebody else");
  }
  auto* known = world.find_user(change.principal);
  if (known == nullptr) known = &world.observed.users[world.user(change.principal, change.dn)];
  auto const user = static_cast<std::uint32_t>(known - world.observed.users.data());
  auto const was_in = std::ranges::binary_search(group.users, user);
  insert_member(group, user);
  return {was_in ? Outcome::already : Outcome::done, "provisioned", "", known->name, known->id, {}};
}

}  // namespace dirsync::fake
