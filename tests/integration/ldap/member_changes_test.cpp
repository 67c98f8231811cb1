// Who came to a group and who left it, by the log of changes of a real slapd.
#include <gmock/gmock.h>

#include <atomic>

#include "tests/integration/ldap/fixture.hpp"
#include "tests/support/ldap/proxy.hpp"

namespace dirsync::ldap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Told = Result<std::optional<MemberChanges>>;

EntryId const kLoggedGroup{test::uuid(100)};

/// staff has ann and bob, and was changed once since the log began.
struct GivenALogOfChanges : LdapFixture {
  test::Slapd::Options options = {
      .ldif =
          test::ldif_tree() + test::ldif_person("ann", 1) + test::ldif_person("carl", 3) +
          test::ldif_group("staff", 100, {member(test::person_dn("ann")), member(test::person_dn("bob"))}),
      .log_access = {"access to * by * read"}};
  ChangeStamp as_read;

  void SetUp() override { start(); }
  void start() {
    slapd.emplace(options);
    change("replace: description\ndescription: first\n");
    as_read = stamp();
  }
  /// Of staff.
  void change(std::string const& modification) const {
    slapd->modify("dn: " + test::group_dn("staff") + "\nchangetype: modify\n" + modification + "\n");
  }
  static std::string add(std::string const& uid) {
    return "add: member\nmember: " + test::person_dn(uid) + "\n-\n";
  }
  static std::string take_out(std::string const& uid) {
    return "delete: member\nmember: " + test::person_dn(uid) + "\n-\n";
  }
  ChangeStamp stamp() {
    auto const snapshot = read(settings());
    EXPECT_TRUE(snapshot) << (snapshot ? "" : text(snapshot.error()));
    auto const group = snapshot ? snapshot->group_by_id(kLoggedGroup) : std::nullopt;
    return group ? snapshot->groups()[*group].changed : ChangeStamp{};
  }
  Told ask(Settings const& with, std::string const& dn = test::group_dn("staff")) {
    LdapDirectory directory{with};
    return run(directory.member_changes(query(), kLoggedGroup, dn, as_read));
  }
  void expect_nothing(Settings const& with) {
    auto const told = ask(with);
    ASSERT_TRUE(told) << text(told.error());
    EXPECT_FALSE(*told);
  }
  void expect_nothing() { expect_nothing(settings()); }
};

TEST_F(GivenALogOfChanges, WhenMembersCameAndLeftThenTheyAreTold) {
  change(add("carl") + take_out("bob"));
  change("add: member\nmember: UID=Dora,OU=People,dc=example,dc=com\n-\n");
  auto const told = ask(settings());
  ASSERT_TRUE(told) << text(told.error());
  ASSERT_TRUE(*told);
  EXPECT_THAT((*told)->added,
              testing::UnorderedElementsAre(test::person_dn("carl"), "uid=Dora,ou=People,dc=example,dc=com"));
  EXPECT_THAT((*told)->removed, ElementsAre(test::person_dn("bob")));
}

TEST_F(GivenALogOfChanges, WhenTheyAreAsBeforeInTheEndThenNobodyIsTold) {
  change(add("carl") + take_out("bob"));
  change("delete: member\nmember: UID=CARL,ou=people,dc=example,dc=com\n-\n" + add("bob"));
  auto const told = ask(settings());
  ASSERT_TRUE(told) << text(told.error());
  ASSERT_TRUE(*told);
  EXPECT_THAT((*told)->added, IsEmpty());
  EXPECT_THAT((*told)->removed, IsEmpty());
}

TEST_F(GivenALogOfChanges, WhenNothingChangedThenThatIsToldAsWell) {
  auto const told = ask(settings());
  ASSERT_TRUE(told) << text(told.error());
  ASSERT_TRUE(*told);
  EXPECT_THAT((*told)->added, IsEmpty());
  EXPECT_THAT((*told)->removed, IsEmpty());
}

TEST_F(GivenALogOfChanges, WhenMoreThanSingleMembersChangedThenNothingIsTold) {
  for (auto const& more : std::vector<std::string>{
           "replace: member\nmember: " + test::person_dn("ann") + "\n-\n", "delete: member\n-\n" + add("ann"),
           "replace: description\ndescription: second\n-\n"}) {
    SCOPED_TRACE(more);
    start();
    change(take_out("bob"));
    change(more);
    expect_nothing();
  }
}

TEST_F(GivenALogOfChanges, WhenTheGroupIsGoneOrAnotherThenNothingIsTold) {
  auto const dn = test::group_dn("staff");
  auto const renamed = "dn: " + dn + "\nchangetype: modrdn\nnewrdn: cn=crew\ndeleteoldrdn: 1\n\n";
  auto const deleted = "dn: " + dn + "\nchangetype: delete\n\n";
  auto const added_anew = "dn: " + dn + "\nchangetype: add\nobjectClass: groupOfNames\ncn: staff\n" +
                          member(test::person_dn("ann")) + "\n\n";
  for (auto const& records : {renamed, deleted, deleted + added_anew}) {
    SCOPED_TRACE(records);
    start();
    slapd->modify(records);
    expect_nothing();
    auto const by_new_name = ask(settings(), test::group_dn("crew"));
    ASSERT_TRUE(by_new_name) << text(by_new_name.error());
    EXPECT_FALSE(*by_new_name);
  }
}

