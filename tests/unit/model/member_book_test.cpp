#include "sync/model/member_book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/model/dn.hpp"

namespace dirsync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

/// ops {ann, bob, ghost, web}, web {cid}, all {ops}.
struct GivenABook : testing::Test {
  MemberBook book = made();

  static std::string dn(std::string const& uid) { return "uid=" + uid + ",ou=people,dc=example,dc=com"; }
  static MemberBook made() {
    SnapshotBuilder builder{"corp"};
    for (auto const* uid : {"ann", "bob", "cid", "dan"}) builder.add_person(EntryId{uid}, dn(uid), {});
    auto const ops = builder.add_group(EntryId{"ops"}, "cn=ops,dc=example,dc=com", {});
    auto const web = builder.add_group(EntryId{"web"}, "cn=web,dc=example,dc=com", {});
    auto const all = builder.add_group(EntryId{"all"}, "cn=all,dc=example,dc=com", {});
    for (auto const* uid : {"ann", "bob", "ghost"}) builder.add_member_dn(ops, dn(uid));
    builder.add_member_dn(ops, "cn=web,dc=example,dc=com");
    builder.add_member_dn(web, dn("cid"));
    builder.add_member_dn(all, "cn=ops,dc=example,dc=com");
    return MemberBook{std::move(builder).build({}).value()};
  }
  std::optional<MemberBook::Changes> changes(std::string const& group,
                                             std::vector<std::string> const& now) const {
    std::vector<std::string_view> const values(now.begin(), now.end());
    return book.changes(EntryId{group}, values);
  }
  std::optional<std::vector<EntryId>> left(std::string const& group,
                                           std::vector<std::string> const& now) const {
    auto found = changes(group, now);
    return found ? std::optional{std::move(found->left)} : std::nullopt;
  }
  std::vector<EntryId> came(std::string const& group, std::vector<std::string> const& now) const {
    return changes(group, now).value().came;
  }
};

TEST_F(GivenABook, WhenAListIsAsItWasThenNobodyLeft) {
  EXPECT_THAT(left("ops", {dn("ann"), dn("bob"), dn("ghost"), "cn=web,dc=example,dc=com"}),
              Optional(IsEmpty()));
}

TEST_F(GivenABook, WhenAListNamesSomebodyNoMoreThenTheyLeft) {
  EXPECT_THAT(left("ops", {dn("ann"), "cn=web,dc=example,dc=com"}), Optional(ElementsAre(EntryId{"bob"})));
  EXPECT_THAT(left("web", {}), Optional(ElementsAre(EntryId{"cid"})));
}

TEST_F(GivenABook, WhenAValueIsSpeltInAnotherWayThenItIsTheSame) {
  EXPECT_THAT(left("ops", {"UID=Ann, OU=People, DC=Example, DC=Com"}), Optional(ElementsAre(EntryId{"bob"})));
}

TEST_F(GivenABook, WhenSomebodyWhoIsKnownCameThenThatTakesNothingAway) {
  EXPECT_THAT(left("web", {dn("cid"), dn("dan")}), Optional(IsEmpty()));
}

TEST_F(GivenABook, WhenAValueIsNewAndOfNobodyThenNobodyCanTell) {
  EXPECT_EQ(left("ops", {dn("ann"), dn("robert")}), std::nullopt) << "bob, renamed";
  EXPECT_EQ(left("web", {"cn=all,dc=example,dc=com"}), std::nullopt) << "a group that has them";
  EXPECT_EQ(left("web", {"cid"}), std::nullopt) << "no DN";
}

TEST_F(GivenABook, WhenALogTellsWhoWentThenTheyLeft) {
  std::vector<std::string> const added{dn("dan")}, removed{dn("BOB"), dn("nobody")};
  auto const found = book.changes(EntryId{"ops"}, added, removed);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->left, ElementsAre(EntryId{"bob"}));
  EXPECT_THAT(found->came, ElementsAre(EntryId{"dan"}));
  std::vector<std::string> const unknown{dn("robert")};
  EXPECT_FALSE(book.changes(EntryId{"ops"}, unknown, removed));
}

TEST_F(GivenABook, WhenSomebodyWhoIsKnownCameThenTheyCame) {
  EXPECT_THAT(came("web", {dn("cid"), dn("dan"), dn("DAN")}), ElementsAre(EntryId{"dan"}));
  EXPECT_THAT(came("web", {dn("cid")}), IsEmpty());
}

