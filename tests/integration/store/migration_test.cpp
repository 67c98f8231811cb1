// A file of every older schema is brought to this one with all that it holds.
#include "store/packing.hpp"
#include "store/schema.hpp"
#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {

/// As each released version left it: the statements that fill what is new in that schema.
constexpr char kFirst[] =
    "INSERT INTO run (id, started, trigger, actor, configuration_digest) "
    "VALUES (1, '2026-11-21T20:00:00.000Z', 'sync', 'alice', 'c');"
    "INSERT INTO directory (number, name, accepted_run, group_count, people_count, value_count) "
    "VALUES (1, 'corp', 1, 2, 3, 4);"
    "INSERT INTO membership (target, group_id, principal_folded, principal_id, group_name, principal, "
    "entry_id, "
    "dn, rule) VALUES ('vault', '7', 'ada', 'id-1', 'Operators', 'Ada', 'e-1', 'uid=ada', 'ops'), "
    "('vault', '7', 'bob', '', 'Operators', 'bob', 'e-2', 'uid=bob', 'ops'), "
    "('vault', '8', 'ada', 'id-1', 'Auditors', 'Ada', 'e-1', 'uid=ada', 'ops');"
    "INSERT INTO plan (digest, run, first_seen, last_seen, state, decided, decided_by, document_json) "
    "VALUES ('waits', 1, '2026-11-21T20:00:00.000Z', '2026-11-21T20:00:00.000Z', 'held', '', '', '{}'), "
    "('was', 1, '2026-11-20T20:00:00.000Z', '2026-11-20T20:00:00.000Z', 'applied', "
    "'2026-11-20T20:01:00.000Z', 'bob', '{}');"
    "UPDATE run SET finished = '2026-11-21T20:00:05.000Z', verdict = 'run', "
    "report_json = '{\"plan\":{\"run\":1},\"total_ms\":7}';"
    "INSERT INTO target_success (target, run, time) VALUES ('vault', 1, '2026-11-21T20:00:05.000Z');"
    // The worked example of docs/audit.md.
    "INSERT INTO audit (sequence, time, run, phase, target, verb, group_name, principal, dn, id, rule, path, "
    "plan, actor, result, detail, previous, hash) VALUES (1, '2026-11-21T21:38:11.042Z', 7, 'change', "
    "'vault', 'add', 'unix-admins', 'alice', 'uid=alice,ou=people,dc=example,dc=com', "
    "'6f1c2a34-5b6d-4e7f-8a9b-0c1d2e3f4a5b', 'unix-admins', 'cn=pam-unix-admins > uid=alice', "
    "replace(hex(zeroblob(32)), '0', 'a'), 'daemon', 'done', '', hex(zeroblob(32)), "
    "'d1f9ad79d062772a65e00d668731a43f530a6be38665e74a17dd1f084ea806f5');"
    "INSERT INTO absence (directory, key, runs) VALUES ('corp', 'person e-3', 1);"
    "INSERT INTO rule_memory (rule, configuration_digest, desired_digest) VALUES ('ops', 'c', 'd');"
    "INSERT INTO set_aside (target, group_name, principal, reason, attempts, next_try) "
    "VALUES ('vault', 'Operators', 'eve', 'refused', 2, '2026-11-21T21:00:00.000Z');"
    "INSERT INTO managed_group (target, group_id, group_name, rule, created_by_us, sources) "
    "VALUES ('vault', '7', 'Operators', 'ops', 1, x'03672d31');"
    "INSERT INTO intent (run, plan, actor, n, target, verb, phase, group_name, group_id, principal, "
    "principal_id, dn, entry_id, domain, roles, rule, path, why) VALUES (1, 'p', 'alice', 4, 'vault', "
    "'rename-group', 4, 'Operators', '7', '', '', 'cn=ops', 'g-1', '', x'', 'ops', 'cn=ops', 'renamed');";
constexpr char kSecond[] =
    "INSERT INTO change_number (directory, source, origin, value) VALUES ('corp', 'contextCSN', '000', '5');"
    "INSERT INTO plan (digest, run, first_seen, last_seen, state, decided, decided_by, document_json, "
    "directory) "
    "VALUES ('read', 1, '2026-11-21T20:00:00.000Z', '2026-11-21T20:00:00.000Z', 'held', '', '', '{}', "
    "'corp');";
