#include "tests/sequences/definition.hpp"

#include <algorithm>
#include <string_view>

namespace dirsync::sequences {
namespace {

template <class Entry, class Field>
Entry const* find(std::vector<Entry> const& entries, std::string const& value, Field field) {
  auto const found = std::ranges::find(entries, value, field);
  return found == entries.end() ? nullptr : &*found;
}

bool is_excluded(Group const& group, Settings const& settings, Followed const& followed) {
  if (settings.excluded.contains(group.dn)) return true;
  return std::ranges::any_of(followed, [&group, &settings](auto const& one) {
    return settings.excluded.contains(one.first) && one.second == group.id;
  });
}

std::string value_or_nothing(std::map<std::string, std::string> const& attributes, char const* name) {
  auto const found = attributes.find(name);
  return found == attributes.end() ? std::string{} : found->second;
}

std::vector<std::string> steps_of(std::string const& path) {
  static constexpr std::string_view kArrow = " > ";
  std::vector<std::string> steps;
  std::string_view rest = path;
  for (auto at = rest.find(kArrow); at != std::string_view::npos; at = rest.find(kArrow)) {
    steps.emplace_back(rest.substr(0, at));
    rest.remove_prefix(at + kArrow.size());
  }
  steps.emplace_back(rest);
  return steps;
}

bool is_among(std::vector<std::string> const& values, std::string const& value) {
  return std::ranges::find(values, value) != values.end();
}

}  // namespace

Person const* Said::person(std::string const& id) const { return find(people, id, &Person::id); }
Person const* Said::person_at(std::string const& dn) const { return find(people, dn, &Person::dn); }
Person const* Said::person_named(std::string const& uid) const { return find(people, uid, &Person::uid); }
Group const* Said::group(std::string const& id) const { return find(groups, id, &Group::id); }
Group const* Said::group_at(std::string const& dn) const { return find(groups, dn, &Group::dn); }

Said said_by(fake::DirectoryWorld const& world, AccountStates states) {
  Said said;
  auto const speaks_for_itself = world.account_rules.scheme != AccountScheme::none;
  for (auto const& [uid, person] : world.people) {
    if (world.hidden.contains(person.dn)) continue;
    auto& one = said.people.emplace_back(Person{.id = person.id, .dn = person.dn, .uid = uid});
    one.contractor = value_or_nothing(person.attributes, "title") == "contractor";
    auto const lock = value_or_nothing(person.attributes, "pwdAccountLockedTime");
    one.locked = speaks_for_itself && states.locked && lock == kLocked;
    one.disabled = speaks_for_itself ? one.locked || lock == kLockedForEver
                                     : value_or_nothing(person.attributes, "employeeType") == "disabled";
  }
  for (auto const& [cn, group] : world.groups)
    if (!world.hidden.contains(group.dn))
      said.groups.push_back({.id = group.id,
                             .dn = group.dn,
                             .cn = group.attributes.at("cn"),
                             .team = value_or_nothing(group.attributes, "description") == "team",
                             .values = group.values,
                             .uids = group.uids});
  return said;
}

bool leads_to_a_person(Said const& said, std::string const& path) {
  auto const steps = steps_of(path);
  auto const* group = said.group_at(steps.front());
  for (std::size_t at = 1; at + 1 < steps.size(); ++at) {
    if (group == nullptr || !is_among(group->values, steps[at])) return false;
    group = said.group_at(steps[at]);
  }
  auto const* const person = said.person_at(steps.back());
  return steps.size() > 1 && group != nullptr && person != nullptr &&
         (is_among(group->values, person->dn) || is_among(group->uids, person->uid));
}

void follow(Said const& said, Settings const& settings, Followed& followed) {
  for (auto const& dn : settings.excluded) {
    auto const* const here = said.group_at(dn);
    auto const known = followed.find(dn);
    auto const moved = known != followed.end() && said.group(known->second) != nullptr;
    if (here != nullptr && !moved) followed.insert_or_assign(dn, here->id);
  }
}

void add_wishes(Said const& said, std::string const& rule, Settings const& settings, Followed const& followed,
                Wishes& wishes) {
  if (!settings.configured) return;
  for (auto const& source : said.groups) {
    if ((settings.teams_only && !source.team) || is_excluded(source, settings, followed)) continue;
    auto& wish = wishes[settings.prefix + source.cn];
    wish.rule = rule;
    wish.sources.insert(source.id);
    std::vector<Group const*> to_do{&source};
    std::set<std::string> seen{source.id};
    while (!to_do.empty()) {
      auto const* const group = to_do.back();
      to_do.pop_back();
      auto const wish_for = [&wish, &settings](Person const* person) {
        if (person != nullptr && !person->disabled && !(settings.no_contractors && person->contractor))
          wish.people.insert(person->id);
      };
      for (auto const& uid : group->uids) wish_for(said.person_named(uid));
      for (auto const& value : group->values) {
        wish_for(said.person_at(value));
        auto const* const nested = said.group_at(value);
        if (nested != nullptr && settings.nested && !is_excluded(*nested, settings, followed) &&
            seen.insert(nested->id).second)
          to_do.push_back(nested);
      }
    }
    wish.reached.insert(seen.begin(), seen.end());
  }
}

}  // namespace dirsync::sequences
