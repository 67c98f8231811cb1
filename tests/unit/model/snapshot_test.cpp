#include "sync/model/snapshot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/model/dn.hpp"

namespace dirsync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<std::uint32_t> list(std::span<std::uint32_t const> numbers) {
  return {numbers.begin(), numbers.end()};
}

struct GivenBuilder : testing::Test {
  SnapshotBuilder builder{"corp"};

  void person(std::string const& uid) {
    std::vector<SnapshotBuilder::Attribute> const attributes{{"uid", {uid}}};
    builder.add_person(EntryId{"p-" + uid}, "uid=" + uid + ",dc=x", attributes);
  }
  std::uint32_t group(std::string const& cn) {
    return builder.add_group(EntryId{"g-" + cn}, "cn=" + cn + ",dc=x", {});
  }
  Snapshot built() {
    auto snapshot = std::move(builder).build({});
    EXPECT_TRUE(snapshot) << text(snapshot.error());
    return std::move(*snapshot);
  }
  /// "uid=ann,dc=x has ...", with "!" after the DN of one that is set aside.
  static std::vector<std::string> damages(Snapshot const& snapshot) {
    std::vector<std::string> words;
    for (auto const& damage : snapshot.damages())
      words.push_back(std::string{entry_of(snapshot, damage).dn} + (damage.is_set_aside ? "! " : " ") +
                      damage.what);
    return words;
  }
};

TEST_F(GivenBuilder, WhenMembersAreSpeltDifferentlyThenEachPersonOnce) {
  auto const staff = group("staff");
  builder.add_member_dn(staff, "UID=Ann, DC=X");
  builder.add_member_dn(staff, "uid=ann,dc=x");
  builder.add_member_dn(staff, "uid=bob,dc=x#'01'B");
  builder.add_member_dn(staff, "uid=gone,dc=x");
  builder.add_member_dn(staff, "no dn");
  person("bob");
  person("ann");
  auto const snapshot = built();
  EXPECT_THAT(list(snapshot.members(staff).people), ElementsAre(0, 1));
  auto const unresolved = snapshot.members(staff).unresolved;
  EXPECT_THAT(std::vector(unresolved.begin(), unresolved.end()), ElementsAre("no dn", "uid=gone,dc=x"));
  ASSERT_EQ(snapshot.certificate().clauses.size(), 1U);
  EXPECT_EQ(snapshot.certificate().clauses[0].detail,
            "2 member values name no entry that was read, such as \"no dn\" \"uid=gone,dc=x\"");
  EXPECT_EQ(snapshot.value_count(), 5U);
}

TEST_F(GivenBuilder, WhenMembersOfGroupsAlternateThenNoneIsLost) {
  person("ann");
  person("bob");
  auto const one = group("one"), two = group("two");
  builder.add_member_dn(one, "uid=ann,dc=x");
  builder.add_member_dn(two, "uid=ann,dc=x");
  builder.add_member_dn(one, "uid=bob,dc=x");
  builder.add_member_dn(two, "cn=one,dc=x");
  auto const snapshot = built();
  EXPECT_THAT(list(snapshot.members(one).people), ElementsAre(0, 1));
  EXPECT_THAT(list(snapshot.members(two).people), ElementsAre(0));
  EXPECT_THAT(list(snapshot.members(two).groups), ElementsAre(one));
}

TEST_F(GivenBuilder, WhenMemberIsUidThenExactMatchOnly) {
  auto const unix = group("unix");
  builder.add_member_uid(unix, "ann");
  builder.add_member_uid(unix, "BOB");
  person("ann");
  person("bob");
  auto const snapshot = built();
  EXPECT_THAT(list(snapshot.members(unix).people), ElementsAre(0));
  EXPECT_EQ(snapshot.members(unix).unresolved.size(), 1U);
}

