#include "store/chain.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace dirsync::store {
namespace {
using Kind = ChainFault::Kind;

/// Row 1 of docs/audit.md.
AuditRow documented_row() {
  AuditRow row;
  row.sequence = 1;
  row.time = *parse_rfc3339("2026-11-21T21:38:11.042Z");
  row.run = RunId{7};
  row.phase = "change";
  row.target = "vault";
  row.verb = "add";
  row.group = "unix-admins";
  row.principal = "alice";
  row.dn = "uid=alice,ou=people,dc=example,dc=com";
  row.id = "6f1c2a34-5b6d-4e7f-8a9b-0c1d2e3f4a5b";
  row.rule = "unix-admins";
  row.path = "cn=pam-unix-admins > uid=alice";
  row.plan = std::string(64, 'a');
  row.actor = "daemon";
  row.result = "done";
  row.previous = kNoHash;
  return row;
}

struct GivenChain : testing::Test {
  GivenChain() {
    for (auto const* const principal : {"alice", "bob", "carol", "dave"}) {
      auto row = documented_row();
      row.sequence = std::ssize(rows) + 1;
      row.principal = principal;
      row.previous = head.hash;
      row.hash = hash_of(row);
      head = {row.sequence, row.hash};
      rows.push_back(row);
    }
  }
  std::optional<ChainFault> check() const {
    ChainCheck check;
    for (auto const& row : rows) check.next(row);
    return check.finish(head);
  }
  void expect(Kind kind, std::int64_t sequence) const {
    auto const fault = check();
    ASSERT_TRUE(fault);
    EXPECT_EQ(to_text(fault->kind), std::string{to_text(kind)}) << fault->text;
    EXPECT_EQ(fault->sequence, sequence);
    EXPECT_NE(fault->text, "");
  }
  std::vector<AuditRow> rows;
  ChainHead head{0, kNoHash};
};

TEST(GivenDocumentedRow, WhenHashedThenAsDocumented) {
  EXPECT_EQ(hash_of(documented_row()), "d1f9ad79d062772a65e00d668731a43f530a6be38665e74a17dd1f084ea806f5");
}

TEST(GivenEmptyChain, WhenCheckedThenHolds) { EXPECT_FALSE(ChainCheck{}.finish({0, kNoHash})); }

TEST_F(GivenChain, WhenUntouchedThenHolds) { EXPECT_FALSE(check()); }

TEST_F(GivenChain, WhenAnyFieldIsChangedThenFoundThere) {
  std::vector<std::function<void(AuditRow&)>> const changes{
      [](AuditRow& row) { row.time += std::chrono::milliseconds{1}; },
      [](AuditRow& row) { row.run = RunId{8}; },
      [](AuditRow& row) { row.phase = "recovered"; },
      [](AuditRow& row) { row.target += "x"; },
      [](AuditRow& row) { row.verb = "remove"; },
      [](AuditRow& row) { row.group += "x"; },
      [](AuditRow& row) { row.principal += "x"; },
      [](AuditRow& row) { row.dn += "x"; },
      [](AuditRow& row) { row.id += "x"; },
      [](AuditRow& row) { row.rule += "x"; },
      [](AuditRow& row) { row.path += "x"; },
      [](AuditRow& row) { row.plan += "x"; },
      [](AuditRow& row) { row.actor = "uid:0 (root)"; },
      [](AuditRow& row) { row.result = "failed"; },
      [](AuditRow& row) { row.detail = "x"; },
      [](AuditRow& row) { row.previous[0] ^= 1; },
      [](AuditRow& row) { row.hash[0] ^= 1; },
  };
  auto const untouched = rows;
  for (std::size_t n = 0; n < changes.size(); ++n) {
    SCOPED_TRACE(n);
    rows = untouched;
    changes[n](rows[1]);
    expect(Kind::altered, 2);
  }
}

TEST_F(GivenChain, WhenTextMovesToTheNextFieldThenFound) {
  rows[1].principal = "bobuid=alice,ou=people,dc=example,dc=com";
  rows[1].dn = "";
  expect(Kind::altered, 2);
}

TEST_F(GivenChain, WhenRowIsReplacedWithFreshHashThenNextOneDoesNotFollow) {
  rows[1].principal = "mallory";
  rows[1].hash = hash_of(rows[1]);
  expect(Kind::reordered, 3);
}

TEST_F(GivenChain, WhenRowsTradePlacesThenFound) {
  std::swap(rows[1], rows[2]);
  std::swap(rows[1].sequence, rows[2].sequence);
  expect(Kind::altered, 2);
}

TEST_F(GivenChain, WhenRowsTradePlacesWithFreshHashesThenFound) {
  std::swap(rows[1], rows[2]);
  std::swap(rows[1].sequence, rows[2].sequence);
  for (auto& row : rows) row.hash = hash_of(row);
  expect(Kind::reordered, 2);
}

TEST_F(GivenChain, WhenRowIsGoneThenItsNumberIsNamed) {
  rows.erase(rows.begin() + 1);
  expect(Kind::missing, 2);
}

TEST_F(GivenChain, WhenFirstRowIsGoneThenFound) {
  rows.erase(rows.begin());
  expect(Kind::missing, 1);
}

TEST_F(GivenChain, WhenItsFirstRowsWerePrunedThenItHoldsFromThereOn) {
  ChainCheck check{{2, rows[1].hash}};
  EXPECT_TRUE(check.next(rows[2]));
  EXPECT_TRUE(check.next(rows[3]));
  EXPECT_EQ(check.count(), 2);
  EXPECT_FALSE(check.finish(head));
}

TEST_F(GivenChain, WhenAPrunedRowIsThereAgainThenFound) {
  ChainCheck check{{2, rows[1].hash}};
  EXPECT_FALSE(check.next(rows[1]));
  auto const fault = check.finish(head);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, Kind::inserted);
  EXPECT_EQ(fault->sequence, 2);
}

TEST_F(GivenChain, WhenTailIsCutThenFound) {
  rows.resize(2);
  expect(Kind::cut_tail, 3);
}

TEST_F(GivenChain, WhenAllRowsAreGoneThenFound) {
  rows.clear();
  expect(Kind::cut_tail, 1);
}

TEST_F(GivenChain, WhenLastRowIsReplacedWithFreshHashThenHeadDoesNotFit) {
  rows.back().principal = "mallory";
  rows.back().hash = hash_of(rows.back());
  expect(Kind::head_mismatch, 4);
}

TEST_F(GivenChain, WhenRowsFollowTheHeadThenFound) {
  head = {3, rows[2].hash};
  expect(Kind::head_mismatch, 4);
}

TEST_F(GivenChain, WhenSeveralFaultsThenTheFirstIsNamed) {
  rows[2].actor = "x";
  rows[1].actor = "x";
  rows.pop_back();
  expect(Kind::altered, 2);
}

}  // namespace
}  // namespace dirsync::store
