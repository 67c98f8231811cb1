// The plan as a person reads it. DIRSYNC_UPDATE_GOLDEN=1 writes the files anew; review them as code.
#include "daemon/cli/plan_view.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

#include "daemon/cli/screen.hpp"
#include "sync/model/width.hpp"
#include "tests/support/golden.hpp"
#include "tests/unit/cli/plans.hpp"

namespace dirsync::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Presentation on_a_terminal(std::size_t width, bool verbose = false) {
  return {Palette::plain(), width, verbose};
}
constexpr bool kVerbose = true;

struct GivenATypicalPlan : testing::Test {
  test::PlanMaker made;

  GivenATypicalPlan() {
    made.remove_disabled("ops", "ann");
    made.remove("ops", "cid").unconfirmed = true;
    made.plan.changes.back().why = test::person_dn("cid") + " is gone: not found in 1 of 2 consecutive runs";
    made.create("web").roles = {"Auditor", "Operator"};
    made.add("web", "dan");
    made.add("ops", "ada", {"linux-team"});
    made.add("ops", "eve", {"all-teams", "linux-team"}).domain = "example.com";
    made.remove("ops", "bob");
    auto& theirs = made.create("theirs");
    theirs.blocked = Obstacle{"not-ours", "theirs was not made by dirsyncd; set adopt = true in rule all"};
    auto& renamed = made.change(Verb::rename_group, "before");
    renamed.new_name = "after";
    renamed.why = "the source group is now called so";
    made.change(Verb::delete_group, "old").why = "its source group is gone and it has no member";
    made.reason({.code = "unconfirmed",
                 .text = "1 removal waits until the absence behind it is confirmed by further runs",
                 .target = "vault",
                 .rule = "",
                 .group = "",
                 .count = 1,
                 .allowed = std::nullopt,
                 .holds = false});
  }
};

TEST_F(GivenATypicalPlan, WhenShownInAFileThenAsWrittenDown) {
  expect_golden("plan_typical.txt", plan_view(made.plan, AfterPlan::nothing, {}));
}

TEST(GivenAFrozenPlan, WhenShownThenWhoFrozeItComesFirstAndNobodyIsAskedToApprove) {
  test::PlanMaker made;
  made.remove_disabled("ops", "ann").frozen = true;
  made.add("ops", "ada").frozen = true;
  made.plan.verdict = made.plan.targets["vault"].verdict = Verdict::hold;
  made.plan.freezes = {
      {.target = "vault", .reason = "an audit", .actor = "uid:1000 (jane)", .since = Time{}}};
  made.reason({.code = "frozen",
               .text = text(made.plan.freezes[0]) + "; 2 changes wait",
               .target = "vault",
               .rule = "",
               .group = "",
               .count = 2,
               .allowed = std::nullopt,
               .holds = false});
  auto const view = plan_view(made.plan, AfterPlan::nothing, {});
  EXPECT_THAT(view,
              AllOf(HasSubstr("Frozen by a person; not sent before that ends:"), HasSubstr("uid:1000 (jane)"),
                    HasSubstr("an audit"), HasSubstr("(cyberark-vault): frozen; 2 frozen"),
                    HasSubstr("dirsyncd thaw"), Not(HasSubstr("dirsyncd approve"))));
  EXPECT_LT(view.find("Frozen by a person"), view.find("- ann"));
}

TEST_F(GivenATypicalPlan, WhenShownOnATerminalThenItsWidthIsKept) {
  auto const view = plan_view(made.plan, AfterPlan::question, on_a_terminal(60));
  expect_golden("plan_typical_60.txt", view);
  std::istringstream lines{view};
  for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 60U) << line;
}

TEST_F(GivenATypicalPlan, WhenVerboseThenWithDnsPathsAndWholeReasons) {
  expect_golden("plan_typical_verbose.txt", plan_view(made.plan, AfterPlan::nothing, {.verbose = true}));
}

