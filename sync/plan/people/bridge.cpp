#include "sync/plan/people/bridge.hpp"

#include "sync/model/text.hpp"

namespace dirsync::plan {

bool Bridge::by_uid() const { return ascii_iequal(group_side_.attribute(), "uid"); }

Bridge::Crossing Bridge::cross(PersonIndex group_side) const {
  auto const& key = group_side_.key_of(group_side);
  if (!key.empty())
    return to_bearers_of(key, groups_.snapshot->people()[group_side].values(group_side_.attribute())[0]);
  Crossing nowhere{std::nullopt, "it " + group_side_.why_none(group_side)};
  if (auto const shared = group_side_.shared_key(group_side); !shared.empty()) {
    nowhere.is_shared = true;
    nowhere.perhaps = people_side_.bearers(shared);
  }
  return nowhere;
}

/// `shown`: the value as it stands on the groups' side.
Bridge::Crossing Bridge::to_bearers_of(std::string const& key, std::string_view shown) const {
  auto bearers = people_side_.bearers(key);
  if (bearers.size() == 1) return {bearers.front()};
  auto const must = "one person of directory " + people_.name + " must have " + people_side_.attribute() +
                    " = " + printable(shown);
  if (bearers.empty()) return {std::nullopt, must};
  return {std::nullopt, must + ", not " + people_side_.dns(bearers), true, std::move(bearers)};
}

Bridge::Crossing Bridge::cross_uid(std::string_view value) const {
  if (!by_uid())
    return {std::nullopt, "it names no entry of directory " + groups_.name + ", so nothing has its " +
                              group_side_.attribute()};
  return to_bearers_of(people_side_.key_of_value(value).value_or(""), value);
}

std::optional<PersonIndex> Bridge::back(PersonIndex person) const {
  auto const& key = people_side_.key_of(person);
  return key.empty() ? std::nullopt : group_side_.person(key);
}

std::string Bridge::doubt(PersonIndex person, bool all_crossed) const {
  if (people_side_.key_of(person).empty()) return "their entry " + people_side_.why_none(person);
  if (back(person) || (by_uid() && all_crossed)) return {};
  return "no one entry of directory " + groups_.name + " has " + group_side_.attribute() + " = " +
         printable(people_.snapshot->people()[person].values(people_side_.attribute())[0]);
}

}  // namespace dirsync::plan
