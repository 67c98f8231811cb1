#include "sync/plan/kept/settings.hpp"

#include <algorithm>
#include <array>

#include "sync/model/json.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/desired/needed_attributes.hpp"

namespace dirsync::plan {
namespace json = boost::json;
namespace {

json::object selection_of(GroupSelection const& selection) {
  json::object keys;
  if (auto const* matching = std::get_if<MatchingGroups>(&selection)) keys["groups"] = matching->filter;
  if (auto const* named = std::get_if<NamedGroups>(&selection)) keys["dn"] = json::value_from(named->dns);
  if (auto const* below = std::get_if<GroupsBelow>(&selection)) keys["members_of"] = below->dn;
  return keys;
}

json::object people_of(PeopleFrom const& people) {
  return {{"directory", people.directory},
          {"group_side", people.group_side},
          {"people_side", people.people_side}};
}

json::object own_settings(Rule const& rule) {
  auto keys = selection_of(rule.selection);
  keys["directory"] = rule.directory;
  keys["target"] = rule.target;
  if (rule.people) keys["people"] = people_of(*rule.people);
  keys["group_name"] = rule.group_name.text();
  keys["member_name"] = rule.member_name.text();
  if (rule.member_name_on_ad) keys["member_name_on_ad"] = rule.member_name_on_ad->text();
  keys["nested"] = rule.nested;
  keys["max_depth"] = rule.max_depth;
  keys["as"] = to_text(rule.as);
  keys["create_groups"] = rule.create_groups;
  keys["delete_groups"] = to_text(rule.delete_groups);
  keys["adopt"] = rule.adopt;
  keys["foreign_members"] = to_text(rule.foreign_members);
  keys["source_gone"] = to_text(rule.source_gone);
  keys["on_collision"] = to_text(rule.on_collision);
  keys["roles"] = json::value_from(rule.roles);
  keys["exclude"] = json::value_from(rule.exclude);
  if (rule.exclude_people) keys["exclude_people"] = rule.exclude_people->text();
  return keys;
}

json::object all_settings(Rule const& rule) {
  return {{"rule", own_settings(rule)},
          {"around", json::value_from(rule.around)},
          {"elsewhere", json::value_from(rule.elsewhere)}};
}

constexpr std::string_view kSchema = ".schema.";

bool is_of_schema(std::string_view key) { return key.find(kSchema) != std::string_view::npos; }

/// Keys of either whose values differ, or that the other does not have.
void note_changes(json::object const& before, json::object const& now, std::vector<std::string>& changed) {
  for (auto const& [key, value] : before) {
    auto const* const other = now.if_contains(key);
    if (other == nullptr ? !is_of_schema(key) : *other != value) changed.emplace_back(key);
  }
  for (auto const& [key, value] : now)
    if (!before.contains(key) && !is_of_schema(key)) changed.emplace_back(key);
}

/// What of `values` is written so; else, as for a key that an older version did not have, `otherwise`.
template <class Value>
Value read_choice(json::object const& keys, char const* key, std::initializer_list<Value> values,
                  Value otherwise) {
  auto const text = text_at(keys, key);
  auto const found = std::ranges::find(values, text, [](Value value) { return std::string{to_text(value)}; });
  return found == values.end() ? otherwise : *found;
}

bool read_flag(json::object const& keys, char const* key, bool otherwise) {
  return keys.contains(key) ? flag_at(keys, key) : otherwise;
}

std::vector<std::string> read_texts(json::object const& keys, char const* key) {
  std::vector<std::string> texts;
  for (auto const& value : array_at(keys, key))
    if (value.is_string()) texts.emplace_back(value.get_string());
  return texts;
}

GroupSelection read_selection(json::object const& keys) {
  if (keys.contains("dn")) return NamedGroups{read_texts(keys, "dn")};
  if (keys.contains("members_of")) return GroupsBelow{text_at(keys, "members_of")};
  return MatchingGroups{text_at(keys, "groups")};
}

void read_treatment(json::object const& keys, Rule& rule) {
  Rule const defaults;
  rule.nested = read_flag(keys, "nested", defaults.nested);
  rule.max_depth = static_cast<int>(integer_at(keys, "max_depth").value_or(defaults.max_depth));
  rule.as = read_choice(keys, "as", {MembersAs::users, MembersAs::group}, defaults.as);
  rule.create_groups = read_flag(keys, "create_groups", defaults.create_groups);
  rule.delete_groups = read_choice(keys, "delete_groups", {DeleteGroups::never, DeleteGroups::when_empty},
                                   defaults.delete_groups);
  rule.adopt = read_flag(keys, "adopt", defaults.adopt);
  rule.foreign_members = read_choice(keys, "foreign_members",
                                     {ForeignMembers::keep, ForeignMembers::report, ForeignMembers::remove},
                                     defaults.foreign_members);
  rule.source_gone =
      read_choice(keys, "source_gone", {SourceGone::keep, SourceGone::empty}, defaults.source_gone);
  rule.on_collision =
      read_choice(keys, "on_collision", {OnCollision::unite, OnCollision::hold, OnCollision::refuse},
                  defaults.on_collision);
  rule.roles = read_texts(keys, "roles");
  rule.exclude = read_texts(keys, "exclude");
}

}  // namespace

std::string settings_text(Rule const& rule) { return json::serialize(all_settings(rule)); }

std::vector<std::string> changed_settings(std::string const& kept, Rule const& rule) {
  auto const before = parse_json(kept).value_or(json::value{});
  auto const& keys = object_in(before);
  auto const now = all_settings(rule);
  std::vector<std::string> changed;
  for (auto const* part : {"rule", "around"})
    note_changes(object_at(keys, part), object_at(now, part), changed);
  return changed;
}

std::map<std::string, std::vector<std::string>> changed_elsewhere(std::string const& kept, Rule const& rule) {
  auto const document = parse_json(kept).value_or(json::value{});
  auto const& before = object_at(object_in(document), "elsewhere");
  auto const settings = all_settings(rule);
  auto const& now = object_at(settings, "elsewhere");
  std::map<std::string, std::vector<std::string>> changed;
  for (auto const* const side : {&before, &now})
    for (auto const& [directory, keys] : *side)
      if (!changed.contains(directory))
        note_changes(object_at(before, directory), object_at(now, directory), changed[directory]);
  std::erase_if(changed, [](auto const& item) { return item.second.empty(); });
  return changed;
}

std::optional<Rule> rule_of(std::string const& kept, Rule rule) {
  auto const document = parse_json(kept);
  if (!document || !object_in(*document).contains("rule")) return std::nullopt;
  auto const& keys = object_at(object_in(*document), "rule");
  auto group_name = NameTemplate::parse(text_at(keys, "group_name"));
  auto member_name = NameTemplate::parse(text_at(keys, "member_name"));
  if (!group_name || !member_name) return std::nullopt;
  rule.member_name_on_ad.reset();
  if (keys.contains("member_name_on_ad")) {
    auto on_ad = NameTemplate::parse(text_at(keys, "member_name_on_ad"));
    if (!on_ad) return std::nullopt;
    rule.member_name_on_ad = *std::move(on_ad);
  }
  rule.exclude_people.reset();
  if (keys.contains("exclude_people")) {
    auto filter = Filter::parse(text_at(keys, "exclude_people"));
    if (!filter) return std::nullopt;
    rule.exclude_people = *std::move(filter);
  }
  rule.people.reset();
  if (auto const& people = object_at(keys, "people"); !people.empty())
    rule.people = PeopleFrom{.directory = text_at(people, "directory"),
                             .group_side = text_at(people, "group_side"),
                             .people_side = text_at(people, "people_side")};
  rule.directory = text_at(keys, "directory");
  rule.target = text_at(keys, "target");
  rule.selection = read_selection(keys);
  rule.group_name = *std::move(group_name);
  rule.member_name = *std::move(member_name);
  read_treatment(keys, rule);
  return rule;
}

void note_equality_rules(Rule& rule, std::map<std::string, DirectoryView> const& views) {
  for (auto const& [name, view] : views) {
    auto const& schema = view.snapshot->schema();
    if (!schema.remark().empty() || (name != rule.directory && name != rule.people_directory())) continue;
    auto attributes = needed_attributes(rule, name).of_people;
    if (view.disabled)
      attributes.insert(view.disabled->attributes().begin(), view.disabled->attributes().end());
    if (!view.join.empty()) attributes.insert(ascii_lower(view.join));
    for (auto const& attribute : attributes)
      if (auto const type = schema.type(described(attribute).type))
        rule.around["directory." + name + std::string{kSchema} + attribute] = to_text(schema[*type].equality);
  }
}

bool serve_the_same_reads(std::vector<std::string> const& changed) {
  // Those of Rule::around have a dot in them.
  constexpr std::array<std::string_view, 5> kRead{"directory", "target", "groups", "dn", "members_of"};
  return std::ranges::none_of(changed, [&kRead](std::string const& key) {
    return key.find('.') != std::string::npos || std::ranges::find(kRead, key) != kRead.end();
  });
}

}  // namespace dirsync::plan
