// Single people of a real slapd, as a whole read shows them.
#include <gmock/gmock.h>

#include "tests/integration/ldap/fixture.hpp"

namespace dirsync::ldap {
namespace {

using testing::IsEmpty;

struct GivenAFewPeople : LdapFixture {
  void SetUp() override {
    auto const ldif = small_ldif() + test::ldif_person("bob", 2);
    slapd.emplace(test::Slapd::Options{.ldif = ldif});
  }
  Result<Snapshot> read_some(std::vector<EntryId> ids, Settings const& with) {
    LdapDirectory directory{with};
    return run(directory.read_people(query(), std::move(ids)));
  }
};

TEST_F(GivenAFewPeople, WhenOneIsAskedForThenThatOneAsInAWholeReadAndNothingElse) {
  auto const whole = read(settings());
  ASSERT_TRUE(whole) << text(whole.error());
  auto const some = read_some({EntryId{test::uuid(2)}}, settings());
  ASSERT_TRUE(some) << text(some.error());
  ASSERT_EQ(some->people().size(), 1U);
  EXPECT_THAT(some->groups(), IsEmpty());
  auto const& bob = some->people().front();
  auto const& in_whole = whole->people()[whole->person_by_id(EntryId{test::uuid(2)}).value()];
  EXPECT_EQ(bob.id, in_whole.id);
  EXPECT_EQ(bob.dn, in_whole.dn);
  EXPECT_EQ(bob.normalized_dn, in_whole.normalized_dn);
  ASSERT_EQ(bob.values("mail").size(), 1U);
  EXPECT_EQ(bob.values("mail").front(), in_whole.values("mail").front());
  EXPECT_EQ(some->certificate().change_numbers.source, whole->certificate().change_numbers.source);
}

TEST_F(GivenAFewPeople, WhenSomeAreNotThereThenTheOthersCome) {
  auto const some =
      read_some({EntryId{test::uuid(1)}, EntryId{test::uuid(77)}, EntryId{"of another server"}}, settings());
  ASSERT_TRUE(some) << text(some.error());
  EXPECT_EQ(some->people().size(), 1U);
  auto const nobody = read_some({EntryId{"of another server"}}, settings());
  ASSERT_TRUE(nobody) << text(nobody.error());
  EXPECT_THAT(nobody->people(), IsEmpty());
}

TEST_F(GivenAFewPeople, WhenTheyAreNoPeopleOfAWholeReadThenTheyAreNotThere) {
  auto narrow = settings();
  narrow.users.filter = "(uid=ann)";
  auto const some = read_some({EntryId{test::uuid(1)}, EntryId{test::uuid(2)}}, narrow);
  ASSERT_TRUE(some) << text(some.error());
  ASSERT_EQ(some->people().size(), 1U);
  EXPECT_EQ(some->people().front().id, EntryId{test::uuid(1)});
  auto elsewhere = settings();
  elsewhere.users.base = kGroups;
  auto const none = read_some({EntryId{test::uuid(1)}}, elsewhere);
  ASSERT_TRUE(none) << text(none.error());
  EXPECT_THAT(none->people(), IsEmpty());
}

TEST_F(GivenAFewPeople, WhenTheServerIsGoneThenAnErrorAndNotAnAbsence) {
  auto const unreachable = settings();
  slapd->stop();
  EXPECT_FALSE(read_some({EntryId{test::uuid(1)}}, unreachable));
}

}  // namespace
}  // namespace dirsync::ldap
