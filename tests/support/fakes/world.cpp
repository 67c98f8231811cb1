#include "tests/support/fakes/world.hpp"

#include <algorithm>
#include <random>

#include "sync/model/assert.hpp"
#include "sync/model/bound_filter.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::fake {
namespace {

std::string value_of(std::string const& member) {
  if (member.starts_with('@')) return dn_of_group(member.substr(1));
  return member.find('=') == member.npos ? dn_of_person(member) : member;
}

void erase_value(std::vector<std::string>& values, std::string const& dn) {
  std::erase_if(values, [key = normalized_dn(dn)](auto const& value) { return normalized_dn(value) == key; });
}

/// The lines of `text`.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  lines.push_back(text);
  return lines;
}

std::vector<SnapshotBuilder::Attribute> views_of(std::map<std::string, std::string> const& attributes) {
  std::vector<SnapshotBuilder::Attribute> views;
  for (auto const& [name, value] : attributes) views.push_back({name, lines_of(value)});
  return views;
}

bool fits(Filter const& filter, std::map<std::string, std::string> const& attributes) {
  auto const listed = views_of(attributes);
  std::vector<AttributeView> views;
  for (auto const& [name, values] : listed) views.push_back({name, values});
  return BoundFilter::bind(filter, builtin_schema()).value().matches(views);
}

std::string accept_name(std::string_view name) {
  return name == "Refused" || name.find('/') != name.npos ? "the target takes no such name" : "";
}
std::string accept_removal(std::string_view name) {
  return name.find('/') == name.npos ? "" : "the name cannot stand in a URL";
}

}  // namespace

std::string dn_of_person(std::string const& uid) { return "uid=" + uid + ",ou=people," + kBase; }
std::string dn_of_group(std::string const& cn) { return "cn=" + cn + ",ou=groups," + kBase; }

Filter filter(std::string const& text) { return Filter::parse(text).value(); }
NameTemplate name_template(std::string const& text) { return NameTemplate::parse(text).value(); }

DirectoryWorld::Person& DirectoryWorld::person(std::string const& uid) {
  auto& person = people[uid];
  person = {"p-" + uid, dn_of_person(uid), {{"uid", uid}, {"mail", uid + "@example.com"}}};
  return person;
}

void DirectoryWorld::people_named(std::vector<std::string> const& uids) {
  for (auto const& uid : uids) person(uid);
}

DirectoryWorld::Group& DirectoryWorld::group(std::string const& cn, std::vector<std::string> const& members) {
  auto& group = groups[cn];
  group = {"g-" + cn, dn_of_group(cn), {}, {{"cn", cn}}};
  for (auto const& member : members) join(cn, member);
  return group;
}

void DirectoryWorld::join(std::string const& cn, std::string const& member) {
  groups.at(cn).values.push_back(value_of(member));
}
void DirectoryWorld::leave(std::string const& cn, std::string const& member) {
  erase_value(groups.at(cn).values, value_of(member));
}

void DirectoryWorld::drop_person(std::string const& uid, bool everywhere) {
  auto const dn = people.at(uid).dn;
  people.erase(uid);
  if (!everywhere) return;
  for (auto& [cn, group] : groups) erase_value(group.values, dn);
}

void DirectoryWorld::drop_group(std::string const& cn, bool everywhere) {
  auto const dn = groups.at(cn).dn;
  groups.erase(cn);
  if (!everywhere) return;
  for (auto& [other, group] : groups) erase_value(group.values, dn);
}

void DirectoryWorld::disable(std::string const& uid) {
  people.at(uid).attributes["employeeType"] = "disabled";
}

void DirectoryWorld::enable(std::string const& uid) { people.at(uid).attributes.erase("employeeType"); }

Snapshot DirectoryWorld::snapshot(std::span<GroupQuery const> queries,
                                  std::set<std::string> const& deciding) const {
  SnapshotBuilder builder{name};
  builder.count_who_show(deciding);
  builder.set_account_rules(account_rules);
  std::minstd_rand order(static_cast<unsigned>(delivery_seed));
  auto const delivered = [this, &order](auto values) {
    if (delivery_seed != 0) std::ranges::shuffle(values, order);
    return values;
  };
  std::vector<Person const*> persons;
  for (auto const& [uid, person] : people)
    if (!hidden.contains(person.dn)) persons.push_back(&person);
  for (auto const* person : delivered(std::move(persons)))
    builder.add_person(EntryId{person->id}, person->dn, views_of(person->attributes), person->changed);
  std::vector<Group const*> listed;
  for (auto const& [cn, group] : groups)
    if (!hidden.contains(group.dn)) listed.push_back(&group);
  for (auto const* group : delivered(std::move(listed))) {
    auto const number =
        builder.add_group(EntryId{group->id}, group->dn, views_of(group->attributes), group->changed);
    for (auto const& value : delivered(group->values)) builder.add_member_dn(number, value);
    for (auto const& uid : delivered(group->uids)) builder.add_member_uid(number, uid);
    if (group->hides_members)
      builder.note_damages({{.of = Damage::Of::group,
                             .number = number,
                             .hides_members = true,
                             .what = "has a memberURL that finds nothing; correct it"}});
  }
  for (auto const& query : queries) {
    if (auto const* matching = std::get_if<MatchingGroups>(&query.selection)) {
      auto const wanted = filter(matching->filter);
      for (auto const& [cn, group] : groups)
        if (!hidden.contains(group.dn) && fits(wanted, group.attributes))
          builder.select(query.rule, EntryId{group.id});
    } else if (auto const* named = std::get_if<NamedGroups>(&query.selection)) {
      for (auto const& dn : named->dns) builder.select_dn(query.rule, dn);
    } else {
      builder.select_members_of(query.rule, std::get<GroupsBelow>(query.selection).dn);
    }
  }
  Certificate certificate{
      {{"result-codes", true, ""}}, 1, 1, people.size() + groups.size(), 0, "fake", change_numbers};
  certificate.may_have_changed = may_have_changed;
  certificate.deciding_attributes = deciding_attributes;
  certificate.ignored_referrals = ignored_referrals;
  auto snapshot = std::move(builder).build(std::move(certificate));
  DIRSYNC_ASSERT(snapshot.has_value());
  return std::move(*snapshot);
}