/// The value means whomever it meant.
TEST_F(GivenABook, WhenAValueStoodThereThenNobodyCame) {
  EXPECT_THAT(came("ops", {dn("ann"), dn("bob"), dn("ghost"), "cn=web,dc=example,dc=com"}), IsEmpty());
}

TEST_F(GivenABook, WhenTwoHadTheDnThenNobodyCame) {
  SnapshotBuilder builder{"corp"};
  builder.add_person(EntryId{"one"}, "cn=two spaces,dc=x", {});
  builder.add_person(EntryId{"other"}, "cn=two  spaces,dc=x", {});
  builder.add_group(EntryId{"ops"}, "cn=ops,dc=x", {});
  MemberBook const shared{std::move(builder).build({}).value()};
  std::vector<std::string_view> const values{"cn=two spaces,dc=x"};
  auto const found = shared.changes(EntryId{"ops"}, values);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->came, IsEmpty());
}

TEST_F(GivenABook, WhenSomebodyIsNotedThenTheyCameNoMoreAndCanLeave) {
  book.note_joined(EntryId{"web"}, EntryId{"dan"});
  book.note_joined(EntryId{"web"}, EntryId{"dan"});
  EXPECT_THAT(came("web", {dn("cid"), dn("dan")}), IsEmpty());
  EXPECT_THAT(left("web", {dn("cid")}), Optional(ElementsAre(EntryId{"dan"})));
  EXPECT_THAT(book.groups_of(EntryId{"dan"}), ElementsAre(EntryId{"web"}));
}

/// A log tells of who came and left again since the read as if nothing had been.
TEST_F(GivenABook, WhenALogTellsOfSomebodyNotedNoMoreThenTheyLeft) {
  book.note_joined(EntryId{"web"}, EntryId{"dan"});
  std::vector<std::string> const still{dn("dan")}, nobody;
  EXPECT_THAT(book.changes(EntryId{"web"}, still, nobody).value().left, IsEmpty());
  EXPECT_THAT(book.changes(EntryId{"web"}, still, nobody).value().came, IsEmpty());
  EXPECT_THAT(book.changes(EntryId{"web"}, nobody, nobody).value().left, ElementsAre(EntryId{"dan"}));
}

TEST_F(GivenABook, WhenAskedForAPersonThenItKnowsThemAndTheirDn) {
  EXPECT_TRUE(book.has_person(EntryId{"dan"}));
  EXPECT_FALSE(book.has_person(EntryId{"ops"}));
  EXPECT_TRUE(book.had_dn(EntryId{"dan"}, normalized_dn(dn("dan")).value()));
  EXPECT_FALSE(book.had_dn(EntryId{"dan"}, normalized_dn(dn("ann")).value()));
  EXPECT_FALSE(book.had_dn(EntryId{"nobody"}, ""));
}

TEST_F(GivenABook, WhenTheGroupWasNotReadThenNobodyCanTell) {
  EXPECT_FALSE(book.has_group(EntryId{"new"}));
  EXPECT_EQ(left("new", {}), std::nullopt);
}

TEST_F(GivenABook, WhenSomebodyIsInGroupsThenThoseThatHaveThemThemselvesAreTheirs) {
  EXPECT_THAT(book.groups_of(EntryId{"cid"}), ElementsAre(EntryId{"web"}));
  EXPECT_THAT(book.groups_of(EntryId{"dan"}), IsEmpty());
  EXPECT_THAT(book.groups_of(EntryId{"nobody"}), IsEmpty());
}

TEST_F(GivenABook, WhenAGroupIsInOthersThenTheyAreAboveIt) {
  EXPECT_THAT(book.up_from(EntryId{"web"}),
              UnorderedElementsAre(EntryId{"web"}, EntryId{"ops"}, EntryId{"all"}));
  EXPECT_THAT(book.up_from(EntryId{"new"}), IsEmpty());
}

