// Who is in a group, against a reference that never reads a DN, in some hundred small directories.
#include "tests/support/ldap/expect_graph.hpp"

namespace dirsync {
namespace {

using test::RandomDirectory;

constexpr unsigned kDirectories = 600;

EntryId person_id(std::size_t n) { return EntryId{"p" + std::to_string(n)}; }
EntryId group_id(std::size_t n) { return EntryId{"g" + std::to_string(n)}; }

Snapshot snapshot_of(RandomDirectory const& directory, std::mt19937& random) {
  SnapshotBuilder builder{"corp"};
  for (std::size_t n = 0; n < directory.groups.size(); ++n) {
    auto const& group = directory.groups[n];
    auto const number = builder.add_group(group_id(n), respelt(group.dn, random), {});
    for (auto const& member : group.members)
      if (group.kind == RandomDirectory::Kind::posix)
        builder.add_member_uid(number, member.value);
      else
        builder.add_member_dn(number, member.value);
  }
  for (std::size_t n = 0; n < directory.people.size(); ++n) {
    auto const& person = directory.people[n];
    SnapshotBuilder::Attribute const uid{"uid", {person.uid}};
    builder.add_person(person_id(n), written(person.dn), {&uid, 1});
  }
  return std::move(builder).build({}).value();
}

struct GivenRandomDirectories : testing::Test {};

TEST_F(GivenRandomDirectories, WhenFlattenedThenAsTheReferenceSays) {
  std::size_t nested = 0;
  for (unsigned seed = 0; seed < kDirectories && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomDirectory const directory{seed, {{{{"dc", "example"}}, {{"dc", "com"}}}}, true};
    std::mt19937 random{seed};
    test::expect_as_the_reference(snapshot_of(directory, random), directory, person_id, group_id);
    for (std::size_t n = 0; n < directory.groups.size(); ++n)
      nested += directory.everybody_in(n, -1).size() - directory.people_in(n).size();
  }
  EXPECT_GT(nested, kDirectories);
}

}  // namespace
}  // namespace dirsync
