// What undos took back.
#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "store/columns.hpp"
#include "store/write.hpp"
#include "sync/model/assert.hpp"

namespace dirsync::store {
namespace {

Undone read_undone(Query const& row, std::string const& target) {
  Undone undone;
  auto& change = undone.change;
  change.target = target;
  change.verb = verb_of(row.text(0));
  change.group = row.text(1);
  change.group_id = row.text(2);
  change.principal = row.text(3);
  change.principal_id = row.text(4);
  change.dn = row.text(5);
  change.id = EntryId{row.text(6)};
  change.rule = row.text(7);
  change.new_name = row.text(8);
  undone.run = RunId{row.integer(9)};
  undone.by = RunId{row.integer(10)};
  undone.said = row.text(11);
  undone.since = row.time(12);
  return undone;
}

auto order_of(Undone const* undone) {
  auto const& change = undone->change;
  return std::tuple{std::string_view{change.group}, std::string_view{change.principal}, change.verb};
}

}  // namespace

Result<std::vector<Undone>> Store::undone(std::string const& target) {
  static constexpr char kSelect[] =
      "SELECT verb, group_name, group_id, principal, principal_id, dn, entry_id, rule, new_name, run, "
      "undone_by, said, since FROM undone WHERE target = ? ORDER BY position";
  return database_->attempt("what was undone cannot be read",
                            [this, &target]() -> Result<std::vector<Undone>> {
                              std::vector<Undone> all;
                              auto query = database_->query(kSelect);
                              for (query.with(target); query.step();)
                                all.push_back(read_undone(query, target));
                              return all;
                            });
}

Result<void> Store::replace_undone(std::string const& target, std::span<Undone const> changes) {
  static constexpr char kDelete[] = "DELETE FROM undone WHERE target = ?";
  static constexpr char kInsert[] =
      "INSERT INTO undone (target, position, verb, group_name, group_id, principal, principal_id, dn, "
      "entry_id, rule, new_name, run, undone_by, said, since) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  std::vector<Undone const*> ordered;
  for (auto const& one : changes) {
    DIRSYNC_ASSERT(one.change.target == target);
    ordered.push_back(&one);
  }
  std::ranges::stable_sort(ordered, {}, order_of);
  return write("what was undone cannot be recorded", [this, &target, &ordered]() -> Result<void> {
    database_->query(kDelete).with(target).run();
    auto position = 0;
    for (auto const* one : ordered) {
      auto const& change = one->change;
      database_->query(kInsert)
          .with(target, ++position, to_text(change.verb), change.group, change.group_id, change.principal,
                change.principal_id, change.dn, change.id, change.rule, change.new_name, one->run, one->by,
                one->said, one->since)
          .run();
    }
    return {};
  });
}

}  // namespace dirsync::store
