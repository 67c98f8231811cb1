#include "tests/guard/company.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "sync/plan/diff/draft.hpp"
#include "sync/plan/judge/judge.hpp"

namespace dirsync::guard {
namespace {

constexpr unsigned kFirstGroupId = 1'000'000;
constexpr unsigned kAtTheBottom = 10;  // people in the last group of the chain

std::string uid(unsigned person) { return "u" + std::to_string(person); }
std::string cn(unsigned group) { return "g" + std::to_string(group); }
std::string group_dn(std::string const& name) { return "cn=" + name + ",ou=groups,dc=x"; }
EntryId person_id(unsigned person) { return EntryId{"00000000-0000-0000-0000-" + uid(person)}; }
EntryId group_id(std::string const& name) { return EntryId{"group-00000000-0000-0000-" + name}; }
std::string rule_name(unsigned rule) { return "rule" + std::to_string(rule); }

unsigned member_of(Shape const& shape, unsigned group, unsigned n) { return (group * 7 + n) % shape.people; }

std::string accept_any(std::string_view) { return ""; }

Rule rule_named(std::string name) {
  Rule rule;
  rule.name = std::move(name);
  rule.directory = "corp";
  rule.target = "vault";
  rule.selection = MatchingGroups{"(cn=*)"};
  rule.group_name = NameTemplate::parse("{cn}").value();
  rule.member_name = NameTemplate::parse("{uid}").value();
  rule.create_groups = true;
  rule.on_collision = OnCollision::unite;
  rule.limits.removals.off = rule.limits.removals_per_group.off = rule.limits.additions.off = true;
  return rule;
}

TargetTraits traits_of_vault() {
  TargetTraits traits;
  traits.kind = TargetKind::vault;
  traits.matches_by_dn = true;
  traits.concurrency = 4;
  traits.refuse_group_name = accept_any;
  traits.refuse_removal = accept_any;
  traits.members_by_name = true;
  traits.tells_deleted = false;
  return traits;
}

void add_people(SnapshotBuilder& builder, unsigned count) {
  for (unsigned person = 0; person < count; ++person) {
    auto const name = uid(person);
    std::vector<SnapshotBuilder::Attribute> const attributes{{"uid", {name}}};
    builder.add_person(person_id(person), person_dn(person), attributes);
  }
}

GroupIndex add_named_group(SnapshotBuilder& builder, std::string const& name) {
  std::vector<SnapshotBuilder::Attribute> const attributes{{"cn", {name}}};
  return builder.add_group(group_id(name), group_dn(name), attributes);
}

void add_chain(SnapshotBuilder& builder, GroupIndex top, Shape const& shape) {
  auto above = top;
  for (unsigned n = 0; n < shape.depth; ++n) {
    auto const name = "chain" + std::to_string(n);
    builder.add_member_dn(above, group_dn(name));
    above = add_named_group(builder, name);
  }
  for (unsigned n = 0; shape.depth > 0 && n < kAtTheBottom; ++n)
    builder.add_member_dn(above, person_dn(shape.people - 1 - n));
}

}  // namespace

std::string person_dn(unsigned person) { return "uid=" + uid(person) + ",ou=people,dc=x"; }

Snapshot snapshot_of(Shape const& shape) {
  SnapshotBuilder builder{"corp"};
  add_people(builder, shape.people);
  for (unsigned group = 0; group < shape.groups; ++group) {
    auto const number = add_named_group(builder, cn(group));
    for (unsigned n = 0; !shape.all_left && n < shape.members; ++n)
      builder.add_member_dn(number, person_dn(member_of(shape, group, n)));
    builder.select(rule_name(group % shape.rules), group_id(cn(group)));
    if (group == 0) add_chain(builder, number, shape);
  }
  for (unsigned n = 0; n < shape.unnamed; ++n) {
    auto const name = "unnamed" + std::to_string(n);
    builder.add_member_dn(builder.add_group(group_id(name), group_dn(name), {}), person_dn(0));
    builder.select(rule_name(0), group_id(name));
  }
  Certificate certificate;
  certificate.clauses = {{"result-codes", true, ""}};
  return std::move(std::move(builder).build(std::move(certificate)).value());
}

Company::Company(Shape const& shape) : snapshot_(snapshot_of(shape)) {
  for (unsigned rule = 0; rule < shape.rules; ++rule) rules_.push_back(rule_named(rule_name(rule)));
  for (unsigned person = 0; person < shape.people; ++person)
    observed_.users.push_back(
        {std::to_string(person), uid(person), person_dn(person), UserSource::directory, ""});
  for (unsigned n = 0; n < shape.users; ++n) {
    auto const name = "local" + std::to_string(n);
    observed_.users.push_back({std::to_string(shape.people + n), name, "", UserSource::local, ""});
  }
  if (shape.in_sync || shape.all_left) fill_target(shape);
  input_.rules = rules_;
  input_.views.emplace("corp", plan::DirectoryView{"corp", &snapshot_, std::nullopt, "dc=x", {}, {}});
  input_.targets.push_back({"vault", traits_of_vault(), &observed_, &managed_, {}});
}

void Company::fill_target(Shape const& shape) {
  for (unsigned number = 0; number < shape.groups; ++number) {
    TargetGroup group;
    group.id = std::to_string(kFirstGroupId + number);
    group.name = cn(number);
    auto const rule = rule_name(number % shape.rules);
    for (unsigned n = 0; n < shape.members; ++n) {
      auto const person = member_of(shape, number, n);
      group.users.push_back(person);
      managed_.grants.push_back({group.id, group.name, uid(person), std::to_string(person), person_id(person),
                                 person_dn(person), rule});
    }
    std::ranges::sort(group.users);
    managed_.groups.push_back({group.id, group.name, rule, true, {group_id(group.name)}});
    observed_.groups.push_back(std::move(group));
  }
  std::ranges::sort(managed_.grants, {},
                    [](Grant const& grant) { return std::tie(grant.group_id, grant.principal); });
}

std::size_t Company::plan(std::size_t* notices) const {
  auto const desired = plan::desire(rules_, input_.views, {{"vault", true}}, {});
  auto draft = plan::draft(input_, desired);
  auto const judged = plan::judge(draft, {rules_, input_.limits, {}, {}, {}}, {});
  if (notices != nullptr) *notices = judged.targets.at("vault").notices.size();
  return judged.changes.size();
}

}  // namespace dirsync::guard
