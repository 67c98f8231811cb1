#include "daemon/notify/channel.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <set>

#include "daemon/notify/errors.hpp"

namespace dirsync::notify {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

/// Takes what it is given, or refuses it.
struct FakeReceiver final : Receiver {
  std::size_t most = 1;
  /// Of all of them, or of news with a subject.
  std::optional<NotifyErrc> fails{};
  std::set<std::string> refused{};
  std::vector<std::string> given{};  // subjects; those given at a time are joined

  std::size_t most_at_a_time() const override { return most; }
  asio::awaitable<Result<void>> give(std::vector<Waiting> news) override {
    std::string subjects;
    for (auto const& one : news) subjects += (subjects.empty() ? "" : "+") + one.news.subject;
    given.push_back(subjects);
    if (fails) co_return Error{*fails, "https://hooks.example.com answered with status 500"};
    if (refused.contains(subjects))
      co_return Error{NotifyErrc::refused, "https://hooks.example.com answered with status 400"};
    co_return Result<void>{};
  }
};

struct EventLines final : Monitor {
  std::vector<std::string> lines;
  void event(Level, std::string_view name, std::span<Field const> fields) override {
    std::string line{name};
    for (auto const& [key, value] : fields) line += " " + std::string{key} + "=" + value;
    lines.push_back(line);
  }
  void progress(std::string_view, std::uint64_t, std::uint64_t) override {}
};

struct GivenAReceiver : testing::Test {
  asio::io_context io;
  EventLines monitor;
  FakeReceiver* receiver = nullptr;

