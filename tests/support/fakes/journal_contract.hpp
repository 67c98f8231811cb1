#pragma once
// One suite for every Journal: the fake that engine tests trust must be what the store is.
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "sync/ports/journal.hpp"

namespace dirsync::fake {

struct JournalUnderTest {
  virtual ~JournalUnderTest() = default;
  virtual Journal& journal() = 0;
  virtual std::vector<AuditRow> audit() = 0;
};

using MakeJournal = std::function<std::unique_ptr<JournalUnderTest>()>;

/// A run that has begun. Instantiate with INSTANTIATE_TEST_SUITE_P; the tests are in journal_contract.cpp and
/// journal_contract_values.cpp.
struct GivenRun : testing::TestWithParam<MakeJournal> {
  std::unique_ptr<JournalUnderTest> under_test = GetParam()();
  Journal& journal = under_test->journal();
  RunId run;

  void SetUp() override;
  static Change change(Verb verb, std::string principal = "", std::string principal_id = "");
  void settle(Change change, Outcome outcome);
  std::vector<std::string> rows(std::string const& phase);  // "verb group principal result"
  std::vector<std::string> grants();                        // "group-id principal principal-id"
  StoredPlan held(char name, Time seen) const;
  StoredPlan::State state(char name);
};

/// The same, nothing being blocked yet; the tests are in journal_contract_values.cpp. Instantiate it as well.
struct GivenBlockable : GivenRun {
  static Blocked blocked_removal(std::string principal, std::string code = "unaddressable",
                                 std::string reason = "no path holds the name");
  void replace(std::vector<Blocked> const& now);
  std::vector<std::string> names();  // of those who are to be removed
};

}  // namespace dirsync::fake
