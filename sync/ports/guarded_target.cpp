#include "sync/ports/guarded_target.hpp"

#include <utility>

#include "sync/model/assert.hpp"
#include "sync/model/text.hpp"

namespace dirsync {
namespace asio = boost::asio;

Guard::Guard(TargetTraits const& traits, Observed const& observed)
    : folds_case_(traits.group_names_fold_case) {
  if (observed.is_partial) {
    only_.emplace();
    for (auto const& group : observed.groups) only_->groups.insert(group.id);
    for (auto const& user : observed.users) only_->users.insert(user.id);
  }
  for (auto const& group : observed.groups) {
    auto const because = !group.protected_because.empty() ? group.protected_because
                         : group.directory_group          ? "it belongs to the directory, not to the target"
                                                          : std::string{};
    for (auto const& other : group.others)
      if (other.kind == OtherMember::Kind::unknown && !other.id.empty())
        foreign_.emplace(group.id + "\n" + other.id, other.name);
    if (because.empty()) continue;
    Protected const one{group.id, group.name, because};
    groups_.emplace(group.id, one);
    // The target tells a Directory group from a group of its own with the same name.
    if (!group.directory_group) names_.emplace(key(group.name), one);
  }
  for (auto const& user : observed.users)
    if (!user.protected_because.empty())
      users_.emplace(user.id, Protected{user.id, user.name, user.protected_because});
}

std::string Guard::key(std::string const& name) const { return folds_case_ ? fold_case(name) : name; }

std::string Guard::refused_group(Change const& change) const {
  auto const found = groups_.find(change.group_id);
  if (found == groups_.end()) return {};
  return "group " + found->second.name + " is protected: " + found->second.because;
}

std::string Guard::refused_name(std::string const& name, std::string const& group_id) const {
  auto const found = names_.find(key(name));
  if (found == names_.end() || found->second.id == group_id) return {};
  return "the name " + name + " belongs to a protected group: " + found->second.because;
}

std::string Guard::refused_member(Change const& change) const {
  auto const user = users_.find(change.principal_id);
  if (user != users_.end()) return "user " + user->second.name + " is protected: " + user->second.because;
  auto const other = foreign_.find(change.group_id + "\n" + change.principal_id);
  if (change.verb == Verb::remove && other != foreign_.end())
    return "member " + other->second + " is neither a known user nor a known group";
  return {};
}

/// What else is protected nobody has read.
std::string Guard::refused_unread(Change const& change) const {
  if (!only_) return {};
  auto const is_shown = only_->groups.contains(change.group_id) && only_->users.contains(change.principal_id);
  auto const is_membership = change.verb == Verb::add || change.verb == Verb::remove;
  if (is_membership && is_shown) return {};
  return "only some of the target was read, and not what this change is about";
}

std::string Guard::refusal(Change const& change) const {
  if (change.verb == Verb::adopt) return "not sent: what is ours is no affair of the target";
  if (change.blocked) return "not sent: " + change.blocked->text;
  if (change.unconfirmed)
    return "not sent: the absence behind it is not confirmed; it is sent once further reads confirm it";
  auto why = refused_unread(change);
  if (!why.empty()) return "not sent: " + why + "; the next run reads everything";
  why = refused_group(change);
  if (why.empty() && change.verb == Verb::create_group) why = refused_name(change.group, "");
  if (why.empty() && change.verb == Verb::rename_group) why = refused_name(change.new_name, change.group_id);
  if (why.empty() && !change.principal_id.empty()) why = refused_member(change);
  return why.empty() ? why : "not sent: " + why + "; change it in the target itself if you must";
}

GuardedTarget::GuardedTarget(std::unique_ptr<Target> inner) : inner_(std::move(inner)) {
  DIRSYNC_ASSERT(inner_ != nullptr);
}

TargetTraits GuardedTarget::traits() const { return inner_->traits(); }

void GuardedTarget::guard_by(Result<Observed> const& observed) {
  if (observed)
    guard_.emplace(inner_->traits(), *observed);
  else
    guard_.reset();
}

asio::awaitable<Result<Observed>> GuardedTarget::read() {
  auto observed = co_await inner_->read();
  guard_by(observed);
  co_return observed;
}

asio::awaitable<Result<Observed>> GuardedTarget::read_some(SomeOfTarget wanted) {
  auto observed = co_await inner_->read_some(std::move(wanted));
  guard_by(observed);
  co_return observed;
}

asio::awaitable<Result<std::optional<TargetGroup>>> GuardedTarget::read_group(std::string group_id,
                                                                              Observed const& users) {
  return inner_->read_group(std::move(group_id), users);
}

std::string GuardedTarget::refusal(Change const& change) const {
  if (!guard_) return "not sent: the target was not read, so that nobody knows what is protected in it";
  return guard_->refusal(change);
}

asio::awaitable<MappingAnswer> GuardedTarget::ask_mapping(std::string domain) {
  return inner_->ask_mapping(std::move(domain));
}

asio::awaitable<std::vector<Applied>> GuardedTarget::apply(std::vector<Change> batch) {
  std::vector<Applied> answers(batch.size());
  std::vector<Change> admitted;
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < batch.size(); ++at) {
    auto why = refusal(batch[at]);
    if (why.empty()) {
      admitted.push_back(std::move(batch[at]));
      places.push_back(at);
      continue;
    }
    answers[at].outcome = Outcome::skipped;
    answers[at].detail = std::move(why);
  }
  if (admitted.empty()) co_return answers;
  auto sent = co_await inner_->apply(std::move(admitted));
  DIRSYNC_ASSERT(sent.size() == places.size());
  for (std::size_t at = 0; at < sent.size(); ++at) answers[places[at]] = std::move(sent[at]);
  co_return answers;
}

void GuardedTarget::forget_read() {
  guard_.reset();
  inner_->forget_read();
}

asio::awaitable<void> GuardedTarget::close() { return inner_->close(); }

}  // namespace dirsync