TEST_F(GivenALogOfChanges, WhenTheGroupIsNoneOfAWholeReadThenNothingIsTold) {
  change(take_out("bob"));
  auto narrow = settings();
  narrow.groups.filter = "(cn=crew)";
  expect_nothing(narrow);
}

TEST_F(GivenALogOfChanges, WhenAnotherListMayNameTheSameThenNothingIsTold) {
  options.ldif =
      test::ldif_tree() + test::ldif_group("staff", 100,
                                           {member(test::person_dn("ann")), member(test::person_dn("bob")),
                                            "uniqueMember: " + test::person_dn("bob")},
                                           "groupOfNames\nobjectClass: extensibleObject");
  start();
  change(take_out("bob"));
  expect_nothing();
}

TEST_F(GivenALogOfChanges, WhenTheListIsNotCountedThenNothingIsTold) {
  auto of_others = settings();
  of_others.group_kinds.member_attributes = {"uniqueMember"};
  auto const unchanged = ask(of_others);
  ASSERT_TRUE(unchanged) << text(unchanged.error());
  EXPECT_TRUE(*unchanged);
  change(take_out("bob"));
  expect_nothing(of_others);
}

/// Renames are made good in groups by the server itself, and not in its log.
TEST_F(GivenALogOfChanges, WhenSomebodyElseGetsTheNameOfWhoLeftThenNothingIsTold) {
  options.global_lines = {"moduleload refint"};
  options.database_lines = {"overlay refint", "refint_attributes member"};
  options.ldif =
      test::ldif_tree() + test::ldif_person("ann", 1) + test::ldif_person("carl", 3) +
      test::ldif_group("staff", 100, {member(test::person_dn("ann")), member(test::person_dn("carl"))});
  start();
  change(take_out("ann"));
  auto const before = ask(settings());
  ASSERT_TRUE(before && *before);
  EXPECT_THAT((*before)->removed, ElementsAre(test::person_dn("ann")));
  slapd->modify("dn: " + test::person_dn("ann") + "\nchangetype: delete\n\n");
  slapd->modify("dn: " + test::person_dn("carl") +
                "\nchangetype: modrdn\nnewrdn: uid=ann\ndeleteoldrdn: 1\n\n");
  auto const ann_is_back = [this] {
    auto const snapshot = read(settings());
    auto const group = snapshot ? snapshot->group_by_id(kLoggedGroup) : std::nullopt;
    return group && snapshot->members(*group).people.size() == 1;
  };
  ASSERT_TRUE(test::eventually(ann_is_back));
  expect_nothing();
}

TEST_F(GivenALogOfChanges, WhenItDoesNotGoBackThatFarThenNothingIsTold) {
  slapd.emplace(options);
  as_read = stamp();
  change(take_out("bob"));
  expect_nothing();
  as_read = ChangeStamp{};
  expect_nothing();
}

TEST_F(GivenALogOfChanges, WhenItIsHiddenOrNotThereThenNothingIsToldAndThatIsNoError) {
  for (auto const& access :
       std::vector<std::vector<std::string>>{{},
                                             {"access to * by * none"},
                                             {"access to attrs=reqMod by * none", "access to * by * read"},
                                             {"access to attrs=entryCSN by * none", "access to * by * read"},
                                             {"access to * by * search"}}) {
    SCOPED_TRACE(access.empty() ? "no log" : access.front());
    options.log_access = access;
    start();
    change(take_out("bob"));
    expect_nothing();
  }
}

TEST_F(GivenALogOfChanges, WhenTheServerIsGoneThenAnError) {
  auto const unreachable = settings();
  slapd->stop();
  EXPECT_FALSE(ask(unreachable));
}

TEST_F(GivenALogOfChanges, WhenTheGroupIsLargeThenOneChangeCostsAsMuchAsInASmallOne) {
  std::vector<std::string> members{member(test::person_dn("bob"))};
  for (int n = 0; n < 20'000; ++n) members.push_back(member(test::person_dn("user" + std::to_string(n))));
  options.ldif = test::ldif_tree() + test::ldif_group("staff", 100, members);
  start();
  change(take_out("bob"));
  std::atomic<std::size_t> bytes = 0;
  auto const count = [&bytes](test::LdapRequest const&, test::LdapMessage message) {
    bytes += message.bytes().size();
    return std::vector{std::move(message)};
  };
  test::LdapProxy const proxy{slapd->port(), count};
  LdapDirectory directory{settings_for(proxy.uri())};
  // The schema is read once.
  ASSERT_TRUE(run(directory.read_people(query(), {})));
  bytes = 0;
  auto const told = run(directory.member_changes(query(), kLoggedGroup, test::group_dn("staff"), as_read));
  ASSERT_TRUE(told) << text(told.error());
  ASSERT_TRUE(*told);
  EXPECT_THAT((*told)->removed, ElementsAre(test::person_dn("bob")));
  EXPECT_LT(bytes.load(), 10'000U);
}

}  // namespace
}  // namespace dirsync::ldap
