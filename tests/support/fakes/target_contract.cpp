#include "tests/support/fakes/target_contract.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/support/run.hpp"

namespace dirsync::fake {
namespace {

using testing::HasSubstr;
using Kind = OtherMember::Kind;

}  // namespace

void PrintTo(VaultToTest const& vault, std::ostream* out) { *out << vault.name; }

void GivenATarget::SetUp() {
  vault_ = GetParam().make();
  vault_->create_group(kGroup);
  for (auto const& name : initial_) vault_->join(kGroup, name);
  read();
}

std::optional<Observed> GivenATarget::read() {
  auto all = test::run(vault_->io(), vault_->target().read());
  if (differences_.shows_members) {
    EXPECT_TRUE(all) << (all ? "" : text(all.error()));
    if (all) return *std::move(all);
    return std::nullopt;
  }
  EXPECT_FALSE(all);
  EXPECT_THAT(all ? "" : text(all.error()),
              testing::AllOf(HasSubstr("version"), HasSubstr("includeMembers")));
  EXPECT_EQ(vault_->writes(), 0);
  return std::nullopt;
}

std::optional<Observed> GivenATarget::read_some(std::string const& group_id, std::string const& user_id) {
  SomeOfTarget wanted;
  wanted.groups.insert(group_id);
  wanted.users.insert(user_id);
  auto some = test::run(vault_->io(), vault_->target().read_some(std::move(wanted)));
  EXPECT_EQ(some.has_value(), differences_.gives_one_group) << (some ? "" : text(some.error()));
  if (!some) return std::nullopt;
  EXPECT_TRUE(some->is_partial);
  return *std::move(some);
}

TargetGroup const* GivenATarget::group_in(Observed const& all, std::string_view name) {
  auto const found = std::ranges::find(all.groups, name, &TargetGroup::name);
  return found == all.groups.end() ? nullptr : &*found;
}

GivenATarget::Members GivenATarget::names(Observed const& all, TargetGroup const& group) {
  Members members;
  for (auto const user : group.users) members.insert(all.users.at(user).name);
  return members;
}

std::optional<Kind> GivenATarget::kind_of(TargetGroup const& group, std::string_view member) {
  auto const found = std::ranges::find(group.others, member, &OtherMember::name);
  return found == group.others.end() ? std::nullopt : std::optional{found->kind};
}

Change GivenATarget::change(Verb verb, std::string const& principal, std::string const& group) const {
  Change made;
  made.target = "vault";
  made.verb = verb;
  made.group = group;
  made.group_id = verb == Verb::create_group ? "" : vault_->group_id(group);
  made.principal = principal;
  made.principal_id = principal.empty() ? "" : vault_->user_id(principal);
  return made;
}

Change GivenATarget::renaming(std::string const& name) const {
  auto made = change(Verb::rename_group);
  made.new_name = name;
  return made;
}

Change GivenATarget::provisioning(std::string const& name, std::string const& dn) const {
  auto made = change(Verb::add, name);
  made.principal_id.clear();
  made.domain = kDomain;
  made.dn = dn;
  return made;
}

Applied GivenATarget::apply(Change change) {
  std::vector<Change> batch{std::move(change)};
  return test::run(vault_->io(), vault_->target().apply(std::move(batch))).at(0);
}

Applied GivenATarget::expect(Change change, Outcome outcome, int writes) {
  if (!differences_.shows_members) {
    outcome = Outcome::skipped;
    writes = 0;
  }
  auto const before = vault_->writes();
  auto const what = std::string{to_text(change.verb)} + " " + change.principal;
  auto applied = apply(std::move(change));
  EXPECT_STREQ(to_text(applied.outcome), to_text(outcome)) << what << ": " << applied.detail;
  EXPECT_EQ(vault_->writes() - before, writes) << what;
  auto const needs_reason = outcome != Outcome::done && outcome != Outcome::already;
  EXPECT_TRUE(!needs_reason || !applied.detail.empty()) << what;
  return applied;
}

Applied GivenATarget::expect_unsent(Change change) { return expect(std::move(change), Outcome::failed, 0); }

void GivenATarget::expect_members(Members after, std::string const& group) const {
  EXPECT_EQ(vault_->members(group), differences_.shows_members ? after : initial_);
}

Result<std::optional<TargetGroup>> GivenATarget::look_at(std::string const& group_id, Observed const& users) {
  return test::run(vault_->io(), vault_->target().read_group(group_id, users));
}

}  // namespace dirsync::fake
