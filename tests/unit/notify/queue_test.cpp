#include "daemon/notify/queue.hpp"

#include <gmock/gmock.h>

namespace dirsync::notify {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

News news(std::string subject, std::string text = "") {
  return {Event::blocked, std::move(subject), "", std::move(text)};
}
std::vector<std::string> subjects(std::vector<Waiting> const& waiting) {
  std::vector<std::string> subjects;
  for (auto const& one : waiting) subjects.push_back(one.news.subject);
  return subjects;
}

TEST(GivenAQueue, WhenNewsOfOneSubjectComeAgainThenTheLatestTakeTheirPlace) {
  Queue queue;
  queue.push(news("ann", "old"), {});
  queue.push(news("bob"), {});
  queue.push(news("ann", "new"), {});
  auto const waiting = queue.first(10);
  EXPECT_THAT(subjects(waiting), ElementsAre("ann", "bob"));
  EXPECT_EQ(waiting[0].news.text, "new");
}

TEST(GivenAQueue, WhenNewsAreReplacedWhileTheyTravelThenTheNewerOnesStay) {
  Queue queue;
  queue.push(news("ann", "old"), {});
  auto const travelling = queue.first(1);
  queue.push(news("ann", "new"), {});
  queue.remove(travelling);
  ASSERT_THAT(queue.all(), SizeIs(1));
  EXPECT_EQ(queue.all().front().news.text, "new");
  queue.remove(queue.first(1));
  EXPECT_THAT(queue.all(), IsEmpty());
}

TEST(GivenAFullQueue, WhenMoreComesThenTheOldestIsDropped) {
  Queue queue;
  for (std::size_t at = 0; at < Queue::kMost; ++at)
    EXPECT_EQ(queue.push(news(std::to_string(at)), {}), 0U) << at;
  EXPECT_EQ(queue.push(news("5"), {}), 0U) << "it waits already";
  EXPECT_EQ(queue.push(news("one more"), {}), 1U);
  EXPECT_THAT(queue.all(), SizeIs(Queue::kMost));
  EXPECT_EQ(queue.all().front().news.subject, "1");
  EXPECT_EQ(queue.all().back().news.subject, "one more");
}

}  // namespace
}  // namespace dirsync::notify