constexpr char kThird[] = "UPDATE directory SET source = 'contextCSN';";
constexpr char kFourth[] = "";  // an index alone
constexpr char kFifth[] =
    "INSERT INTO target_state (target, run, time, state, waiting, effective) "
    "VALUES ('vault', 1, '2026-11-21T20:00:00.000Z', 'unconfirmed', x'03616e6e', x'');";
constexpr char kSixth[] =
    "UPDATE membership SET source = 'directory';"
    "UPDATE absence SET counted = '2026-11-21T19:59:00.000Z';"
    "UPDATE rule_memory SET settings = '{\"nested\":true}';"
    "UPDATE intent SET source = 'local', new_name = 'Operations';"
    "UPDATE directory SET ignored_referrals = 2;"
    "INSERT INTO deciding_attribute (directory, attribute, entries) VALUES (1, 'employeetype', 3);"
    "INSERT INTO kept_text (number, digest, content) VALUES (1, 'd-1', '{\"clauses\":[]}'), "
    "(2, 'd-2', 'waiting ann');"
    "INSERT INTO notice_list (number, digest, notices) VALUES (1, 'd-3', x'02');"
    "UPDATE run SET shared_text = 1, notice_list = 1;"
    "INSERT INTO excluded (rule, dn, entry_id) VALUES ('ops', 'cn=closed', 'g-9');"
    "INSERT INTO blocked (target, position, verb, group_name, group_id, principal, principal_id, dn, "
    "entry_id, "
    "rule, path, why, source, code, reason, since) VALUES ('vault', 1, 'remove', 'Operators', '7', 'Ada', "
    "'id-1', 'uid=ada', 'e-1', 'ops', 'cn=ops', 'left', 'directory', 'protected', 'it is protected', "
    "'2026-11-21T20:00:00.000Z');";
constexpr char kSeventh[] = "UPDATE target_state SET state = 'blocked';";
constexpr char kEighth[] = "UPDATE directory SET keeps_unresolved = 1;";
constexpr char kNinth[] = "INSERT INTO made_user (target, user_id, name) VALUES ('vault', 'u-1', 'ann');";
// Without its tree the store works it out again.
constexpr char kTenth[] = "DELETE FROM audit_tree;";
constexpr char kEleventh[] =
    "INSERT INTO plan (digest, run, first_seen, last_seen, state, decided, decided_by, document_json) "
    "VALUES ('agreed', 1, '2026-11-20T20:00:00.000Z', '2026-11-20T20:00:00.000Z', 'approved', "
    "'2026-11-20T20:01:00.000Z', 'uid:1000 (jane) via sudo', '{}'), "
    "('by the chief', 1, '2026-11-20T20:00:00.000Z', '2026-11-20T20:00:00.000Z', 'approved', "
    "'2026-11-20T20:02:00.000Z', 'the chief', '{}');";
constexpr char kTwelfth[] =
    "INSERT INTO freeze (target, removals_alone, reason, actor, since, until) VALUES ('', 1, 'audit', "
    "'uid:1000 (jane)', '2026-11-20T20:03:00.000Z', '');";
constexpr char kThirteenth[] =
    "INSERT INTO undone (target, position, verb, group_name, group_id, principal, principal_id, dn, "
    "entry_id, "
    "rule, new_name, run, undone_by, said, since) VALUES ('vault', 1, 'add', 'Operators', '7', 'Ada', "
    "'id-1', "
    "'uid=ada', 'e-1', 'ops', '', 1, 2, 'g-1', '2026-11-21T20:00:00.000Z');";
constexpr char kFourteenth[] = "";  // keep_owners()
constexpr char kFifteenth[] = "";
constexpr char kSixteenth[] =
    "INSERT INTO pruned_approval (plan, time, actor) VALUES ('long ago', '2026-11-20T20:03:00.000Z', "
    "'jane');";
