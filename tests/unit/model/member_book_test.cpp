#include "sync/model/member_book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dirsync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;
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
  std::optional<std::vector<EntryId>> left(std::string const& group,
                                           std::vector<std::string> const& now) const {
    std::vector<std::string_view> const values(now.begin(), now.end());
    return book.left(EntryId{group}, values);
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
  std::vector<std::string> const came{dn("dan")}, went{dn("BOB"), dn("nobody")};
  EXPECT_THAT(book.left(EntryId{"ops"}, came, went), Optional(ElementsAre(EntryId{"bob"})));
  std::vector<std::string> const unknown{dn("robert")};
  EXPECT_EQ(book.left(EntryId{"ops"}, unknown, went), std::nullopt);
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

}  // namespace
}  // namespace dirsync
