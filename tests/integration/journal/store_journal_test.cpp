#include <cstdlib>
#include <filesystem>
#include <optional>

#include "store/store.hpp"
#include "tests/support/fakes/journal_contract.hpp"

namespace dirsync::fake {
namespace {

struct InFile final : JournalUnderTest {
  std::filesystem::path folder;
  std::optional<store::Store> store;

  InFile() {
    auto name = (std::filesystem::temp_directory_path() / "dirsync-journal-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    folder = name;
    store = store::Store::open({store::StateFolder::open(folder).value()}).value();
  }
  ~InFile() override {
    store.reset();
    std::filesystem::remove_all(folder);
  }
  Journal& journal() override { return *store; }
  std::vector<AuditRow> audit() override {
    std::vector<AuditRow> rows;
    auto const keep = [&rows](AuditRow const& row) {
      rows.push_back(row);
      return true;
    };
    EXPECT_TRUE(store->audit({}, keep));
    return rows;
  }
};

MakeJournal const kMake = [] { return std::make_unique<InFile>(); };
INSTANTIATE_TEST_SUITE_P(InFile, GivenRun, testing::Values(kMake));
INSTANTIATE_TEST_SUITE_P(InFile, GivenBlockable, testing::Values(kMake));

}  // namespace
}  // namespace dirsync::fake