/// One for each released schema but the newest.
constexpr char const* kFilled[] = {kFirst,      kSecond,     kThird,     kFourth,   kFifth,    kSixth,
                                   kSeventh,    kEighth,     kNinth,     kTenth,    kEleventh, kTwelfth,
                                   kThirteenth, kFourteenth, kFifteenth, kSixteenth};

class GivenFileOfAnOlderSchema : public GivenFolder, public testing::WithParamInterface<std::int64_t> {
 protected:
  void SetUp() override {
    write_file("");
    auto const version = static_cast<std::size_t>(GetParam());
    auto database = Database::open(state_folder(), Database::Access::read_write).value();
    for (std::size_t step = 0; step < version; ++step) {
      ASSERT_TRUE(migrate(database, migrations().first(step + 1)));
      database.execute(kFilled[step]);
    }
    keep_who_was_in(database);
    if (has(8)) keep_what_named_nothing(database);
    if (has(14)) keep_owners(database);
  }
  static void keep_owners(Database& database) {
    std::vector<std::string> const owners{"uid=boss"};
    auto const packed = pack_texts(owners);
    database.query("INSERT INTO group_owner (directory, group_id, owners) VALUES (1, 'g-1', ?)")
        .with(Blob{packed})
        .run();
  }
  static void keep_what_named_nothing(Database& database) {
    auto const keys = pack_keys(kNamedNothing);
    database
        .query(
            "INSERT INTO unresolved (directory, group_id, runs, counted, keys) "
            "VALUES (1, 'g-1', 2, '2026-11-21T19:59:00Z', ?)")
        .with(Blob{keys})
        .run();
  }
  /// Group 1 of the directory has person 2, and had person 3 before run 1 ended.
  static void keep_who_was_in(Database& database) {
    EntryRecord group{
        .is_group = true, .first_run = 1, .id = "g-1", .normalized_dn = "cn=ops", .dn = "cn=Ops"};
    EntryRecord ada{.first_run = 1, .id = "e-1", .normalized_dn = "uid=ada", .dn = "uid=Ada"};
    EntryRecord bob{.first_run = 1, .gone_run = 1, .id = "e-2", .normalized_dn = "uid=bob", .dn = "uid=Bob"};
    EntryRecord const records[] = {group, ada, bob};
    std::uint32_t const now[] = {2}, before[] = {3};
    auto const page = pack_entries(records), members = pack_numbers(now), past = pack_numbers(before);
    database.query("INSERT INTO entry_page (directory, page, entries) VALUES (1, 0, ?)")
        .with(Blob{page})
        .run();
    database.query("INSERT INTO member_set (directory, group_number, since_run, members) VALUES (1, 1, 1, ?)")
        .with(Blob{members})
        .run();
    database
        .query(
            "INSERT INTO past_member_set (directory, group_number, since_run, until_run, members) "
            "VALUES (1, 1, 0, 1, ?)")
        .with(Blob{past})
        .run();
  }
  bool has(std::int64_t version) const { return GetParam() >= version; }
  static inline std::vector<std::uint64_t> const kNamedNothing{5, 7};
};