TEST_F(GivenATypicalPlan, WhenColouredThenTheSameText) {
  auto const palette = Palette::coloured();
  auto const view = plan_view(made.plan, AfterPlan::nothing, {palette, 80, false});
  EXPECT_EQ(without_controls(view, palette), view);
  auto plain = view;
  for (auto start = plain.find('\033'); start != std::string::npos; start = plain.find('\033'))
    plain.erase(start, plain.find('m', start) + 1 - start);
  EXPECT_EQ(plain, plan_view(made.plan, AfterPlan::nothing, on_a_terminal(80)));
}

TEST(GivenAFirstPlan, WhenHeldThenReasonsWithTheirFiguresStandBeforeTheChangesAndSayWhatToDo) {
  test::PlanMaker made;
  for (int number = 0; number < 120; ++number) made.add("ops", "u" + std::to_string(1000 + number));
  made.create("ops");
  made.hold();
  auto const over = [&made](std::string text, std::string target, std::string rule) {
    made.reason({.code = "additions",
                 .text = std::move(text),
                 .target = std::move(target),
                 .rule = std::move(rule),
                 .group = "",
                 .count = 120,
                 .allowed = 50});
  };
  over("120 additions; allowed without approval: 50", "", "");
  over("120 additions in rule all; allowed without approval: 50", "vault", "all");
  made.first_plan_waits(121);
  expect_golden("plan_first.txt", plan_view(made.plan, AfterPlan::nothing, {}));
  auto const all = plan_view(made.plan, AfterPlan::nothing, {.verbose = true});
  EXPECT_THAT(all, AllOf(HasSubstr("+ u1000"), HasSubstr("+ u1119"), Not(HasSubstr("more"))));
}

TEST(GivenAHeldPlan, WhenLimitsOfAllKindsAreOverThenEachHasItsFiguresAndPlace) {
  test::PlanMaker made;
  made.remove_disabled("ops", "ann").part = Part::leavers;
  made.remove("ops", "bob");
  made.hold();
  auto const over = [&made](std::string code, std::string target, std::string rule, std::string group,
                            std::string text) {
    made.reason({.code = std::move(code),
                 .text = std::move(text),
                 .target = std::move(target),
                 .rule = std::move(rule),
                 .group = std::move(group),
                 .count = 1234,
                 .allowed = 10});
  };
  over("removals", "", "", "", "");
  over("removals", "vault", "", "", "");
  over("groups-deleted", "vault", "all", "", "");
  over("removals-per-group", "vault", "all", "ops", "");
  over("privileged", "vault", "", "",
       "1234 removals in privileged groups (ops); allowed without approval: 10");
  made.reason({.code = "no-people",
               .text = "no person was found in corp",
               .target = "vault",
               .rule = "all",
               .group = "",
               .count = 0,
               .allowed = std::nullopt,
               .holds = false,
               .fails = true});
  expect_golden("plan_held.txt", plan_view(made.plan, AfterPlan::question, {}));
}