TEST_F(GivenBuilder, WhenTwoPeopleShareAUidThenTheValueNamesNobody) {
  auto const unix = group("unix");
  builder.add_member_uid(unix, "ann");
  person("ann");
  std::vector<SnapshotBuilder::Attribute> const attributes{{"uid", {"ann"}}};
  builder.add_person(EntryId{"p-2"}, "uid=ann,ou=b,dc=x", attributes);
  auto const snapshot = built();
  EXPECT_THAT(list(snapshot.members(unix).people), IsEmpty());
  EXPECT_EQ(snapshot.members(unix).unresolved.size(), 1U);
}

TEST_F(GivenBuilder, WhenBuiltThenEntriesAreFoundAndKeepTheirValues) {
  person("ann");
  auto const staff = group("Staff");
  auto const snapshot = built();
  ASSERT_EQ(snapshot.person_by_id(EntryId{"p-ann"}), 0U);
  EXPECT_EQ(snapshot.group_by_id(EntryId{"g-Staff"}), staff);
  EXPECT_EQ(snapshot.group_by_dn("cn=staff,dc=x"), staff);
  EXPECT_EQ(snapshot.person_by_dn("cn=staff,dc=x"), std::nullopt);
  EXPECT_EQ(snapshot.person_by_id(EntryId{"p-bob"}), std::nullopt);
  auto const& ann = snapshot.people()[0];
  ASSERT_EQ(ann.values("UID").size(), 1U);
  EXPECT_EQ(ann.values("UID")[0], "ann");
  EXPECT_THAT(ann.values("mail"), IsEmpty());
  EXPECT_EQ(snapshot.groups()[staff].dn, "cn=Staff,dc=x");
  EXPECT_EQ(snapshot.groups()[staff].normalized_dn, "cn=staff,dc=x");
}

TEST_F(GivenBuilder, WhenSnapshotMovesThenViewsStay) {
  for (int n = 0; n < 3000; ++n) person("user" + std::to_string(n));
  auto first = built();
  auto const second = std::move(first);
  EXPECT_EQ(second.people()[2999].values("uid")[0], "user2999");
  EXPECT_EQ(second.person_by_dn("uid=user1234,dc=x"), 1234U);
}

TEST_F(GivenBuilder, WhenRulesSelectThenByIdDnAndDepth) {
  auto const top = group("top"), middle = group("middle"), leaf = group("leaf"), other = group("other");
  builder.add_member_dn(top, "cn=middle,dc=x");
  builder.add_member_dn(middle, "cn=leaf,dc=x");
  builder.add_member_dn(leaf, "cn=top,dc=x");
  builder.select("by-id", EntryId{"g-other"});
  builder.select_dn("by-dn", "CN=Leaf, DC=X");
  builder.select_dn("by-dn", "cn=missing,dc=x");
  builder.select_members_of("below", "cn=top,dc=x");
  auto const snapshot = built();
  EXPECT_THAT(list(snapshot.selected("by-id")), ElementsAre(other));
  EXPECT_THAT(list(snapshot.selected("by-dn")), ElementsAre(leaf));
  EXPECT_THAT(list(snapshot.selected("below")), ElementsAre(middle, leaf));
  EXPECT_THAT(list(snapshot.selected("unknown")), IsEmpty());
  ASSERT_EQ(snapshot.certificate().clauses.size(), 1U);
  EXPECT_NE(snapshot.certificate().clauses[0].detail.find("cn=missing,dc=x"), std::string::npos);
}

TEST_F(GivenBuilder, WhenSelectedGroupWasNotReadThenIncomplete) {
  builder.select("rule", EntryId{"g-unread"});
  auto const snapshot = std::move(builder).build({});
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, SnapshotErrc::incomplete);
  EXPECT_EQ(snapshot.error().code, Failure::transient);
}

TEST_F(GivenBuilder, WhenAClauseDoesNotHoldThenIncomplete) {
  Certificate certificate;
  certificate.clauses = {{"paging", true, ""}, {"base-readable", false, "ou=people is hidden"}};
  auto const snapshot = std::move(builder).build(certificate);
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, SnapshotErrc::incomplete);
  EXPECT_NE(snapshot.error().context.find("ou=people is hidden"), std::string::npos);
}

