#include "daemon/journal_entry.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/log.hpp"
#include "tests/support/net/datagram_socket.hpp"
#include "tests/support/process/with_environment.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST(GivenAnEvent, WhenMadeAnEntryThenEachFieldCanBeAskedFor) {
  Monitor::Field const fields[] = {{"cycle", "7"}, {"reasons", "too many leave"}, {"empty", ""}};
  EXPECT_EQ(journal_entry(Monitor::Level::warn, "plan_held", fields, "event=plan_held cycle=7"),
            "MESSAGE=event=plan_held cycle=7\nPRIORITY=4\nSYSLOG_IDENTIFIER=dirsyncd\n"
            "DIRSYNCD_EVENT=plan_held\nDIRSYNCD_CYCLE=7\nDIRSYNCD_REASONS=too many leave\n");
}

TEST(GivenAnEvent, WhenAValueHasALineBreakThenItStartsNoFieldOfItsOwn) {
  Monitor::Field const fields[] = {{"group", "x\nPRIORITY=0"}};
  EXPECT_THAT(journal_entry(Monitor::Level::info, "change_applied", fields, "m"),
              EndsWith(std::string{"DIRSYNCD_GROUP\n\x0c\0\0\0\0\0\0\0x\nPRIORITY=0\n", 36}));
}

TEST(GivenAnEvent, WhenAFieldHasAnotherNameThanTheJournalTakesThenItGetsOne) {
  Monitor::Field const fields[] = {{"put-off", "2"}};
  EXPECT_THAT(journal_entry(Monitor::Level::info, "run_finished", fields, "m"),
              HasSubstr("\nDIRSYNCD_PUT_OFF=2\n"));
}

TEST(GivenAnEvent, WhenWrittenAsJsonThenNoNameInItSteersATerminal) {
  Monitor::Field const fields[] = {{"group", "ops \u202e txt \xc2\x9b 31m"}};
  EXPECT_THAT(event_json(Monitor::Level::info, "change_applied", fields),
              HasSubstr(R"("group":"ops \u202e txt \u009b 31m")"));
}

TEST(GivenEveryLevel, WhenMadeAPriorityThenItIsThatOfSyslog) {
  using Level = Monitor::Level;
  std::vector<int> priorities;
  for (auto const level : {Level::trace, Level::debug, Level::info, Level::warn, Level::error})
    priorities.push_back(journal_priority(level));
  EXPECT_THAT(priorities, ElementsAre(7, 7, 6, 4, 3));
}

/// Standard error as systemd hands it over.
struct GivenALogUnderSystemd : testing::Test {
  TempFolder folder;
  test::DatagramSocket journal{folder.path() / "socket"};

  static std::string stream(int more = 0) {
    struct stat file {};
    ::fstat(STDERR_FILENO, &file);
    return std::to_string(file.st_dev) + ":" + std::to_string(file.st_ino + static_cast<ino_t>(more));
  }
  /// What standard error got.
  static std::string tell(std::string const& socket) {
    Log log{{.level = Monitor::Level::info, .json = false, .journal_socket = socket}};
    Monitor::Field const fields[] = {{"cycle", "7"}};
    testing::internal::CaptureStderr();
    log.event(Monitor::Level::error, "read_incomplete", fields);
    return testing::internal::GetCapturedStderr();
  }
};

TEST_F(GivenALogUnderSystemd, WhenTheJournalListensThenItGetsTheFieldsAndStandardErrorNothing) {
  test::WithEnvironment const systemd{{{"JOURNAL_STREAM", stream()}}};
  EXPECT_EQ(tell(journal.path()), "");
  EXPECT_THAT(journal.messages(),
              ElementsAre(AllOf(StartsWith("MESSAGE=level=error event=read_incomplete cycle=7\nPRIORITY=3\n"),
                                HasSubstr("DIRSYNCD_CYCLE=7\n"))));
}

TEST_F(GivenALogUnderSystemd, WhenTheJournalDoesNotListenThenStandardErrorGetsTheLineWithItsLevel) {
  test::WithEnvironment const systemd{{{"JOURNAL_STREAM", stream()}}};
  EXPECT_EQ(tell(folder.path() / "none"), "<3>level=error event=read_incomplete cycle=7\n");
}

TEST_F(GivenALogUnderSystemd, WhenStandardErrorLeadsElsewhereThenItGetsTheLine) {
  test::WithEnvironment const systemd{{{"JOURNAL_STREAM", stream(1)}}};
  auto const line = tell(journal.path());
  EXPECT_THAT(line, AllOf(StartsWith("time="), EndsWith("level=error event=read_incomplete cycle=7\n")));
  EXPECT_THAT(journal.messages(), IsEmpty());
}

}  // namespace
}  // namespace dirsync