/// The read of GivenABook once more, with something else about it.
struct GivenALaterBook : GivenABook {
  using Differences = std::vector<std::pair<std::string, std::string>>;
  struct Otherwise {
    std::vector<std::string> people{"ann", "bob", "cid", "dan"};
    std::map<std::string, std::string> moved{};  // by uid: another one in its DN
    std::string ops_dn = "cn=ops,dc=example,dc=com";
    std::vector<std::string> in_ops{"ann", "bob", "ghost"};
    bool is_web_in_ops = true, has_more = false;
  };
  Differences to(Otherwise const& other, std::size_t most = 100) const {
    SnapshotBuilder builder{"corp"};
    auto const dn_of = [&other](std::string const& uid) {
      auto const moved = other.moved.find(uid);
      return dn(moved == other.moved.end() ? uid : moved->second);
    };
    // In another order: numbers say nothing.
    for (auto uid = other.people.rbegin(); uid != other.people.rend(); ++uid)
      builder.add_person(EntryId{*uid}, dn_of(*uid), {});
    if (other.has_more) builder.add_group(EntryId{"more"}, "cn=more,dc=example,dc=com", {});
    auto const all = builder.add_group(EntryId{"all"}, "cn=all,dc=example,dc=com", {});
    auto const web = builder.add_group(EntryId{"web"}, "cn=web,dc=example,dc=com", {});
    auto const ops = builder.add_group(EntryId{"ops"}, other.ops_dn, {});
    for (auto const& uid : other.in_ops) builder.add_member_dn(ops, dn_of(uid));
    if (other.is_web_in_ops) builder.add_member_dn(ops, "cn=web,dc=example,dc=com");
    builder.add_member_dn(web, dn_of("cid"));
    builder.add_member_dn(all, other.ops_dn);
    MemberBook const later{std::move(builder).build({}).value()};
    Differences differences;
    for (auto const& [entry, by] : book.differences(later, most))
      differences.emplace_back(entry.value(), by.value());
    return differences;
  }
};

TEST_F(GivenALaterBook, WhenNothingIsOtherwiseThenNothingDiffers) { EXPECT_THAT(to({}), IsEmpty()); }

TEST_F(GivenALaterBook, WhenSomebodyCameLeftOrMovedThenTheyDiffer) {
  EXPECT_THAT(to({.people = {"ann", "bob", "cid", "dan", "eve"}}), ElementsAre(Pair("eve", "")));
  EXPECT_THAT(to({.people = {"ann", "bob", "cid"}}), ElementsAre(Pair("dan", "")));
  EXPECT_THAT(to({.moved = {{"ann", "anne"}}}), ElementsAre(Pair("ann", "")));
}

TEST_F(GivenALaterBook, WhenAListIsOtherwiseThenTheGroupDiffersByEachPerson) {
  EXPECT_THAT(to({.in_ops = {"ann", "dan", "ghost"}}),
              UnorderedElementsAre(Pair("ops", "bob"), Pair("ops", "dan")));
  EXPECT_THAT(to({.is_web_in_ops = false}), ElementsAre(Pair("ops", "web")));
}

TEST_F(GivenALaterBook, WhenSomebodyWhoCameOrIsGoneIsInAListThenOnlyTheyDiffer) {
  EXPECT_THAT(to({.people = {"ann", "bob", "cid", "dan", "eve"}, .in_ops = {"ann", "bob", "ghost", "eve"}}),
              ElementsAre(Pair("eve", "")));
  EXPECT_THAT(to({.people = {"bob", "cid", "dan"}, .in_ops = {"bob", "ghost"}}),
              ElementsAre(Pair("ann", "")));
}

TEST_F(GivenALaterBook, WhenAGroupCameOrHasAnotherDnThenItDiffers) {
  EXPECT_THAT(to({.has_more = true}), ElementsAre(Pair("more", "")));
  EXPECT_THAT(to({.ops_dn = "cn=operators,dc=example,dc=com"}), ElementsAre(Pair("ops", "")));
  EXPECT_THAT(to({.ops_dn = "CN=Ops, DC=example, DC=com"}), IsEmpty()) << "as another server spells it";
}

TEST_F(GivenALaterBook, WhenMoreDiffersThanIsAskedForThenThatMany) {
  EXPECT_THAT(to({.people = {}, .in_ops = {}}, 2), SizeIs(2));
}

TEST_F(GivenALaterBook, WhenSomebodyWasNotedThenTheyAreInTheListBefore) {
  book.note_joined(EntryId{"ops"}, EntryId{"dan"});
  EXPECT_THAT(to({.in_ops = {"ann", "bob", "dan", "ghost"}}), IsEmpty());
  EXPECT_THAT(to({}), ElementsAre(Pair("ops", "dan")));
}

}  // namespace
}  // namespace dirsync
