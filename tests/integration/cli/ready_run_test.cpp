// Whether a run that somebody asked for may begin, by the time its turn comes.
#include <gmock/gmock.h>

#include "daemon/cli/context.hpp"
#include "daemon/cli/run_ask.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::cli {
namespace {
using testing::HasSubstr;

class GivenAnAskThatWaited : public testing::Test {
 protected:
  GivenAnAskThatWaited() {
    config_.digest = "of now";
    ask_.expect = "what was shown";
  }
  TempFolder folder_;
  store::Store store_ = store::Store::open({store::StateFolder::open(folder_.path()).value()}).value();
  config::Config config_;
  RunAsk ask_;
};

TEST_F(GivenAnAskThatWaited, WhenTheConfigurationWasReloadedMeanwhileThenItDoesNotRun) {
  ask_.configuration = "of then";
  auto const refused = ready_run(ask_, "uid:1 (ann)", config_, store_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().exit, kInternal);
  EXPECT_THAT(refused.error().message, HasSubstr("nothing was sent"));
}

TEST_F(GivenAnAskThatWaited, WhenTheConfigurationIsTheSameThenItRunsForWhatWasShownAlone) {
  ask_.configuration = "of now";
  auto const ready = ready_run(ask_, "uid:1 (ann)", config_, store_);
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->request.actor, "uid:1 (ann)");
  EXPECT_TRUE(ready->request.apply);
  EXPECT_FALSE(ready->request.proceed(Plan{}));
  EXPECT_FALSE(ready->request.is_expected(Plan{})) << "nor when somebody approved it";
}

}  // namespace
}  // namespace dirsync::cli