TEST(GivenAPlanThatWasHeld, WhenApprovedThenItSaysByWhomAndAsksForNoApproval) {
  test::PlanMaker made;
  made.add("ops", "ada");
  made.plan.approved = Approval{"uid:1000 (jane)", Time{std::chrono::seconds{1'700'000'000}}};
  made.first_plan_waits(1);
  EXPECT_THAT(plan_view(made.plan, AfterPlan::question, {}),
              AllOf(HasSubstr("approved by uid:1000 (jane) at 2023-11-14T22:13:20.000Z"),
                    Not(HasSubstr("dirsyncd approve"))));
}

TEST(GivenASideThatWasNotRead, WhenShownThenItsReasonComesFirstAndItsDigestsAreShort) {
  test::PlanMaker made;
  made.add("ops", "ada");
  made.plan.targets["console"].kind = "pulse-console";
  made.plan.targets["console"].verdict = made.plan.verdict = Verdict::refuse;
  made.reason(
      {.code = "band",
       .text = "half of the people are missing; take it with `dirsyncd approve " + std::string(64, 'a') + "`",
       .target = "console",
       .rule = "",
       .group = "",
       .count = std::nullopt,
       .allowed = std::nullopt});
  expect_golden("plan_refused.txt", plan_view(made.plan, AfterPlan::nothing, {}));
}

/// Whoever follows what stands there acts on the configuration that was read.
TEST(GivenAnotherConfiguration, WhenAPlanIsShownThenEveryCommandNamesItsFile) {
  test::PlanMaker made;
  made.remove_disabled("ops", "ann").part = Part::leavers;
  made.remove("ops", "bob");
  made.hold();
  made.reason({.code = "band",
               .text = "half of the people are missing; take it with `dirsyncd approve aaaaaaaa`",
               .target = "vault",
               .rule = "",
               .group = "",
               .count = std::nullopt,
               .allowed = std::nullopt});
  auto const command = command_with("/etc/dirsyncd/other one.toml");
  auto const view = plan_view(made.plan, AfterPlan::nothing, {.command = command});
  EXPECT_THAT(view,
              AllOf(HasSubstr("run: dirsyncd --config '/etc/dirsyncd/other one.toml' approve 3f2a9c0d1e5b"),
                    HasSubstr("gone or disabled: dirsyncd --config '/etc/dirsyncd/other one.toml' sync"),
                    HasSubstr("`dirsyncd --config '/etc/dirsyncd/other one.toml' approve aaaaaaaa`"),
                    Not(HasSubstr("dirsyncd approve")), Not(HasSubstr("dirsyncd sync"))));
}

TEST(GivenAFileOfTheConfiguration, WhenACommandNamesItThenAShellReadsItBack) {
  EXPECT_EQ(command_with("/etc/dirsyncd/dirsyncd.toml"), "dirsyncd");
  EXPECT_EQ(command_with("test.toml"), "dirsyncd --config test.toml");
  EXPECT_EQ(command_with("$(reboot).toml"), "dirsyncd --config '$(reboot).toml'");
  EXPECT_EQ(command_with("it's.toml"), "dirsyncd --config 'it'\\''s.toml'");
  EXPECT_THAT(command_with("a\x1B[2J.toml"), Not(HasSubstr("\x1B")));
}

TEST(GivenNothingToDo, WhenShownThenItSaysSoWithFigures) {
  test::PlanMaker made;
  made.plan.verdict = made.plan.targets["vault"].verdict = Verdict::in_sync;
  expect_golden("plan_in_sync.txt", plan_view(made.plan, AfterPlan::nothing, {}));
}

TEST(GivenNoticesOfAllSorts, WhenShownThenAlikeOnesShareALine) {
  test::PlanMaker made;
  made.add("ops", "ada");
  for (int number = 0; number < 41; ++number) {
    auto const who = "u" + std::to_string(100 + number);
    made.note("waiting", "", who, "no user " + who + " in the target yet; applied when there is one");
  }
  for (auto const* group : {"ops", "web", "db", "www"})
    made.note("unresolved", group, "",
              std::string{group == std::string{"ops"} ? "2 member values" : "1 member value"} + " of " +
                  group + " name nothing that was read");
  made.note("foreign", "ops", "local", "a member that dirsyncd did not put there; kept");
  made.note("dn-check", "", "", "DNs of Directory groups and LDAP users: 6 ok, 0 moved");
  expect_golden("plan_notices.txt", plan_view(made.plan, AfterPlan::nothing, {}));
  expect_golden("plan_notices_verbose.txt", plan_view(made.plan, AfterPlan::nothing, {.verbose = true}));
}

TEST(GivenNoticesAboutAStrangeName, WhenShownThenOnlyTheNameItselfIsLeftOutOfTheirText) {
  test::PlanMaker made;
  made.note("foreign", "", ".", "nobody put . or x. there. Kept");
  made.note("foreign", "", "a", "nobody put a or xa there. Kept");
  EXPECT_THAT(plan_view(made.plan, AfterPlan::nothing, {}),
              HasSubstr("note foreign 2: ., a; the first: nobody put . or x. there. Kept\n"));
}

TEST(GivenNamesOfManyScripts, WhenShownThenReasonsStandBelowEachOtherAndLongNamesAreCutOnATerminalAlone) {
  test::PlanMaker made;
  auto const longest = std::string(70, 'x');
  for (auto const& name : {std::string{"ada"}, std::string{"山田太郎"}, std::string{"محمد"},
                           std::string{"Jose\u0301"}, std::string{"👩"}, longest})
    made.add("Ölförderung-東京", name, {"linux-team"});
  expect_golden("plan_scripts.txt", plan_view(made.plan, AfterPlan::nothing, {}));
  auto const cut = plan_view(made.plan, AfterPlan::nothing, on_a_terminal(60));
  expect_golden("plan_scripts_60.txt", cut);
  EXPECT_THAT(cut, Not(HasSubstr(longest)));
  auto const whole = plan_view(made.plan, AfterPlan::nothing, on_a_terminal(200, kVerbose));
  EXPECT_THAT(whole, HasSubstr("+ " + longest + " "));
}

TEST(GivenNamesWithControls, WhenShownThenNoneGetsThrough) {
  test::PlanMaker made;
  auto const evil = std::string{"a\033[2Jb\nc\u202e"};
  made.create(evil);
  made.add(evil, evil, {evil}).domain = evil;
  made.plan.changes.back().blocked = Obstacle{"unaddressable", evil};
  made.note("foreign", evil, evil, evil);
  made.note("foreign", evil, evil + "2", evil);
  for (auto const* code : {"first-plan", "removals"})
    made.reason(
        {.code = code, .text = evil, .target = "vault", .rule = evil, .group = "", .count = 1, .allowed = 0});
  made.hold();
  auto const palette = Palette::coloured();
  for (auto const verbose : {false, true}) {
    auto const view = plan_view(made.plan, AfterPlan::nothing, {palette, 100, verbose});
    EXPECT_EQ(without_controls(view, palette), view);
    EXPECT_THAT(view, AllOf(HasSubstr("a?[2Jb?c?"), Not(HasSubstr("\033[2J")), Not(HasSubstr("b\nc"))));
  }
}

TEST(GivenAGroupOfManyPeople, WhenShownThenTheFirstAndTheFigureOfTheRest) {
  test::PlanMaker made;
  for (int number = 0; number < 12'395; ++number) made.add("ops", "u" + std::to_string(10'000 + number));
  for (int number = 0; number < 5; ++number) made.remove("ops", "gone" + std::to_string(number));
  auto const view = plan_view(made.plan, AfterPlan::question, {});
  EXPECT_THAT(view, AllOf(HasSubstr("+ u10000"), HasSubstr("+ u10049"), Not(HasSubstr("+ u10050")),
                          HasSubstr("and 12,350 more (12,345 to add, 5 to remove); --verbose lists all\n"),
                          HasSubstr("Plan: 12,395 to add, 5 to remove.\n")));
  auto const all = plan_view(made.plan, AfterPlan::question, {.verbose = true});
  EXPECT_THAT(all, AllOf(HasSubstr("+ u22394"), HasSubstr("- gone4")));
}

TEST(GivenAPlanOfClaims, WhenShownThenEachIsMarkedAndTheCommandThatAppliesItIsNamed) {
  test::PlanMaker made;
  made.plan.command = "adopt --rule all";
  made.plan.verdict = made.plan.targets["vault"].verdict = Verdict::hold;
  made.plan.held = true;
  auto& group = made.change(Verb::adopt, "ops");
  group.path = test::group_dn("pam-ops");
  group.why = "exists";
  auto& member = made.change(Verb::adopt, "ops");
  member.principal = "ann";
  member.path = test::group_dn("pam-ops");
  member.why = "is a member, and wanted";
  EXPECT_THAT(plan_view(made.plan, AfterPlan::question, {}),
              AllOf(HasSubstr("= vault: ops  take over, from pam-ops; exists"),
                    HasSubstr("    = ann  is a member, and wanted"), HasSubstr("2 to take over"),
                    HasSubstr("dirsyncd adopt --rule all --approve 3f2a9c0d1e5b")));
  made.plan.changes.clear();
  made.plan.verdict = Verdict::in_sync;
  EXPECT_THAT(plan_view(made.plan, AfterPlan::question, {}), HasSubstr("Plan: nothing to take over."));
}

}  // namespace
}  // namespace dirsync::cli