TEST_P(GivenFileOfAnOlderSchema, WhenOpenedThenOfThisSchemaWithAllThatItHeld) {
  auto store = open();
  EXPECT_EQ(ask("PRAGMA user_version"), std::to_string(migrations().back().version));
  EXPECT_EQ(ask("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(store.last_counts("corp").value()->values, 4);
  auto const held = store.held_plans().value();
  ASSERT_EQ(held.size(), has(2) ? 2U : 1U);
  EXPECT_EQ(store.find_plan(PlanDigest{"waits"}).value()->directory, "");
  EXPECT_EQ(store.find_plan(PlanDigest{"was"}).value()->decided_by, "bob");
  EXPECT_EQ(store.last_change_numbers("corp", "contextCSN").value().values.size(), has(2) ? 1U : 0U);
  EXPECT_EQ(store.held_read("corp").value().has_value(), has(2));
  EXPECT_EQ(store.last_source("corp").value(), has(3) ? "contextCSN" : "");
}

TEST_P(GivenFileOfAnOlderSchema, WhenOpenedThenAnApprovalIsThatOfWhoGaveItAndWhatIsFrozenStaysSo) {
  auto store = open();
  auto const freezes = store.freezes().value();
  ASSERT_EQ(freezes.size(), has(12) ? 1U : 0U);
  for (auto const& freeze : freezes) EXPECT_EQ(freeze.reason, "audit");
  EXPECT_EQ(store.undone("vault").value().size(), has(13) ? 1U : 0U);
  EXPECT_EQ(store.group_owners().value().size(), has(14) ? 1U : 0U);
  EXPECT_EQ(store.find_plan(PlanDigest{"waits"}).value()->approvals_needed, 1);
  EXPECT_TRUE(store.find_plan(PlanDigest{"was"}).value()->given.empty()) << "it was applied";
  if (!has(11)) return;
  GivenApproval const jane{"uid:1000 (jane) via sudo", *parse_rfc3339("2026-11-20T20:01:00Z")};
  EXPECT_EQ(store.find_plan(PlanDigest{"agreed"}).value()->given, std::vector{jane});
  EXPECT_EQ(ask("SELECT group_concat(account, ', ') FROM (SELECT account FROM approval ORDER BY digest)"),
            "uid:1000, the chief");
}

TEST_P(GivenFileOfAnOlderSchema, WhenOpenedThenEveryGrantIsThereAndCanBeTakenOut) {
  auto store = open();
  auto const grants = store.managed("vault").value().grants;
  ASSERT_EQ(grants.size(), 3U);
  EXPECT_EQ(grants[0].principal, "Ada");
  ASSERT_TRUE(store.forget(RunId{1}, "vault", "daemon", {grants.data(), 2}));
  auto const left = store.managed("vault").value().grants;
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].group, "Auditors");
}

TEST_P(GivenFileOfAnOlderSchema, WhenOpenedThenWhatIsNewIsNotKnownOfWhatIsOld) {
  auto store = open();
  auto const absences = store.absences("corp").value();
  ASSERT_EQ(absences.size(), 1U);
  EXPECT_EQ(absences[0].runs, 1);
  EXPECT_EQ(absences[0].counted, has(6) ? *parse_rfc3339("2026-11-21T19:59:00Z") : Time{});
  auto const memory = store.rule_memory("ops").value();
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->settings, has(6) ? R"({"nested":true})" : "");
  for (auto const& grant : store.managed("vault").value().grants)
    EXPECT_EQ(grant.source, has(6) ? std::optional{UserSource::directory} : std::nullopt);
  std::map<std::string, std::int64_t> const shown{{"employeetype", 3}};
  auto const counts = *store.last_counts("corp").value();
  EXPECT_EQ(counts.attributes, has(6) ? shown : decltype(shown){});
  EXPECT_EQ(counts.ignored_referrals, has(6) ? std::optional{2} : std::nullopt);
  ExcludedGroups const excluded{{"cn=closed", EntryId{"g-9"}}};
  EXPECT_EQ(store.excludes("ops").value(), has(6) ? excluded : ExcludedGroups{});
  auto const unresolved = store.unresolved("corp").value();
  ASSERT_EQ(unresolved.has_value(), has(8)) << "what named nothing before is not known";
  if (unresolved) {
    EXPECT_EQ(unresolved->at(0).values, kNamedNothing);
  }
  EXPECT_EQ(store.group_owners().value().empty(), !has(14));
  std::vector<MadeUser> const made{{"u-1", "ann"}};
  EXPECT_EQ(store.managed("vault").value().made_users, has(9) ? made : std::vector<MadeUser>{});
}

TEST_P(GivenFileOfAnOlderSchema, WhenOpenedThenNoDelayIsKnownAndEachFeedBeginsAnew) {
  auto store = open();
  EXPECT_EQ(ask("SELECT count(*) || ' ' || count(delay_ms) FROM audit"), "1 0");
  EXPECT_TRUE(store.removal_delays(Time{}).value().empty());
  EXPECT_TRUE(store.feed_cookies().value().empty());
  EXPECT_EQ(store.approvals().value().contains("long ago"), has(16));
  RunRecord run;
  run.id = RunId{1};
  run.feed_cookies = {{"corp", {"syncrepl", "rid=000"}}};
  ASSERT_TRUE(store.end_run(run));
  EXPECT_EQ(store.feed_cookies().value(), run.feed_cookies);
}

