#pragma once
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "sync/engine/errors.hpp"
#include "tests/integration/ldap/fixture.hpp"
#include "tests/support/ldap/proxy.hpp"
#include "tests/unit/engine/plant.hpp"

namespace dirsync::ldap {

/// What a request of the reader is for.
enum class Where { bind, root_dse, people_base, groups_base, people, groups, rule, other };

inline Where where_of(test::LdapRequest const& request) {
  if (request.operation == test::LdapMessage::kBindRequest) return Where::bind;
  auto const& search = request.search;
  auto const in_people = search.base.starts_with("ou=people"),
             in_groups = search.base.starts_with("ou=groups");
  if (search.scope == 0)
    return search.base.empty() ? Where::root_dse
           : in_people         ? Where::people_base
           : in_groups         ? Where::groups_base
                               : Where::other;
  if (in_people) return Where::people;
  if (!in_groups) return Where::other;
  return std::ranges::find(search.attributes, "member") != search.attributes.end() ? Where::groups
                                                                                   : Where::rule;
}

/// A directory that remembers why its last read failed.
class WatchedDirectory final : public Directory {
 public:
  explicit WatchedDirectory(Settings settings) : directory_(std::move(settings)) {}
  boost::asio::awaitable<Result<Snapshot>> read(DirectoryQuery query) override {
    auto snapshot = co_await directory_.read(std::move(query));
    if (!snapshot) error = snapshot.error();
    co_return snapshot;
  }
  boost::asio::awaitable<Result<std::vector<Presence>>> look_for(std::vector<EntryProbe> probes) override {
    return directory_.look_for(std::move(probes));
  }
  std::optional<Error> error;

 private:
  LdapDirectory directory_;
};

/// Both targets filled from a real slapd by one good run. The rules are as ruthless as they can be set: no
/// limit, no hold, groups emptied and deleted when their source is gone, foreign members removed.
struct LdapFaultFixture : LdapFixture {
  static constexpr int kPeople = 25, kPageSize = 5;

  static std::string uid(int number) { return "p" + std::to_string(100 + number); }
  static std::string member_of(int number) { return member(test::person_dn(uid(number))); }

  static std::vector<std::string> members(int first, int last) {
    std::vector<std::string> lines;
    for (auto number = first; number <= last; ++number) lines.push_back(member_of(number));
    return lines;
  }

  static std::string group(std::string const& cn, unsigned number, std::vector<std::string> lines,
                           std::vector<std::string> const& more = {},
                           std::string const& object_class = "groupOfNames") {
    lines.insert(lines.end(), more.begin(), more.end());
    return test::ldif_group(cn, number, lines, object_class);
  }

  /// Every kind of group, a ring, one that contains itself, one that names somebody who is nowhere.
  static std::string company() {
    auto ldif = test::ldif_tree();
    for (auto number = 1; number <= kPeople; ++number)
      ldif += test::ldif_person(uid(number), static_cast<unsigned>(number));
    return ldif + group("ops", 200, members(1, 8)) +
           group("dev", 201, members(9, 12), {member(test::group_dn("team"))}) +
           group("team", 202, members(13, 16),
                 {member(test::group_dn("team")), member(test::group_dn("ring"))}) +
           group("ring", 203, members(17, 18), {member(test::group_dn("dev"))}) +
           group("lost", 204, members(19, 20), {member("uid=nobody,ou=people,dc=example,dc=com")}) +
           group("unix", 205, {"memberUid: " + uid(21), "memberUid: " + uid(22)}, {}, "posixGroup") +
           group("unique", 206,
                 {"uniqueMember: " + test::person_dn(uid(23)),
                  "uniqueMember: " + test::person_dn(uid(24)) + "#'01'B"},
                 {}, "groupOfUniqueNames") +
           group("last", 207, members(25, 25));
  }

  void SetUp() override {
    slapd.emplace(test::Slapd::Options{.ldif = company()});
    fill_targets();
  }

  int connections = 2;
  Settings paged(std::string const& uri) const {
    auto small = settings_for(uri);
    small.tls.ca_file = slapd->ca_file();
    small.page_size = kPageSize;
    small.connections = connections;
    return small;
  }

  /// Everybody has a user in both targets, and no group yet.
  void empty_targets() {
    plant.emplace();
    for (auto number = 1; number <= kPeople; ++number) {
      plant->vault.world.user(uid(number), test::person_dn(uid(number)));
      plant->console.world.user(uid(number), "", UserSource::unknown);
    }
    for (auto& rule : plant->setup.rules) {
      rule.source_gone = SourceGone::empty;
      rule.delete_groups = DeleteGroups::when_empty;
      rule.foreign_members = ForeignMembers::remove;
    }
    plant->setup.directories[0].normalized_base = "dc=example,dc=com";
  }

  /// As a first run leaves them in which nothing went wrong.
  void fill_targets() {
    empty_targets();
    auto const first = run_from(slapd->uri());
    ASSERT_EQ(first.exit, engine::Exit::done);
    ASSERT_EQ(plant->vault.world.members("dev").size(), 10U);
    ASSERT_EQ(plant->console.world.members("unique").size(), 2U);
    filled = memberships();
    plant->forget_calls();
  }

  /// One run whose directory is read from there.
  engine::Report run_from(std::string const& uri) { return run_from(paged(uri)); }
  engine::Report run_from(Settings const& settings) {
    WatchedDirectory directory{settings};
    plant->setup.directories[0].directory = &directory;
    auto report = plant->run();
    read_error = directory.error;
    return report;
  }

  /// "vault ops: p101 p102 ..." for each target group.
  std::vector<std::string> memberships() const {
    std::vector<std::string> lines;
    for (auto const& [name, target] : {std::pair{"vault", &plant->vault}, {"console", &plant->console}})
      for (auto const& group : target->world.observed.groups) {
        auto line = std::string{name} + " " + group.name + ":";
        for (auto const& user : target->world.members(group.name)) line += " " + user;
        lines.push_back(std::move(line));
      }
    return lines;
  }

  void expect_nothing_written() const {
    EXPECT_EQ(plant->writes(), 0U);
    EXPECT_EQ(memberships(), filled);
  }

  /// A run that ends without a snapshot for exactly this reason, and does nothing.
  void expect_unread(engine::Report const& report, boost::system::error_code code,
                     std::vector<std::string> const& words) const {
    EXPECT_EQ(report.exit, engine::Exit::unread);
    EXPECT_TRUE(report.plan.changes.empty());
    expect_nothing_written();
    ASSERT_FALSE(report.plan.reasons.empty());
    auto const& said = report.plan.reasons.front().text;
    EXPECT_EQ(read_error ? read_error->code : code, code) << said;
    EXPECT_EQ(report.plan.reasons.front().code, code == engine::EngineErrc::band ? "band" : "read-failed");
    EXPECT_THAT(said, testing::EndsWith(code.message() + ")"));
    for (auto const& word : words) EXPECT_THAT(said, testing::HasSubstr(word));
    EXPECT_THAT(plant->audit("read"), testing::Contains("corp refused"));
  }

  /// A run with a snapshot, in which nobody loses anything.
  void expect_nothing_lost(engine::Report const& report) const {
    for (auto const& change : report.plan.changes)
      EXPECT_TRUE(change.verb == Verb::add || change.unconfirmed)
          << change.target << " " << fake::in_words(change) << ": " << change.why;
    expect_nothing_written();
  }

  std::optional<engine::Plant> plant;
  std::optional<Error> read_error;  // of the last run
  std::vector<std::string> filled;  // memberships() after the good run
};

}  // namespace dirsync::ldap
