// Random directories in a real slapd: read as the reference says, and safe under random faults.
#include <random>

#include "tests/integration/ldap/bends.hpp"
#include "tests/support/ldap/expect_graph.hpp"

namespace dirsync::ldap {
namespace {

using test::RandomDirectory;

#ifndef DIRSYNC_SPOILT_BYTES
#define DIRSYNC_SPOILT_BYTES 500
#endif
#ifndef DIRSYNC_BEND_STRIDE
#define DIRSYNC_BEND_STRIDE 1
#endif
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

/// One fault somewhere, in a run after a good one.
struct GivenARandomFault : GivenAFault {
  /// Whatever the run ends with, nobody loses anything; afterwards all is as after the good run.
  void expect_harmless(LdapProxy::Edit edit, test::Delivery delivery = {}) {
    LdapProxy const proxy{slapd->port(), std::move(edit), delivery};
    auto hasty = paged(proxy.uri());
    hasty.timeouts.idle = std::chrono::milliseconds{150};  // a length that was spoilt promises more bytes
    auto const report = run_from(hasty);
    expect_nothing_lost(report);
    if (report.exit == engine::Exit::unread) return;
    ++with_snapshot;
    fill_targets();
  }

  /// Bends the n-th message of all, counted from 0.
  static LdapProxy::Edit at_message(std::size_t n, std::function<Messages(LdapMessage)> bend) {
    return [n, bend = std::move(bend), at = std::size_t{0}](LdapRequest const&, LdapMessage message) mutable {
      return at++ == n ? bend(std::move(message)) : Messages{std::move(message)};
    };
  }

  /// Sizes of all messages of a read.
  std::vector<std::size_t> sizes() {
    std::vector<std::size_t> sizes;
    LdapProxy const proxy{slapd->port(), [&sizes](LdapRequest const&, LdapMessage message) {
                            sizes.push_back(message.bytes().size());
                            return Messages{std::move(message)};
                          }};
    EXPECT_EQ(run_from(proxy.uri()).exit, engine::Exit::done);
    return sizes;
  }

  unsigned const seed = std::random_device{}();
  std::mt19937 random{seed};
  int with_snapshot = 0;
};

TEST_F(GivenARandomFault, WhenAByteIsSpoiltThenNobodyLosesAccess) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  auto const messages = sizes();
  for (auto left = DIRSYNC_SPOILT_BYTES; left > 0 && !HasFailure(); --left) {
    // Each message as often as any other: most bytes are those of the schema.
    auto const message = random() % messages.size();
    auto place = random() % messages[message];
    for (std::size_t before = 0; before < message; ++before) place += messages[before];
    SCOPED_TRACE("byte " + std::to_string(place) + " in message " + std::to_string(message));
    expect_harmless(untouched, {.spoil_at = place});
  }
}

TEST_F(GivenARandomFault, WhenAMessageIsLeftOutRepeatedOrCutThenNobodyLosesAccess) {
  auto const messages = sizes().size();
  std::function<Messages(LdapMessage)> const bends[] = {[](LdapMessage) { return Messages{}; },
                                                        [](LdapMessage message) {
                                                          return Messages{message, message};
                                                        },
                                                        [](LdapMessage message) {
                                                          message.body.resize(message.body.size() * 2 / 3);
                                                          return Messages{std::move(message)};
                                                        }};
  for (std::size_t n = 0; n < messages && !HasFailure(); ++n)
    for (std::size_t bend = 0; bend < std::size(bends); ++bend) {
      // Each message is left out; of the other bends some may do.
      if (bend != 0 && (n + bend) % DIRSYNC_BEND_STRIDE != 0) continue;
      SCOPED_TRACE("message " + std::to_string(n) + " of " + std::to_string(messages) + ", bend " +
                   std::to_string(bend));
      expect_harmless(at_message(n, bends[bend]));
    }
  EXPECT_GT(with_snapshot, 25);  // each person who is left out alone
}

}  // namespace
}  // namespace dirsync::ldap