TEST_P(GivenFileOfAnOlderSchema, WhenOpenedThenItTellsWhoHadWhat) {
  auto store = open();
  auto const intervals = store.intervals();
  auto const operators = intervals.find_groups("operators", "vault", std::nullopt).value();
  ASSERT_EQ(operators.size(), 1U);
  EXPECT_EQ(operators[0].id, "7");
  auto const members = intervals.members(operators[0].number, std::nullopt).value();
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(members[0].principal, "Ada");
  EXPECT_EQ(members[0].rule, "ops");
  EXPECT_FALSE(members[0].since) << "the trail does not tell";
  // The trail tells of her, and no grant does any more.
  auto const admins = intervals.find_groups("unix-admins", "vault", std::nullopt).value();
  ASSERT_EQ(admins.size(), 1U);
  auto const alice = intervals.history("alice", admins[0].number).value();
  ASSERT_EQ(alice.size(), 1U);
  EXPECT_EQ(alice[0].began, *parse_rfc3339("2026-11-21T21:38:11.042Z"));
  EXPECT_EQ(alice[0].path, "cn=pam-unix-admins > uid=alice");
  EXPECT_EQ(alice[0].end, HeldInterval::End::unknown);
}

TEST_P(GivenFileOfAnOlderSchema, WhenOpenedThenWhatWaitsIsThereStill) {
  auto store = open();
  auto const groups = store.managed("vault").value().groups;
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_TRUE(groups[0].created_by_us);
  EXPECT_EQ(groups[0].sources, std::vector{EntryId{"g-1"}});
  EXPECT_EQ(store.set_aside("vault").value().at(0).attempts, 2);
  auto const intents = store.open_intents().value();
  ASSERT_EQ(intents.size(), 1U);
  EXPECT_EQ(intents[0].actor, "alice");
  EXPECT_EQ(intents[0].change.verb, Verb::rename_group);
  EXPECT_EQ(intents[0].change.new_name, has(6) ? "Operations" : "");
  EXPECT_EQ(intents[0].change.source, has(6) ? std::optional{UserSource::local} : std::nullopt);
  auto const states = store.target_states().value();
  ASSERT_EQ(states.size(), has(5) ? 1U : 0U);
  for (auto const& [name, state] : states) {
    EXPECT_EQ(state.waiting, std::vector<std::string>{"ann"}) << name;
    EXPECT_TRUE(state.unresolved.empty()) << name;
    auto blocked = state;
    blocked.kind = TargetState::Kind::blocked;
    ASSERT_TRUE(store.keep_target_states(RunId{1}, {&blocked, 1}));
    EXPECT_EQ(store.target_states().value().at(name).kind, TargetState::Kind::blocked);
  }
}

TEST_P(GivenFileOfAnOlderSchema, WhenOpenedThenWhatIsBlockedIsSoStill) {
  auto const blocked = open().blocked("vault").value();
  ASSERT_EQ(blocked.size(), has(6) ? 1U : 0U);
  for (auto const& [change, code, reason, since] : blocked) {
    EXPECT_EQ(change.target, "vault");
    EXPECT_EQ(change.verb, Verb::remove);
    EXPECT_EQ(change.group, "Operators");
    EXPECT_EQ(change.group_id, "7");
    EXPECT_EQ(change.principal, "Ada");
    EXPECT_EQ(change.principal_id, "id-1");
    EXPECT_EQ(change.dn, "uid=ada");
    EXPECT_EQ(change.id, EntryId{"e-1"});
    EXPECT_EQ(change.rule, "ops");
    EXPECT_EQ(change.path, "cn=ops");
    EXPECT_EQ(change.why, "left");
    EXPECT_EQ(change.source, UserSource::directory);
    EXPECT_EQ(code, "protected");
    EXPECT_EQ(reason, "it is protected");
    EXPECT_EQ(since, *parse_rfc3339("2026-11-21T20:00:00Z"));
  }
}

