#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/config/config_text.hpp"

namespace dirsync::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class GivenLimits : public testing::Test {
 protected:
  GivenLimits() { environment_.variables["VAULT"] = "x"; }

  /// The rule's limits, or the only mistake.
  std::variant<Limits, std::string> rule_limits() const {
    auto const loaded = parse(text_.text(), "d.toml", environment_, Secrets::fetch);
    if (loaded) return loaded->rules.at(0).limits;
    EXPECT_EQ(loaded.error().size(), 1U);
    return loaded.error().front().code + " " + loaded.error().front().text;
  }
  Limits effective() const {
    auto const limits = rule_limits();
    if (auto const* const mistake = std::get_if<std::string>(&limits)) ADD_FAILURE() << *mistake;
    return std::holds_alternative<Limits>(limits) ? std::get<Limits>(limits) : Limits{};
  }
  std::string mistake() const {
    auto const limits = rule_limits();
    auto const* const text = std::get_if<std::string>(&limits);
    return text == nullptr ? "(none)" : *text;
  }

  ConfigText text_;
  MemoryEnvironment environment_;
};

TEST_F(GivenLimits, WhenWrittenAsTableThenOnlyWhatIsWrittenCounts) {
  text_.limits = "removals = { percent = 20 }\nadditions = { at_least = 3 }\nremovals_per_group = 4\n";
  auto const limits = effective();
  EXPECT_EQ(limits.removals, (PercentLimit{false, 20, 0, std::nullopt}));
  EXPECT_EQ(limits.additions.allowed(1'000), 3);
  EXPECT_EQ(limits.removals_per_group, PercentLimit::exactly(4));
}

TEST_F(GivenLimits, WhenTargetAndRuleNarrowThenTheStrictestHolds) {
  text_.limits = "removals = { percent = 20, at_least = 9, at_most = 100 }\ngroups_created = 8\n";
  text_.target_limits =
      "removals = { percent = 15, at_least = 6 }\ngroups_created = 7\nempty_group = \"hold\"\n";
  text_.rule_limits =
      "removals = { percent = 10, at_least = 2, at_most = 50 }\nprivileged_groups = { names = [\"P\"], "
      "additions = 0 }\n";
  auto const limits = effective();
  EXPECT_EQ(limits.removals, (PercentLimit{false, 10, 2, 50}));
  EXPECT_EQ(limits.groups_created, 7);
  EXPECT_THAT(limits.privileged.names, ElementsAre("P"));
  EXPECT_EQ(limits.privileged.additions, 0);
}

TEST_F(GivenLimits, WhenNarrowerOneHasNoCeilingThenTheWiderOneKeepsIt) {
  text_.limits = "removals = { percent = 20, at_least = 9, at_most = 100 }\nadditions = 6\n";
  text_.rule_limits = "removals = { percent = 10 }\nadditions = { percent = 90, at_least = 1 }\n";
  auto const limits = effective();
  EXPECT_EQ(limits.removals, (PercentLimit{false, 10, 0, 100}));
  EXPECT_EQ(limits.additions, (PercentLimit{false, 90, 1, 6}));
}

TEST_F(GivenLimits, WhenWiderOneIsOffThenNarrowerOneIsFree) {
  text_.limits = "removals = \"off\"\nfirst_plan = \"apply\"\nempty_group = \"allow\"\n";
  text_.rule_limits = "removals = { percent = 100, at_least = 1000 }\nfirst_plan = \"hold\"\n";
  auto const limits = effective();
  EXPECT_EQ(limits.removals.allowed(0), 1000);
  EXPECT_EQ(limits.first_plan, Limits::FirstPlan::hold);
  EXPECT_EQ(limits.empty_group, Limits::OnEmpty::allow);
}

TEST_F(GivenLimits, WhenRuleLoosensThenTheValueIsNamed) {
  auto const with = [this](std::string const& line) {
    text_.rule_limits = line + "\n";
    return mistake();
  };
  EXPECT_EQ(with("removals = { percent = 11 }"),
            "loosens rule.limits.removals loosens: percent = 11 allows more than { percent = 10, at_least = "
            "5, at_most = "
            "500 } of target \"vault\"; narrower limits may only be stricter");
  EXPECT_THAT(with("removals = { percent = 5, at_least = 6 }"), HasSubstr("at_least = 6 allows more"));
  EXPECT_THAT(with("removals = { percent = 5, at_most = 501 }"), HasSubstr("at_most = 501 allows more"));
  EXPECT_THAT(with("removals = 6"), HasSubstr("6 without a percent allows more"));
  EXPECT_THAT(with("removals = { at_most = 20 }"), HasSubstr("20 without a percent allows more"));
  EXPECT_THAT(with("removals = \"off\""), HasSubstr("\"off\" allows more"));
  EXPECT_THAT(with("first_plan = \"apply\""), HasSubstr("loosens rule.limits.first_plan"));
  EXPECT_THAT(with("empty_group = \"allow\""), HasSubstr("loosens rule.limits.empty_group"));
  EXPECT_THAT(with("approval_ttl = \"1h\""), HasSubstr("it belongs in [limits]"));
  EXPECT_THAT(with("approvals = 2"), HasSubstr("it belongs in [limits]"));
}

TEST_F(GivenLimits, WhenRuleLoosensAPlainNumberThenTheValueIsNamed) {
  text_.limits = "removals = 5\ngroups_deleted = 2\nprivileged_groups = { names = [\"P\"] }\n";
  auto const with = [this](std::string const& line) {
    text_.rule_limits = line + "\n";
    return mistake();
  };
  EXPECT_EQ(with("removals = { percent = 100, at_most = 5 }"), "(none)");
  EXPECT_THAT(with("removals = { percent = 1, at_most = 6 }"), HasSubstr("at_most = 6 allows more"));
  EXPECT_THAT(with("removals = { percent = 1, at_least = 6 }"), HasSubstr("at_least = 6 allows more"));
  EXPECT_THAT(with("groups_deleted = 3"), HasSubstr("3 allows more than 2"));
  EXPECT_THAT(with("groups_deleted = \"off\""), HasSubstr("\"off\" allows more than 2"));
  EXPECT_THAT(with("privileged_groups = { removals = 1 }"), HasSubstr("1 allows more than 0"));
}

TEST_F(GivenLimits, WhenSeveralPeopleMustApproveThenSoManyAndNeverFewerForANarrowerPart) {
  text_.limits = "approvals = 2\nprivileged_groups = { names = [\"P\"], approvals = 3 }\n";
  EXPECT_EQ(parse(text_.text(), "d.toml", environment_, Secrets::fetch)->limits.approvals, 2);
  EXPECT_EQ(effective().privileged.approvals, 3);
  text_.rule_limits = "privileged_groups = { approvals = 4 }\n";
  EXPECT_EQ(effective().privileged.approvals, 4);
  text_.rule_limits = "privileged_groups = { approvals = 2 }\n";
  EXPECT_THAT(mistake(), HasSubstr("loosens rule.limits.privileged_groups.approvals"));
  text_.rule_limits.clear();
  text_.limits = "approvals = 0\n";
  EXPECT_THAT(mistake(), HasSubstr("from 1 to 9"));
}

TEST_F(GivenLimits, WhenFlapsAreLeftOutWrittenOrOffThenSo) {
  EXPECT_EQ(effective().flaps, (Limits::Flaps{3, std::chrono::hours{6}}));
  text_.limits = "flaps = { count = 5 }\n";
  EXPECT_EQ(effective().flaps, (Limits::Flaps{5, std::chrono::hours{6}}));
  text_.limits = "flaps = \"off\"\n";
  EXPECT_FALSE(effective().flaps);
  text_.limits = "flaps = 3\n";
  EXPECT_THAT(mistake(), HasSubstr("limits.flaps"));
  text_.limits.clear();
  text_.rule_limits = "flaps = \"off\"\n";
  EXPECT_THAT(mistake(), HasSubstr("it belongs in [limits]"));
}

TEST_F(GivenLimits, WhenNobodyIsPrivilegedYetThenARuleSetsItsOwnFigures) {
  text_.rule_limits = "privileged_groups = { names = [\"P\"], removals = 2, additions = 9 }\n";
  EXPECT_EQ(effective().privileged, (Limits::Privileged{{"P"}, 2, 9}));
}

/// Whatever is accepted as narrower allows no more than the wider limit, for every base.
TEST_F(GivenLimits, WhenAcceptedThenItIsStricterForEveryBase) {
  std::vector<std::string> const forms{"0",
                                       "4",
                                       "5",
                                       "\"off\"",
                                       "{ percent = 10 }",
                                       "{ percent = 10, at_least = 5 }",
                                       "{ percent = 20, at_most = 9 }",
                                       "{ at_most = 7 }",
                                       "{ at_least = 4, at_most = 2 }",
                                       "{ percent = 30, at_least = 8, at_most = 6 }"};
  auto accepted = 0;
  for (auto const& wide : forms) {
    for (auto const& narrow : forms) {
      text_.limits = "removals = " + wide + "\n";
      text_.rule_limits = "removals = " + narrow + "\n";
      auto const loaded = parse(text_.text(), "d.toml", environment_, Secrets::fetch);
      if (!loaded) continue;
      ++accepted;
      for (std::int64_t base = 0; base < 300; ++base) {
        ASSERT_LE(loaded->rules[0].limits.removals.allowed(base), loaded->limits.removals.allowed(base))
            << narrow << " below " << wide << " at " << base;
      }
    }
  }
  EXPECT_GT(accepted, 20);
}

}  // namespace
}  // namespace dirsync::config
