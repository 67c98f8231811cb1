#pragma once
// What every directory must give. Each program with a real server takes these tests in by
// INSTANTIATE_TYPED_TEST_SUITE_P.
#include <gmock/gmock.h>

#include "tests/integration/directories/fixture.hpp"

namespace dirsync::ldap {

/// ann and bob; staff has ann and the group devs, devs has bob and staff: a ring.
template <class Server>
struct GivenADirectory : ServerFixture<Server> {
  using Fixture = ServerFixture<Server>;
  void SetUp() override {
    Fixture::tools().modify(Fixture::area_ldif(name) + Fixture::person_ldif(name, "ann") +
                            Fixture::person_ldif(name, "bob") + Fixture::group_ldif(name, "devs", {bob}) +
                            Fixture::group_ldif(name, "staff", {ann, devs}));
    Fixture::modify(devs, "add: member\nmember: " + staff + "\n");
  }
  Snapshot read_area() { return this->must_read(Fixture::settings(name)); }
  std::vector<Presence> look_for(EntryId const& id, std::string const& dn) {
    return this->look(Fixture::settings(name), {{id, dn, {bob}}});
  }

  static inline int count = 0;
  std::string const name = "area" + std::to_string(++count);
  std::string const ann = Fixture::person_dn(name, "ann"), bob = Fixture::person_dn(name, "bob");
  std::string const staff = Fixture::group_dn(name, "staff"), devs = Fixture::group_dn(name, "devs");
};
TYPED_TEST_SUITE_P(GivenADirectory);

TYPED_TEST_P(GivenADirectory, WhenReadThenPeopleAndNestedGroupsAreMembers) {
  auto const snapshot = this->read_area();
  EXPECT_THAT(this->people_in(snapshot, this->staff), testing::ElementsAre("ann"));
  EXPECT_THAT(this->groups_in(snapshot, this->staff), testing::ElementsAre("devs"));
  EXPECT_THAT(this->people_in(snapshot, this->devs), testing::ElementsAre("bob"));
  EXPECT_THAT(this->groups_in(snapshot, this->devs), testing::ElementsAre("staff"));
}

TYPED_TEST_P(GivenADirectory, WhenARuleAsksForMembersOfThenGroupsBelowAreSelected) {
  DirectoryQuery query;
  query.rules = {{"below", GroupQuery::MembersOf{this->staff}}};
  auto const snapshot = this->must_read(this->settings(this->name), query);
  EXPECT_THAT(this->selected(snapshot, "below"), testing::ElementsAre("devs"));
}

TYPED_TEST_P(GivenADirectory, WhenPagesAreSmallThenAllPagesAreRead) {
  auto small = this->settings(this->name);
  small.page_size = 1;
  auto const snapshot = this->must_read(small);
  EXPECT_EQ(snapshot.people().size(), 2U);
  EXPECT_EQ(snapshot.groups().size(), 2U);
  EXPECT_GE(snapshot.certificate().pages, 6U);  // 2 each for people, groups and the rule
}

TYPED_TEST_P(GivenADirectory, WhenAGroupHasThousandsOfMembersThenAllAreRead) {
  auto const snapshot = this->must_read(this->settings("crowd"));
  auto const crowd = snapshot.members(this->group(snapshot, this->group_dn("crowd", "crowd")));
  EXPECT_EQ(crowd.unresolved.size(), static_cast<std::size_t>(this->kCrowd));
}

TYPED_TEST_P(GivenADirectory, WhenReadWithStartTlsThenAsOverLdaps) {
  auto starttls = this->settings(this->name);
  starttls.uris = {this->server().uri()};
  starttls.starttls = true;
  EXPECT_EQ(this->must_read(starttls).people().size(), 2U);
}

TYPED_TEST_P(GivenADirectory, WhenTheCaIsAnotherThenNothingIsRead) {
  TempFolder const folder;
  auto stranger = this->settings(this->name);
  stranger.tls.ca_file = test::make_certificates(folder.path()).ca_file;
  this->expect_failure(stranger, LdapErrc::tls_failed, {this->server().tls_uri()});
}

TYPED_TEST_P(GivenADirectory, WhenThePasswordIsWrongThenTheBindIsRefused) {
  auto wrong = this->settings(this->name);
  wrong.bind.password = Secret{"wrong"};
  this->expect_failure(wrong, LdapErrc::bind_refused, {wrong.bind.dn});
}

TYPED_TEST_P(GivenADirectory, WhenAPersonIsRenamedThenTheIdStays) {
  auto const id = this->person(this->read_area(), this->ann).id;
  this->rename(this->ann, this->person_rdn("anna"));
  EXPECT_EQ(this->person(this->read_area(), this->person_dn(this->name, "anna")).id, id);
  EXPECT_THAT(this->look_for(id, this->ann), testing::ElementsAre(Presence::present));
}

TYPED_TEST_P(GivenADirectory, WhenAGroupIsRenamedThenTheIdStays) {
  auto const id = this->group_id(this->read_area(), this->staff);
  this->rename(this->staff, "cn=crew");
  auto const after = this->read_area();
  EXPECT_EQ(this->group_id(after, this->group_dn(this->name, "crew")), id);
  EXPECT_THAT(this->people_in(after, this->group_dn(this->name, "crew")), testing::ElementsAre("ann"));
}

TYPED_TEST_P(GivenADirectory, WhenASubtreeIsMovedThenTheIdsStay) {
  auto const people = this->people(this->name);
  this->tools().modify(this->unit_ldif("north", people) + this->unit_ldif("lands", people));
  this->rename(this->ann, this->person_rdn("ann"), "ou=north," + people);
  auto const id = this->person(this->read_area(), this->person_rdn("ann") + ",ou=north," + people).id;
  this->rename("ou=north," + people, "ou=south", "ou=lands," + people);
  auto const moved = this->person_rdn("ann") + ",ou=south,ou=lands," + people;
  EXPECT_EQ(this->person(this->read_area(), moved).id, id);
}

TYPED_TEST_P(GivenADirectory, WhenAPersonIsDeletedAndMadeAgainThenItIsSomebodyElse) {
  auto const id = this->person(this->read_area(), this->ann).id;
  this->remove(this->ann);
  this->tools().modify(this->person_ldif(this->name, "ann"));
  EXPECT_NE(this->person(this->read_area(), this->ann).id, id);
  EXPECT_THAT(this->look_for(id, this->ann), testing::ElementsAre(Presence::unknown));  // the name is taken
}

TYPED_TEST_P(GivenADirectory, WhenAPersonIsDeletedThenALookSaysGone) {
  auto const id = this->person(this->read_area(), this->ann).id;
  this->remove(this->ann);
  EXPECT_THAT(this->look_for(id, this->ann), testing::ElementsAre(Presence::gone));
}

TYPED_TEST_P(GivenADirectory, WhenAnEntryIsChangedThenItSaysWhen) {
  auto const first = this->read_area();
  ASSERT_TRUE(this->person(first, this->ann).changed.time());
  // Some servers tell whole seconds.
  auto const before = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  this->modify(this->devs, "replace: description\ndescription: changed\n");
  this->modify(this->bob, "replace: description\ndescription: changed\n");
  auto const snapshot = this->read_area();
  auto const after = std::chrono::system_clock::now();
  for (auto const& changed : {snapshot.groups()[this->group(snapshot, this->devs)].changed.time(),
                              this->person(snapshot, this->bob).changed.time()}) {
    ASSERT_TRUE(changed);
    EXPECT_GE(*changed, before);
    EXPECT_LE(*changed, after);
  }
  EXPECT_EQ(this->person(snapshot, this->ann).changed, this->person(first, this->ann).changed);
}

REGISTER_TYPED_TEST_SUITE_P(GivenADirectory, WhenReadThenPeopleAndNestedGroupsAreMembers,
                            WhenARuleAsksForMembersOfThenGroupsBelowAreSelected,
                            WhenPagesAreSmallThenAllPagesAreRead,
                            WhenAGroupHasThousandsOfMembersThenAllAreRead,
                            WhenReadWithStartTlsThenAsOverLdaps, WhenTheCaIsAnotherThenNothingIsRead,
                            WhenThePasswordIsWrongThenTheBindIsRefused, WhenAPersonIsRenamedThenTheIdStays,
                            WhenAGroupIsRenamedThenTheIdStays, WhenASubtreeIsMovedThenTheIdsStay,
                            WhenAPersonIsDeletedAndMadeAgainThenItIsSomebodyElse,
                            WhenAPersonIsDeletedThenALookSaysGone, WhenAnEntryIsChangedThenItSaysWhen);

}  // namespace dirsync::ldap
