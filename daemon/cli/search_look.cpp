// People and groups by a part of their names, and what somebody has.
#include <algorithm>
#include <boost/json.hpp>

#include "daemon/cli/looks.hpp"
#include "store/store.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

json::object found_name(store::HeldPerson const& person) {
  return {{"target", person.target}, {"principal", as_utf8(person.principal)}};
}

/// One person under all the names that were found, in the order in which they were.
json::array people_in(std::vector<store::HeldPerson> const& names, std::size_t most, bool& are_more) {
  json::array people;
  std::map<std::string, std::size_t> by_id;
  for (auto const& name : names) {
    auto const id = name.id.value();
    auto const known = id.empty() ? by_id.end() : by_id.find(id);
    if (known != by_id.end()) {
      auto& known_names = people[known->second].as_object().at("names").as_array();
      auto const value = json::value(found_name(name));
      if (!name.target.empty() && std::ranges::find(known_names, value) == known_names.end())
        known_names.push_back(value);
      continue;
    }
    if (people.size() == most) {
      are_more = true;
      break;
    }
    if (!id.empty()) by_id.emplace(id, people.size());
    json::array own;
    if (!name.target.empty()) own.push_back(found_name(name));
    people.push_back(json::object{{"id", as_utf8(id)}, {"dn", as_utf8(name.dn)}, {"names", std::move(own)}});
  }
  return people;
}

/// Those whose name begins so come first; else by target and name.
Result<json::array> groups_in(store::Intervals const& intervals, std::string const& folded, std::size_t most,
                              bool& are_more) {
  auto groups = intervals.groups("", std::nullopt);
  if (!groups) return groups.error();
  std::erase_if(*groups, [&folded](store::HeldGroup const& group) {
    return fold_case(group.name).find(folded) == std::string::npos;
  });
  std::ranges::stable_partition(*groups, [&folded](store::HeldGroup const& group) {
    return fold_case(group.name).starts_with(folded);
  });
  json::array found;
  for (auto const& group : *groups) {
    if (found.size() == most) {
      are_more = true;
      break;
    }
    auto const members = intervals.count_members(group.number);
    if (!members) return members.error();
    found.push_back(json::object{{"target", group.target},
                                 {"group", as_utf8(group.name)},
                                 {"id", as_utf8(group.id)},
                                 {"managed", group.is_managed},
                                 {"members", *members}});
  }
  return found;
}

/// Whoever may be meant, whether they have anything or not.
Result<json::array> known_as(store::Intervals const& intervals, std::string const& person) {
  constexpr std::size_t kMost = 100;
  auto names = intervals.people(person, "");
  if (!names) return names.error();
  auto const entries = intervals.entries(person);
  if (!entries) return entries.error();
  names->insert(names->end(), entries->begin(), entries->end());
  auto are_more = false;
  return people_in(*names, kMost, are_more);
}

}  // namespace

Answer search_answer(store::Store& store, std::string const& part, std::size_t most) {
  json::object document;
  auto const looked = store.in_one_state([&store, &part, most, &document]() -> Result<void> {
    auto const intervals = store.intervals();
    auto are_more = false;
    // One person may have several names.
    auto const names = intervals.find_people(part, 4 * most);
    if (!names) return names.error();
    auto people = people_in(*names, most, are_more);
    are_more = are_more || names->size() == 4 * most;
    auto groups = groups_in(intervals, fold_case(part), most, are_more);
    if (!groups) return groups.error();
    document = {{"people", std::move(people)}, {"groups", *std::move(groups)}, {"more", are_more}};
    return {};
  });
  if (!looked) return refusal(looked.error());
  return {.document = json::serialize(document)};
}

Answer person_answer(store::Store& store, std::string const& person, std::optional<Time> at) {
  json::object document;
  auto const looked = store.in_one_state([&store, &person, at, &document]() -> Result<void> {
    auto const intervals = store.intervals();
    auto const held = intervals.of_person(person, "", at);
    if (!held) return held.error();
    auto const groups = intervals.groups("", at);
    if (!groups) return groups.error();
    auto people = known_as(intervals, person);
    if (!people) return people.error();
    std::map<std::int64_t, std::string> names;
    for (auto const& group : *groups) names.emplace(group.number, group.name);
    json::array memberships;
    for (auto const& one : *held)
      memberships.push_back(
          json::object{{"target", one.target},
                       {"group", as_utf8(names[one.group])},
                       {"principal", as_utf8(one.principal)},
                       {"dn", as_utf8(one.dn)},
                       {"id", as_utf8(one.id.value())},
                       {"rule", one.rule},
                       {"since", one.since ? json::value(rfc3339(*one.since)) : json::value{}},
                       {"path", as_utf8(one.path)}});
    document = {{"user", as_utf8(person)},
                {"at", at ? json::value(rfc3339(*at)) : json::value{}},
                {"people", *std::move(people)},
                {"memberships", std::move(memberships)}};
    return {};
  });
  if (!looked) return refusal(looked.error());
  return {.document = json::serialize(document)};
}

}  // namespace dirsync::cli
