#include "daemon/control/events.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>

namespace dirsync::control {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class GivenEvents : public testing::Test {
 protected:
  void tell(std::string const& value) {
    Monitor::Field const fields[] = {{"text", value}};
    events_.tell(Monitor::Level::debug, "something", fields);
    run();
  }
  void run() {
    io_.restart();
    io_.poll();
  }
  boost::asio::io_context io_{1};
  Events events_{io_.get_executor()};
};

TEST_F(GivenEvents, WhenSomebodyWatchesThenEachComesAsALineFromThenOn) {
  tell("before");
  auto const feed = events_.subscribe();
  tell("a \"quoted\" text");
  tell("second");
  auto const text = feed->take();
  EXPECT_THAT(text, AllOf(HasSubstr("\"level\":\"debug\""), HasSubstr("\"event\":\"something\""),
                          HasSubstr("a \\\"quoted\\\" text"), HasSubstr("second")));
  EXPECT_EQ(std::ranges::count(text, '\n'), 2);
  EXPECT_EQ(feed->take(), "");
}

TEST_F(GivenEvents, WhenProgressComesFastThenMostOfItIsDropped) {
  auto const feed = events_.subscribe();
  for (std::uint64_t n = 0; n < 1000; ++n) events_.tell_progress("reading", n, 1000);
  run();
  auto const text = feed->take();
  EXPECT_THAT(text, HasSubstr(R"({"event":"progress","what":"reading","done":0,"total":1000})"));
  EXPECT_LT(std::ranges::count(text, '\n'), 500);
}

TEST_F(GivenEvents, WhenAReaderIsTooSlowThenItsFeedEndsAndOthersGoOn) {
  auto const slow = events_.subscribe(), quick = events_.subscribe();
  std::string const large(3000, 'x');
  for (int n = 0; n < 500; ++n) {
    tell(large);
    EXPECT_FALSE(quick->take().empty());
  }
  EXPECT_TRUE(slow->has_ended());
  EXPECT_TRUE(slow->has_overflowed());
  EXPECT_EQ(slow->take(), "");
  EXPECT_FALSE(quick->has_ended());
  events_.end();
  EXPECT_TRUE(quick->has_ended());
}

}  // namespace
}  // namespace dirsync::control
