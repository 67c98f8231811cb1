// Random directories in a real slapd: read as the reference says.
#include <random>

#include "tests/integration/ldap_fixture.hpp"
#include "tests/support/expect_graph.hpp"

namespace dirsync::ldap {
namespace {

using test::RandomDirectory;

constexpr unsigned kFixedSeeds = 30, kFreshSeeds = 10, kIdsOfOne = 100;

struct GivenRandomDirectories : LdapFixture {
  struct Planted {
    unsigned seed;
    RandomDirectory directory;
  };
  std::vector<Planted> planted;

  /// All in one slapd, each below a unit of its own.
  void SetUp() override {
    std::random_device fresh;
    auto ldif = test::ldif_tree();
    for (unsigned n = 0; n < kFixedSeeds + kFreshSeeds; ++n) {
      auto const seed = n < kFixedSeeds ? 10'000 + n : fresh();
      planted.push_back({seed, RandomDirectory{seed, unit(n), false}});
      ldif += planted.back().directory.ldif(n * kIdsOfOne);
    }
    slapd.emplace(test::Slapd::Options{.ldif = ldif});
  }
  static test::PlainDn unit(unsigned n) {
    return {{{{"ou", "unit " + std::to_string(n)}}, {{"dc", "example"}}, {{"dc", "com"}}}};
  }
};

TEST_F(GivenRandomDirectories, WhenReadThenAsTheReferenceSays) {
  for (unsigned n = 0; n < planted.size() && !HasFailure(); ++n) {
    auto const& [seed, directory] = planted[n];
    SCOPED_TRACE("seed " + std::to_string(seed));
    auto area = settings();
    area.users.base = directory.people_base();
    area.groups.base = directory.groups_base();
    area.page_size = 2 + static_cast<int>(n % 5);
    auto const snapshot = read(area);
    ASSERT_TRUE(snapshot) << text(snapshot.error());
    auto const first = n * kIdsOfOne, first_group = first + static_cast<unsigned>(directory.people.size());
    auto const id_from = [](unsigned start) {
      return
          [start](std::size_t number) { return EntryId{test::uuid(start + static_cast<unsigned>(number))}; };
    };
    test::expect_as_the_reference(*snapshot, directory, id_from(first), id_from(first_group));
    EXPECT_EQ(snapshot->selected(kStaff).size(), directory.groups.size());
  }
}

}  // namespace
}  // namespace dirsync::ldap