TEST_F(GivenBuilder, WhenAnEntryComesTwiceThenDuplicateId) {
  person("ann");
  person("ann");
  EXPECT_EQ(std::move(builder).build({}).error().code, SnapshotErrc::duplicate_id);
}

TEST_F(GivenBuilder, WhenTwoEntriesBearOneIdThenBothAreSetAside) {
  person("ann");
  builder.add_person(EntryId{"p-ann"}, "uid=ann,ou=new,dc=x", {});
  group("staff");
  builder.add_group(EntryId{"g-staff"}, "cn=copy,dc=x", {});
  EXPECT_THAT(
      damages(built()),
      ElementsAre(StartsWith("uid=ann,dc=x! bears the id p-ann of \"uid=ann,ou=new,dc=x\""),
                  StartsWith("uid=ann,ou=new,dc=x! bears the id p-ann of \"uid=ann,dc=x\""),
                  StartsWith("cn=staff,dc=x! bears the id"), StartsWith("cn=copy,dc=x! bears the id")));
}

TEST_F(GivenBuilder, WhenTwoEntriesAreSpeltAlikeThenBothAreSetAside) {
  auto const staff = group("staff");
  person("ann");
  builder.add_person(EntryId{"p-2"}, "uid=ann,dc=x", {});
  builder.add_member_dn(staff, "uid=ann,dc=x");
  auto const snapshot = built();
  EXPECT_THAT(damages(snapshot), ElementsAre(StartsWith("uid=ann,dc=x! has the DN of"),
                                             StartsWith("uid=ann,dc=x! has the DN of")));
  EXPECT_THAT(list(snapshot.members(staff).people), ElementsAre(0, 1))
      << "set aside, so that they keep what they have";
  EXPECT_EQ(snapshot.members(staff).unresolved.size(), 1U);
}

TEST_F(GivenBuilder, WhenTwoNamesFallTogetherThenOnlyTheirOwnSpellingsMeanThem) {
  auto const staff = group("staff"), other = group("other");
  person("ann");
  builder.add_person(EntryId{"p-2"}, "UID=ANN,dc=x", {});
  builder.add_member_dn(staff, "UID=ANN,dc=x");
  builder.add_member_dn(other, "uid=Ann,dc=x");
  auto const snapshot = built();
  EXPECT_THAT(list(snapshot.members(staff).people), ElementsAre(1));
  EXPECT_THAT(list(snapshot.members(other).people), IsEmpty());
  EXPECT_EQ(snapshot.members(other).unresolved.size(), 1U);
  EXPECT_FALSE(snapshot.person_by_dn("uid=ann,dc=x"));
  EXPECT_TRUE(snapshot.has_person("uid=ann,dc=x"));
  for (auto const& entry : snapshot.people()) EXPECT_TRUE(entry.shares_dn);
}

struct GivenAServerWithABadgeType : GivenBuilder {
  void SetUp() override {
    TypeDefinition badge{.oid = "1.2.3",
                         .names = {"badge", "badgeCode"},
                         .sup = "",
                         .equality = "caseExactMatch",
                         .ordering = "",
                         .substrings = "",
                         .syntax = "1.3.6.1.4.1.1466.115.121.1.15"};
    builder.set_schema(std::make_shared<Schema const>(std::vector{badge}, std::vector<ClassDefinition>{}));
    builder.add_person(EntryId{"p-1"}, "badge=A1,dc=x", {});
    builder.add_person(EntryId{"p-2"}, "badge=a1,dc=x", {});
  }
};

