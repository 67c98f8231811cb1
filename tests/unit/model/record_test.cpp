#include "sync/model/record.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {
TEST(GivenVerbs, WhenShownThenAsInPlans) {
  EXPECT_STREQ(to_text(Verb::create_group), "create-group");
  EXPECT_STREQ(to_text(Verb::rename_group), "rename-group");
  EXPECT_STREQ(to_text(Verb::delete_group), "delete-group");
  EXPECT_STREQ(to_text(Verb::update_group), "update-group");
  EXPECT_STREQ(to_text(Verb::adopt), "adopt");
  EXPECT_STREQ(to_text(Verb::add), "add");
  EXPECT_STREQ(to_text(Verb::remove), "remove");
}

TEST(GivenOutcomes, WhenShownThenAsInPlans) {
  EXPECT_STREQ(to_text(Outcome::done), "done");
  EXPECT_STREQ(to_text(Outcome::already), "already");
  EXPECT_STREQ(to_text(Outcome::failed), "failed");
  EXPECT_STREQ(to_text(Outcome::unknown), "unknown");
  EXPECT_STREQ(to_text(Outcome::skipped), "skipped");
  Change change;
  EXPECT_EQ(outcome_text(change, nullptr), "");
  change.unconfirmed = true;
  EXPECT_EQ(outcome_text(change, nullptr), "unconfirmed");
  Settled const settled{change, Outcome::failed, "refused"};
  EXPECT_EQ(outcome_text(change, &settled), "failed");
  EXPECT_EQ(detail_text(change, &settled), "refused");
}

}  // namespace
}  // namespace dirsync
