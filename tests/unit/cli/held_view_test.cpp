// What `status` says of what waits for a person.
#include "daemon/cli/held_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/cli/presentation.hpp"
#include "sync/model/approvals.hpp"

namespace dirsync::cli {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct GivenAPlanThatWaits : testing::Test {
  Time now = *parse_rfc3339("2026-01-02T03:00:00Z");
  StoredPlan plan;

  GivenAPlanThatWaits() {
    plan.digest = PlanDigest{std::string(64, 'a')};
    plan.first_seen = now - 1h;
    plan.document_json =
        R"({"reasons": [{"code": "first-plan"}, {"code": "additions"}, {"code": "first-plan"}]})";
  }
  std::string view() const { return held_view({plan}, 24h, now); }
};

TEST_F(GivenAPlanThatWaits, WhenOnePersonIsEnoughThenItSaysSinceWhenWhyAndHowItRuns) {
  EXPECT_EQ(view(),
            "held since 2026-01-02T02:00:00.000Z: aaaaaaaaaaaa (first-plan, additions)\n"
            "  to look at it: `dirsyncd plan`; to let it run: `dirsyncd approve aaaaaaaaaaaa`\n");
}

TEST_F(GivenAPlanThatWaits, WhenItTakesTwoThenItSaysWhoHasApprovedAndThatAnotherMust) {
  plan.approvals_needed = 2;
  EXPECT_THAT(view(), HasSubstr("0 of 2 approvals"));
  plan.given = {{"uid:1 (jane)", now - 25h, "too old"}, {"uid:2 (jim)", now - 1h, "looked at"}};
  EXPECT_THAT(view(), AllOf(HasSubstr("1 of 2 approvals, another person"),
                            HasSubstr("approved by uid:2 (jim) at 2026-01-02T02:00:00.000Z: looked at"),
                            Not(HasSubstr("jane"))));
}

TEST_F(GivenAPlanThatWaits, WhenItIsOfAnotherCommandThenThatOneIsNamed) {
  plan.document_json = R"({"reasons": [{"code": "undo"}], "command": "undo 17"})";
  EXPECT_EQ(command_of(plan), "undo 17");
  EXPECT_THAT(view(), HasSubstr("`dirsyncd undo 17 --approve aaaaaaaaaaaa`"));
}

TEST_F(GivenAPlanThatWaits, WhenItIsAReadThenItSaysOfWhichDirectory) {
  plan.directory = "corp";
  plan.document_json = R"({"read": {}, "reasons": [{"code": "band"}]})";
  EXPECT_THAT(view(), AllOf(HasSubstr("read of corp aaaaaaaaaaaa (band)"), HasSubstr("as the new level")));
}

TEST_F(GivenAPlanThatWaits, WhenTheDocumentCannotBeReadThenTheRestIsSaid) {
  plan.document_json = "{";
  EXPECT_THAT(view(), AllOf(StartsWith("held since 2026-01-02T02:00:00.000Z: aaaaaaaaaaaa\n"),
                            EndsWith("`dirsyncd approve aaaaaaaaaaaa`\n")));
}

TEST(GivenATextWithCommands, WhenTheConfigurationIsNamedInItAlreadyThenItIsNotNamedTwice) {
  auto const command = command_with("/other.toml");
  auto const once = with_command("see `dirsyncd plan`, then `dirsyncd sync`", command);
  EXPECT_EQ(once, "see `dirsyncd --config /other.toml plan`, then `dirsyncd --config /other.toml sync`");
  EXPECT_EQ(with_command(once, command), once);
  EXPECT_EQ(with_command("see `dirsyncd plan`", "dirsyncd"), "see `dirsyncd plan`");
}

}  // namespace
}  // namespace dirsync::cli