TEST_F(GivenAServerWithABadgeType, WhenMembersAreResolvedThenByItsRules) {
  auto const staff = group("staff"), other = builder.add_group(EntryId{"g-2"}, "badgeCode=G,dc=x", {});
  builder.add_member_dn(staff, "badgeCode=A1, DC=X");
  builder.add_member_dn(staff, "1.2.3=G,dc=x");
  builder.add_member_dn(other, "BADGE=a1,dc=x");
  builder.add_member_dn(other, "badge=g,dc=x");
  auto const snapshot = built();
  EXPECT_THAT(list(snapshot.members(staff).people), ElementsAre(0));
  EXPECT_THAT(list(snapshot.members(staff).groups), ElementsAre(other));
  EXPECT_THAT(list(snapshot.members(other).people), ElementsAre(1));
  EXPECT_EQ(snapshot.members(other).unresolved.size(), 1U);
  EXPECT_EQ(snapshot.group_named("OID.1.2.3 = G;dc=x"), other);
  EXPECT_FALSE(snapshot.group_named("badge=g,dc=x"));
  // Elsewhere the two are spelt alike.
  EXPECT_FALSE(snapshot.person_by_dn("badge=a1,dc=x"));
}

TEST_F(GivenBuilder, WhenAnEntryIsPersonAndGroupThenItIsSetAsideAndAValueIsNotKnownToBeEither) {
  auto const staff = group("staff");
  person("ann");
  builder.add_group(EntryId{"p-ann"}, "uid=ann,dc=x", {});
  builder.add_member_dn(staff, "uid=ann,dc=x");
  builder.add_member_dn(staff, "UID=Ann, dc=x");
  auto const snapshot = built();
  EXPECT_THAT(damages(snapshot),
              ElementsAre(StartsWith("uid=ann,dc=x! was read as a person and as a group")));
  EXPECT_THAT(list(snapshot.members(staff).people), ElementsAre(0));
  EXPECT_THAT(list(snapshot.members(staff).groups), IsEmpty());
  EXPECT_EQ(snapshot.members(staff).unresolved.size(), 2U);
}

TEST_F(GivenBuilder, WhenAnEntrysDnIsMalformedThenOnlyItsOwnSpellingMeansIt) {
  auto const staff = group("staff");
  builder.add_person(EntryId{"p"}, "ann", {});
  builder.add_member_dn(staff, "ann");
  builder.add_member_dn(staff, "Ann");
  auto const snapshot = built();
  EXPECT_THAT(damages(snapshot), ElementsAre(StartsWith("ann! has a DN that does not follow")));
  EXPECT_THAT(list(snapshot.members(staff).people), ElementsAre(0));
  EXPECT_EQ(snapshot.members(staff).unresolved.size(), 1U);
}

TEST_F(GivenBuilder, WhenAMemberValueCouldNameNothingThenItsGroupIsDamaged) {
  auto const staff = group("staff");
  person("ann");
  builder.add_member_dn(staff, "uid=ann,dc=x");
  builder.add_member_uid(staff, "a=b,");
  builder.add_member_uid(staff, "a\xff");
  builder.add_member_uid(staff, "nobody");
  auto const snapshot = built();
  EXPECT_THAT(
      damages(snapshot),
      ElementsAre(StartsWith("cn=staff,dc=x has 2 member values, neither a DN nor a user name: \"a")));
  EXPECT_THAT(list(snapshot.members(staff).people), ElementsAre(0));
  auto const& clause = snapshot.certificate().clauses.back();
  EXPECT_EQ(clause.name, "damaged");
  EXPECT_TRUE(clause.holds);
}

TEST_F(GivenBuilder, WhenAMemberUidIsADnThenItMeansThatPerson) {
  auto const staff = group("staff");
  person("ann");
  builder.add_member_uid(staff, "UID=ann, DC=x");
  auto const snapshot = built();
  EXPECT_THAT(list(snapshot.members(staff).people), ElementsAre(0));
  EXPECT_THAT(snapshot.members(staff).unresolved, IsEmpty());
}

}  // namespace
}  // namespace dirsync
