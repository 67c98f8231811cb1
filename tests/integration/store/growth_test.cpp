// The file must not grow by what does not change, nor the start of the service with the file.
#include "store/schema.hpp"
#include "tests/integration/store/fixture.hpp"
#include "tests/support/quiet_run.hpp"

namespace dirsync::store {
namespace {
namespace fs = std::filesystem;

constexpr auto kInterval = std::chrono::minutes{5};
constexpr int kRunsOfAMonth = 30 * 24 * 12;

/// Where thousands of durable writes do not take minutes.
fs::path in_memory_if_there_is() {
  return fs::is_directory("/dev/shm") ? fs::path{"/dev/shm"} : fs::temp_directory_path();
}

struct GivenACompanyWithAThousandPeopleWaiting : testing::Test {
  std::int64_t size_of_files() const {
    std::int64_t bytes = 0;
    for (auto const& entry : fs::directory_iterator{folder.path()})
      bytes += static_cast<std::int64_t>(entry.file_size());
    return bytes;
  }
  TempFolder folder{in_memory_if_there_is()};
  Store store = Store::open({StateFolder::open(folder.path()).value()}).value();
  QuietRuns runs{1000};
  Time const begin = *parse_rfc3339("2026-11-01T00:00:00Z");
};

TEST_F(GivenACompanyWithAThousandPeopleWaiting, WhenAMonthOfRunsPassedThenBelowTwentyMegabytes) {
  for (auto run = 0; run < kRunsOfAMonth; ++run) {
    if (run % 144 == 0) runs.wait();  // twice a day
    runs.record(store, begin + run * kInterval);
  }
  EXPECT_LT(size_of_files(), 20'000'000);
  auto const last = store.find_run(RunId{kRunsOfAMonth}).value().value();
  EXPECT_EQ(last.notices.size(), 1000U + 60U);
  EXPECT_EQ(store.find_run(RunId{1}).value()->notices.size(), 1001U);
  EXPECT_NE(last.notices.back().find("person1059"), std::string::npos);
}

/// A store whose history is damaged and whose present is not, or the other way round.
struct GivenADamagedFile : OpenStore {
  /// The first page of that table, or the one that its first row lies on.
  void spoil(std::string const& table) {
    store = open();  // the log goes into the file
    sql("PRAGMA wal_checkpoint(TRUNCATE)");
    auto const page = std::stoll(ask("SELECT rootpage FROM sqlite_schema WHERE name = '" + table + "'"));
    auto const size = std::stoll(ask("PRAGMA page_size"));
    std::fstream bytes{file(), std::ios::in | std::ios::out | std::ios::binary};
    bytes.seekp((page - 1) * size);
    bytes << "no page of a tree";
  }
  Result<void> check(std::int64_t whole_up_to) const {
    auto database = Database::open(state_folder(), Database::Access::read_only).value();
    return check_pages(database, whole_up_to);
  }
};

TEST_F(GivenADamagedFile, WhenItIsSmallThenEveryPageIsLookedAt) {
  apply(add("alice"));
  spoil("past_member_set");
  EXPECT_ERROR(check(kCheckedAsAWhole), StoreErrc::corrupt);
  EXPECT_ERROR(try_open(), StoreErrc::corrupt);
}

TEST_F(GivenADamagedFile, WhenItIsLargeThenItsHistoryIsNotReadAtTheStart) {
  apply(add("alice"));
  EXPECT_TRUE(check(0));
  spoil("past_member_set");
  EXPECT_TRUE(check(0));
}

TEST_F(GivenADamagedFile, WhenItIsLargeThenWhatIsSoNowIsLookedAtAllTheSame) {
  apply(add("alice"));
  spoil("membership");
  EXPECT_ERROR(check(0), StoreErrc::corrupt);
}

}  // namespace
}  // namespace dirsync::store