TEST_P(GivenFileOfAnOlderSchema, WhenOpenedThenItsTrailAndItsHistoryHold) {
  auto store = open();
  auto const chain = store.verify_chain().value();
  EXPECT_FALSE(chain.fault);
  EXPECT_EQ(chain.count, 1);
  ASSERT_TRUE(store.append({}));
  EXPECT_FALSE(store.verify_chain().value().fault);
  auto const shown = store.find_run(RunId{1}).value().value();
  EXPECT_EQ(shown.report_json, R"({"plan":{"run":1},"total_ms":7})");
  EXPECT_EQ(shown.shared_json, has(6) ? R"({"clauses":[]})" : "");
  EXPECT_EQ(shown.notices, has(6) ? std::vector<std::string>{"waiting ann"} : std::vector<std::string>{});
  EXPECT_EQ(store.last_successes().value().at("vault").run, RunId{1});
  auto const group = store.group_at("corp", EntryId{"g-1"}, clock->now()).value().value();
  EXPECT_EQ(group.dn, "cn=Ops");
  ASSERT_EQ(group.members.size(), 1U);
  EXPECT_EQ(group.members[0].id, EntryId{"e-1"});
  std::vector<EntryId> const ids{EntryId{"e-1"}, EntryId{"e-2"}};
  EXPECT_EQ(store.known_by_id("corp", ids).value().size(), 1U);
}

TEST_P(GivenFileOfAnOlderSchema, WhenTheHolderOfTheLockOpensItThenMarkedWithARow) {
  auto const lock = InstanceLock::acquire(state_folder()).value();
  auto store = Store::open({.folder = state_folder(), .clock = clock, .lock = &lock}).value();
  EXPECT_TRUE(store.was_unmarked());
  EXPECT_FALSE(store.verify_chain().value().fault);
}

TEST_P(GivenFileOfAnOlderSchema, WhenTheHolderOfTheLockEndsARunThenItsTrailIsSignedFromTheFirstRowOn) {
  auto const lock = InstanceLock::acquire(state_folder()).value();
  auto store = Store::open({.folder = state_folder(), .clock = clock, .lock = &lock}).value();
  RunRecord run;
  run.id = RunId{1};
  ASSERT_TRUE(store.end_run(run));
  auto const report = store.verify_chain().value();
  EXPECT_FALSE(report.fault);
  EXPECT_EQ(report.count, 3) << "the documented row, the one of the missing mark, and that of the run";
  EXPECT_EQ(report.checkpoints, 1);
  EXPECT_EQ(ask("SELECT size FROM audit_checkpoint"), "3");
}

TEST_P(GivenFileOfAnOlderSchema, WhenOpenedThenTheSchemaIsThatOfANewFile) {
  open();
  TempFolder const other;
  ASSERT_TRUE(Store::open({StateFolder::open(other.path()).value()}));
  constexpr char kSchema[] =
      "SELECT group_concat(name || char(10) || coalesce(sql, '')) FROM (SELECT name, sql FROM sqlite_schema "
      "ORDER BY name)";
  SQLite::Database const fresh{other.path() / "dirsyncd.db", SQLite::OPEN_READONLY, 5000};
  SQLite::Statement asked{fresh, kSchema};
  ASSERT_TRUE(asked.executeStep());
  EXPECT_EQ(ask(kSchema), asked.getColumn(0).getString());
}

TEST_P(GivenFileOfAnOlderSchema, WhenOnlyReadThenUnchangedAndTheServiceIsToBeStarted) {
  auto const before = bytes_of(file());
  EXPECT_ERROR(try_open(Options::Mode::read_only), StoreErrc::missing);
  EXPECT_TRUE(bytes_of(file()) == before);
}

INSTANTIATE_TEST_SUITE_P(Released, GivenFileOfAnOlderSchema,
                         testing::Range<std::int64_t>(1, std::ssize(migrations())),
                         [](auto const& tested) { return "Schema" + std::to_string(tested.param); });

}  // namespace
}  // namespace dirsync::store
