// What the system's log hears of the audit trail, with a socket in the place of /dev/log.
#include "daemon/witness.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "store/descriptor.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync {
namespace {
using testing::HasSubstr;
using testing::MatchesRegex;

class GivenASystemLog : public testing::Test {
 protected:
  GivenASystemLog() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(socket_.number(), reinterpret_cast<sockaddr const*>(&address), sizeof address), 0);
  }
  std::string path() const { return (folder_.path() / "log").string(); }
  std::string heard() const {
    char line[1024];
    auto const size = ::recv(socket_.number(), line, sizeof line, MSG_DONTWAIT);
    return {line, size > 0 ? static_cast<std::size_t>(size) : 0};
  }

  TempFolder folder_;
  store::Descriptor socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  store::Store store_ = store::Store::open({store::StateFolder::open(folder_.path()).value()}).value();
};

TEST_F(GivenASystemLog, WhenToldThenItHearsSequenceAndHashOfTheLastRow) {
  AuditRow row;
  row.phase = "approve";
  ASSERT_TRUE(store_.append(row));
  auto const head = store_.chain_head().value();
  auto const fields = tell_chain_head(store_, path());
  ASSERT_EQ(fields.size(), 2U);
  EXPECT_EQ(fields[0].value, "1");
  EXPECT_EQ(fields[1].value, head.hash);
  auto const line = heard();
  EXPECT_THAT(line, MatchesRegex("<86>[A-Z][a-z][a-z] [ 0-9][0-9] [0-9:]+ dirsyncd\\[[0-9]+\\]: event=.*"));
  EXPECT_THAT(line, HasSubstr("event=chain_head chain_seq=1 chain_head=" + head.hash));
}

TEST_F(GivenASystemLog, WhenNobodyListensThenNothingHappens) {
  EXPECT_EQ(tell_chain_head(store_, path() + "-elsewhere").size(), 2U);
  EXPECT_EQ(tell_chain_head(store_, std::string(200, 'x')).size(), 2U);
  EXPECT_EQ(heard(), "");
}

}  // namespace
}  // namespace dirsync
