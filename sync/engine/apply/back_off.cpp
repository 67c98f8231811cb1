#include "sync/engine/apply/back_off.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace dirsync::engine {
namespace {

using Object = std::pair<std::string, std::string>;  // group, principal

std::map<Object, SetAside> by_object(std::vector<SetAside> const& objects) {
  std::map<Object, SetAside> sorted;
  for (auto const& object : objects) sorted.emplace(Object{object.group, object.principal}, object);
  return sorted;
}

}  // namespace

std::chrono::seconds back_off(int attempts) {
  auto const doublings = std::clamp(attempts - 1, 0, 9);
  return std::min<std::chrono::seconds>(std::chrono::minutes{1 << doublings}, std::chrono::hours{6});
}

std::vector<Settled> skip_set_aside(std::span<Change const> changes, std::vector<SetAside> const& objects,
                                    Time now) {
  std::vector<Settled> skipped;
  if (objects.empty()) return skipped;
  auto const known = by_object(objects);
  auto const& target = objects.front().target;
  auto const waiting = [&known, now](Object const& object) -> SetAside const* {
    auto const found = known.find(object);
    if (found == known.end() || found->second.next_try <= now) return nullptr;
    // Further away than it was ever set: the clock was ahead then.
    auto const is_of_this_clock = found->second.next_try - now <= back_off(found->second.attempts);
    return is_of_this_clock ? &found->second : nullptr;
  };
  for (auto const& change : changes) {
    if (change.target != target || !is_to_send(change)) continue;
    auto const* object = waiting({change.group, change.principal});
    if (object == nullptr && change.group_id.empty()) object = waiting({change.group, ""});
    if (object == nullptr) continue;
    skipped.push_back({change, Outcome::skipped,
                       "set aside until " + rfc3339(object->next_try) + " after " +
                           std::to_string(object->attempts) + " attempts: " + object->reason});
  }
  return skipped;
}

std::vector<SetAside> set_aside_after(std::span<Settled const> outcomes, std::string const& target,
                                      std::vector<SetAside> const& before, bool keeps_others, Time now) {
  auto const known = by_object(before);
  auto after = keeps_others ? known : std::map<Object, SetAside>{};
  for (auto const& [change, outcome, detail, delay] : outcomes) {
    if (change.target != target) continue;
    Object const key{change.group, change.principal};
    auto const found = known.find(key);
    if (outcome == Outcome::failed || outcome == Outcome::unknown) {
      auto const attempts = (found == known.end() ? 0 : found->second.attempts) + 1;
      after[key] = {.target = target,
                    .group = change.group,
                    .principal = change.principal,
                    .reason = detail,
                    .attempts = attempts,
                    .next_try = now + back_off(attempts)};
    } else if (outcome == Outcome::skipped && found != known.end()) {
      after[key] = found->second;
    } else {
      after.erase(key);
    }
  }
  std::vector<SetAside> objects;
  for (auto& [key, object] : after) objects.push_back(std::move(object));
  return objects;
}

}  // namespace dirsync::engine