Limits no_limits() {
  Limits limits;
  limits.removals.off = limits.removals_per_group.off = limits.additions.off = true;
  limits.empty_group = Limits::OnEmpty::allow;
  limits.first_plan = Limits::FirstPlan::apply;
  return limits;
}

Rule rule(std::string const& name, std::string const& target, std::string const& groups) {
  Rule rule;
  rule.name = name;
  rule.directory = "corp";
  rule.target = target;
  rule.selection = MatchingGroups{groups};
  rule.group_name = name_template("{cn}");
  rule.member_name = name_template("{uid}");
  rule.create_groups = true;
  rule.on_collision = OnCollision::unite;
  rule.limits = no_limits();
  return rule;
}

TargetTraits vault_traits() {
  TargetTraits traits;
  traits.kind = TargetKind::vault;
  traits.matches_by_dn = true;
  traits.concurrency = 4;
  traits.refuse_group_name = accept_name;
  traits.refuse_removal = accept_removal;
  traits.members_by_name = true;
  traits.tells_deleted = false;
  return traits;
}
TargetTraits console_traits() {
  TargetTraits traits;
  traits.kind = TargetKind::console;
  traits.group_names_fold_case = false;
  traits.one_write_per_user = true;
  traits.concurrency = 2;
  traits.refuse_group_name = accept_name;
  traits.refuse_removal = accept_removal;
  return traits;
}

std::uint32_t TargetWorld::user(std::string const& name, std::string const& dn, UserSource source) {
  observed.users.push_back({next_id(), name, dn, source, ""});
  return static_cast<std::uint32_t>(observed.users.size() - 1);
}

TargetGroup& TargetWorld::group(std::string const& name, std::vector<std::string> const& users) {
  TargetGroup group;
  group.id = next_id();
  group.name = name;
  observed.groups.push_back(std::move(group));
  for (auto const& user : users) add(name, user);
  return observed.groups.back();
}

TargetGroup& TargetWorld::directory_group(std::string const& name, std::string const& dn) {
  auto& made = group(name);
  made.directory_group = true;
  made.dn = dn;
  return made;
}

TargetGroup* TargetWorld::find_group(std::string const& name) {
  auto const found = std::ranges::find(observed.groups, name, &TargetGroup::name);
  return found == observed.groups.end() ? nullptr : &*found;
}
TargetGroup* TargetWorld::find_group_by_id(std::string const& id) {
  auto const found = std::ranges::find(observed.groups, id, &TargetGroup::id);
  return found == observed.groups.end() ? nullptr : &*found;
}
TargetUser* TargetWorld::find_user(std::string const& name) {
  auto const found = std::ranges::find(observed.users, name, &TargetUser::name);
  return found == observed.users.end() ? nullptr : &*found;
}

void insert_member(TargetGroup& group, std::uint32_t user) {
  auto const place = std::ranges::lower_bound(group.users, user);
  if (place == group.users.end() || *place != user) group.users.insert(place, user);
}
void erase_member(TargetGroup& group, std::uint32_t user) { std::erase(group.users, user); }

void TargetWorld::add(std::string const& group, std::string const& user) {
  insert_member(*find_group(group), static_cast<std::uint32_t>(find_user(user) - observed.users.data()));
}
void TargetWorld::nest(std::string const& group, std::string const& member) {
  auto const& nested = *find_group(member);
  find_group(group)->others.push_back({nested.id, nested.name, OtherMember::Kind::group});
}
void TargetWorld::drop_user(std::string const& name) {
  auto const gone = static_cast<std::uint32_t>(find_user(name) - observed.users.data());
  for (auto& group : observed.groups) {
    erase_member(group, gone);
    for (auto& user : group.users)
      if (user > gone) --user;
  }
  observed.users.erase(observed.users.begin() + gone);
}
void TargetWorld::remove(std::string const& group, std::string const& user) {
  erase_member(*find_group(group), static_cast<std::uint32_t>(find_user(user) - observed.users.data()));
}

std::set<std::string> TargetWorld::members(std::string const& group) const {
  std::set<std::string> names;
  for (auto const& one : observed.groups)
    if (one.name == group)
      for (auto const user : one.users) names.insert(observed.users[user].name);
  return names;
}

Grant grant(TargetWorld& world, std::string const& group, std::string const& user, std::string const& rule) {
  auto const& known = *world.find_user(user);
  return {world.find_group(group)->id, group, known.name, known.id, EntryId{"p-" + user},
          dn_of_person(user),          rule};
}

Grant group_grant(TargetWorld& world, std::string const& group, std::string const& member,
                  std::string const& cn, std::string const& rule) {
  return {
      world.find_group(group)->id, group,           member, group_principal_id(world.find_group(member)->id),
      EntryId{"g-" + cn},          dn_of_group(cn), rule};
}

ManagedGroup managed_group(TargetWorld& world, std::string const& group, std::string const& rule,
                           bool created_by_us) {
  return {world.find_group(group)->id, group, rule, created_by_us, {EntryId{"g-" + group}}};
}

}  // namespace dirsync::fake