  Channel channel(std::vector<std::string> const& events) {
    auto opened = std::make_unique<FakeReceiver>();
    receiver = opened.get();
    return {io.get_executor(), "hook", events, std::move(opened), monitor};
  }
  static News news(Event event, std::string subject, std::string state = "") {
    return {event, std::move(subject), std::move(state), "text"};
  }
  /// One attempt, and on as long as there is no pause; it ends the pause of the one before.
  void deliver(Channel& channel) {
    asio::co_spawn(io, channel.deliver(), asio::detached);
    io.restart();
    io.poll();
  }
};

TEST_F(GivenAReceiver, WhenAllThatIsSoIsToldThenItGetsItsOwnEventsOnceUntilTheyChange) {
  auto channel = this->channel({"blocked", "held"});
  channel.tell({{news(Event::blocked, "ann"), news(Event::failing, "vault")}, {}}, {});
  deliver(channel);
  EXPECT_THAT(receiver->given, ElementsAre("ann"));
  channel.tell({{news(Event::blocked, "ann"), news(Event::failing, "vault")}, {}}, {});
  EXPECT_FALSE(channel.has_waiting());
  channel.tell({{news(Event::blocked, "ann", "changed"), news(Event::held, "plan")}, {}}, {});
  deliver(channel);
  EXPECT_THAT(receiver->given, ElementsAre("ann", "ann", "plan"));
  EXPECT_THAT(monitor.lines, IsEmpty());
}

TEST_F(GivenAReceiver, WhenItTakesSeveralThenTheyTravelTogether) {
  auto channel = this->channel({"blocked"});
  receiver->most = 10;
  channel.tell({{news(Event::blocked, "ann"), news(Event::blocked, "bob")}, {}}, {});
  deliver(channel);
  EXPECT_THAT(receiver->given, ElementsAre("ann+bob"));
}

TEST_F(GivenAReceiver, WhenItFailsThenTheNewsWaitAndTheLogSaysSo) {
  auto channel = this->channel({"blocked"});
  receiver->fails = NotifyErrc::not_taken;
  channel.tell({{news(Event::blocked, "ann")}, {}}, {});
  deliver(channel);
  EXPECT_TRUE(channel.has_waiting());
  EXPECT_THAT(monitor.lines, ElementsAre(AllOf(HasSubstr("notify_failed receiver=hook waiting=1"),
                                               HasSubstr("answered with status 500"))));
}

TEST_F(GivenAReceiver, WhenItFailsAgainAndAgainThenTheNewsWaitForEver) {
  auto channel = this->channel({"blocked"});
  receiver->fails = NotifyErrc::not_taken;
  channel.tell({{news(Event::blocked, "ann")}, {}}, {});
  for (int attempt = 0; attempt < 3 * kMostRefusals; ++attempt) deliver(channel);
  EXPECT_TRUE(channel.has_waiting());
  EXPECT_EQ(receiver->given, std::vector<std::string>(3 * kMostRefusals, "ann"));
  EXPECT_THAT(monitor.lines, Not(Contains(StartsWith("notify_refused"))));
}

TEST_F(GivenAReceiver, WhenItAlwaysRefusesOneThenThatIsDroppedWithALineInTheLogAndTheNextOneArrives) {
  auto channel = this->channel({"blocked"});
  receiver->refused = {"ann"};
  channel.tell({{news(Event::blocked, "ann"), news(Event::blocked, "bob")}, {}}, {});
  for (int attempt = 1; attempt < kMostRefusals; ++attempt) {
    deliver(channel);
    EXPECT_THAT(receiver->given, SizeIs(attempt));
  }
  EXPECT_THAT(monitor.lines, Not(Contains(StartsWith("notify_refused"))));
  deliver(channel);
  EXPECT_EQ(receiver->given.back(), "bob");
  EXPECT_FALSE(channel.has_waiting());
  EXPECT_THAT(monitor.lines, Contains(AllOf(StartsWith("notify_refused receiver=hook news=blocked ann err="),
                                            HasSubstr("answered with status 400"))));
}

TEST_F(GivenAReceiver, WhenItRefusesForAWhileThenNothingIsLost) {
  auto channel = this->channel({"blocked"});
  receiver->refused = {"ann"};
  channel.tell({{news(Event::blocked, "ann")}, {}}, {});
  for (int attempt = 1; attempt < kMostRefusals; ++attempt) deliver(channel);
  receiver->refused.clear();
  deliver(channel);
  EXPECT_FALSE(channel.has_waiting());
  EXPECT_THAT(monitor.lines, ElementsAre(StartsWith("notify_failed")));
}

TEST_F(GivenAReceiver, WhenItsConfigurationIsReadAgainThenNothingIsLostOrToldTwice) {
  auto before = this->channel({"blocked", "held"});
  before.tell({{news(Event::blocked, "ann")}, {}}, {});
  deliver(before);
  before.tell({{news(Event::blocked, "ann"), news(Event::blocked, "bob"), news(Event::held, "plan")}, {}},
              {});
  auto after = this->channel({"blocked"});
  after.take_over(before);
  after.tell({{news(Event::blocked, "ann"), news(Event::blocked, "bob"), news(Event::held, "plan")}, {}}, {});
  deliver(after);
  EXPECT_THAT(receiver->given, ElementsAre("bob"));
}

TEST_F(GivenAReceiver, WhenItIsToldOfMoreEventsFromNowOnThenItHearsWhatIsSoOfThose) {
  auto before = this->channel({"blocked"});
  before.tell({{news(Event::blocked, "ann"), news(Event::held, "plan")}, {}}, {});
  deliver(before);
  auto after = this->channel({"blocked", "held"});
  after.take_over(before);
  after.tell({{news(Event::blocked, "ann"), news(Event::held, "plan")}, {}}, {});
  deliver(after);
  EXPECT_THAT(receiver->given, ElementsAre("plan"));
}

TEST_F(GivenAReceiver, WhenMoreWaitsThanThereIsRoomForThenTheLogSaysHowMuchWasDropped) {
  auto channel = this->channel({"blocked"});
  std::vector<News> many;
  for (std::size_t at = 0; at < Queue::kMost + 3; ++at)
    many.push_back(news(Event::blocked, std::to_string(at)));
  channel.tell({many, {}}, {});
  EXPECT_THAT(monitor.lines, ElementsAre("notify_dropped receiver=hook dropped=3"));
}

TEST(GivenFailuresInARow, WhenAPauseIsChosenThenItGrowsUpToAnHour) {
  EXPECT_EQ(pause_after(1), 1s);
  EXPECT_EQ(pause_after(2), 2s);
  EXPECT_EQ(pause_after(5), 16s);
  EXPECT_EQ(pause_after(13), 1h);
  EXPECT_EQ(pause_after(1'000'000), 1h);
}

TEST(GivenEveryEvent, WhenTheConfigurationIsAskedThenItKnowsIt) {
  std::vector<std::string_view> names;
  for (auto const event : {Event::held, Event::blocked, Event::read_incomplete, Event::failing,
                           Event::store_behind, Event::chain_broken, Event::frozen})
    names.emplace_back(to_text(event));
  EXPECT_THAT(names, testing::ElementsAreArray(config::kNotifyEvents));
}

}  // namespace
}  // namespace dirsync::notify
