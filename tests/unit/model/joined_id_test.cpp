#include "sync/model/joined_id.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dirsync {
namespace {

using testing::ElementsAre;

struct GivenIds : testing::Test {
  EntryId const one{"1b"}, other{"0a"};
};

TEST_F(GivenIds, WhenJoinedThenOrderedAndEachOnce) {
  EXPECT_EQ(joined_id({one, other, one}), EntryId{"0a+1b"});
  EXPECT_EQ(joined_id({other, one}), joined_id({one, other}));
  EXPECT_EQ(joined_id({one}), one);
}

TEST_F(GivenIds, WhenTakenApartThenAsBefore) {
  EXPECT_THAT(parts_of(joined_id({one, other})), ElementsAre(other, one));
  EXPECT_THAT(parts_of(one), ElementsAre(one));
}

}  // namespace
}  // namespace dirsync
