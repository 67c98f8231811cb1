// What an audit trail says is ours.
#include "daemon/cli/recovery/audit_replay.hpp"

#include <gmock/gmock.h>

namespace dirsync::cli {
namespace {
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct GivenATrail : testing::Test {
  AuditReplay replay;

  void row(std::string verb, std::string group, std::string principal = "", std::string result = "done",
           std::string phase = "change") {
    AuditRow told;
    told.phase = std::move(phase);
    told.target = "vault";
    told.verb = std::move(verb);
    told.group = std::move(group);
    told.id = principal.empty() ? "g-" + told.group : "p-" + principal;
    told.dn = "cn=" + (principal.empty() ? told.group : principal);
    told.principal = std::move(principal);
    told.rule = "ops";
    told.result = std::move(result);
    replay.take(told);
  }
  /// "group: member, ..." of each; "?" behind one whose name is not known any more.
  std::vector<std::string> ours() const {
    std::vector<std::string> words;
    auto const all = replay.remembered();
    auto const vault = all.find("vault");
    if (vault == all.end()) return words;
    for (auto const& group : vault->second.groups) {
      auto text = group.group.group + (group.is_renamed ? "?:" : ":");
      for (auto const& grant : group.grants) text += " " + grant.principal;
      words.push_back(std::move(text));
    }
    return words;
  }
  plan::RememberedGroup first() const { return replay.remembered().at("vault").groups.at(0); }
};

TEST_F(GivenATrail, WhenPeopleCameAndWentThenWhoIsLeftIsOurs) {
  row("create-group", "ops");
  for (auto const* who : {"ann", "bob", "cid", "dan"}) row("add", "ops", who);
  row("remove", "ops", "bob");
  row("forget", "ops", "cid");
  row("add", "ops", "cid", "already");
  row("remove", "ops", "DAN", "already", "recovered");
  EXPECT_THAT(ours(), ElementsAre("ops: ann cid"));
  auto const group = first();
  EXPECT_TRUE(group.group.created_by_us);
  EXPECT_EQ(group.group.rule, "ops");
  EXPECT_THAT(group.group.sources, ElementsAre(EntryId{"g-ops"}));
  EXPECT_EQ(group.grants[0].id.value(), "p-ann");
  EXPECT_EQ(group.grants[0].dn, "cn=ann");
  ASSERT_THAT(group.ended, SizeIs(2));
  EXPECT_EQ(group.ended[0].principal, "bob");
  EXPECT_EQ(group.ended[1].principal, "DAN");
}

TEST_F(GivenATrail, WhenSomethingWasNotDoneThenItDoesNotCount) {
  for (auto const* result : {"failed", "unknown", "skipped", "blocked", "unconfirmed"})
    row("add", "ops", "ann", result);
  row("add", "ops", "bob", "done", "hold");
  EXPECT_THAT(ours(), IsEmpty());
  row("add", "ops", "ann");
  row("remove", "ops", "ann", "failed");
  EXPECT_THAT(ours(), ElementsAre("ops: ann"));
}

TEST_F(GivenATrail, WhenAGroupIsDeletedThenItIsNotOurs) {
  row("create-group", "ops");
  row("add", "ops", "ann");
  row("delete-group", "ops");
  EXPECT_THAT(ours(), IsEmpty());
}

TEST_F(GivenATrail, WhenAGroupIsAdoptedThenOursAndNotMadeByUs) {
  row("adopt", "ops");
  row("adopt", "ops", "ann");
  EXPECT_THAT(ours(), ElementsAre("ops: ann"));
  EXPECT_FALSE(first().group.created_by_us);
}

TEST_F(GivenATrail, WhenAGroupIsRenamedThenItsNewNameIsThatOfTheNextRow) {
  row("create-group", "ops");
  row("add", "ops", "ann");
  row("rename-group", "ops");
  EXPECT_THAT(ours(), ElementsAre("ops?: ann"));
  row("add", "operators", "bob");
  EXPECT_THAT(ours(), ElementsAre("operators: ann bob"));
  EXPECT_TRUE(first().group.created_by_us);
}

TEST_F(GivenATrail, WhenTwoGroupsOfARuleAreRenamedThenNobodyGuessesWhichIsWhich) {
  for (auto const* name : {"ops", "web"}) row("create-group", name);
  for (auto const* name : {"ops", "web"}) row("rename-group", name);
  row("add", "operators", "bob");
  EXPECT_THAT(ours(), SizeIs(3));
  EXPECT_THAT(ours(), ElementsAre("operators: bob", "ops?:", "web?:"));
}

}  // namespace
}  // namespace dirsync::cli
