#include "tests/support/fakes/memory_journal.hpp"

#include "tests/support/fakes/fake_clock.hpp"
#include "tests/support/fakes/journal_contract.hpp"

namespace dirsync::fake {
namespace {

struct InMemory final : JournalUnderTest {
  FakeClock clock;
  MemoryJournal memory{clock};
  Journal& journal() override { return memory; }
  std::vector<AuditRow> audit() override { return memory.audit; }
};

MakeJournal const kMake = [] { return std::make_unique<InMemory>(); };
INSTANTIATE_TEST_SUITE_P(InMemory, GivenRun, testing::Values(kMake));
INSTANTIATE_TEST_SUITE_P(InMemory, GivenBlockable, testing::Values(kMake));

}  // namespace
}  // namespace dirsync::fake
