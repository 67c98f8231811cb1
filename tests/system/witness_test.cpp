// What the system's log hears of the audit trail: whoever writes the store anew cannot take it back.
#include <gmock/gmock.h>

#include "tests/support/net/datagram_socket.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::EndsWith;
using testing::SizeIs;

/// The commands of a World whose first plan waits; the system's log is the test's.
class GivenAListeningSystemLog : public World {
 protected:
  GivenAListeningSystemLog() { configuration.limits_keys = "first_plan = \"hold\"\nadditions = \"off\"\n"; }

  Finished watched(std::vector<std::string> words) {
    return run(std::move(words), {{"LD_PRELOAD", SYSTEM_LOG_LIBRARY},
                                  {"ASAN_OPTIONS", "verify_asan_link_order=0"},
                                  {"SYSTEM_LOG", log_.path()}});
  }
  /// The command writes a row at least, and tells of the last one.
  void expect_witnessed(std::vector<std::string> const& words, int exit) {
    auto const rows = audit().size();
    auto const heard = log_.messages().size();
    auto const finished = watched(words);
    EXPECT_EQ(finished.exit, exit) << words[0] << ": " << finished.err;
    auto const after = audit();
    ASSERT_GT(after.size(), rows) << words[0];
    ASSERT_THAT(log_.messages(), SizeIs(heard + 1)) << words[0];
    EXPECT_THAT(log_.messages().back(),
                EndsWith("event=chain_head chain_seq=" + std::to_string(after.back().at("seq").as_int64()) +
                         " chain_head=" + text_at(after.back(), "hash")))
        << words[0];
  }
  std::string digest_of_held() {
    return text_at(document(run({"status", "--json"})).at("held").at(0).as_object(), "digest");
  }

  DatagramSocket log_{folder_.path() / "log"};
};

TEST_F(GivenAListeningSystemLog, WhenACommandWritesToTheTrailThenItHearsOfTheLastRow) {
  sync(4);
  expect_witnessed({"sync"}, 4);
  auto const digest = digest_of_held();
  expect_witnessed({"reject", digest}, 0);
  expect_witnessed({"approve", digest}, 0);
  expect_witnessed({"sync"}, 0);
  expect_witnessed({"console", "create", "Night Shift", "--role", "Device Administrator"}, 0);
}

TEST_F(GivenAListeningSystemLog, WhenACommandOnlyLooksThenItHearsNothing) {
  sync(4);
  for (std::vector<std::string> const& words :
       {std::vector<std::string>{"plan"}, {"sync", "--dry-run"}, {"status"}, {"console", "list"}})
    watched(words);
  EXPECT_THAT(log_.messages(), SizeIs(0));
}

}  // namespace
}  // namespace dirsync::test
