// Memberships that runs changed to and fro of late.
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "store/audit_rows.hpp"
#include "store/write.hpp"
#include "sync/model/text.hpp"

namespace dirsync::store {
namespace {

using Key = std::pair<std::string, std::string>;  // group, and the person: by id, else by name

std::map<Key, Flips> count_flips(Database& database, std::string const& target, std::string const& since) {
  static constexpr char kSelect[] =
      "SELECT audit.time, audit.group_name, audit.principal, audit.id FROM audit "
      "LEFT JOIN run ON run.id = audit.run WHERE audit.sequence >= ?1 AND audit.time >= ?2 "
      "AND audit.target = ?3 AND audit.phase IN ('change', 'recovered') AND audit.verb IN ('add', 'remove') "
      "AND audit.result = 'done' AND audit.rule <> '' AND coalesce(run.trigger, '') <> 'undo' "
      "ORDER BY audit.sequence DESC";
  auto const first = first_row_since(database, since);
  std::map<Key, Flips> flips;
  auto query = database.query(kSelect);
  for (query.with(first, since, target); query.step();) {
    auto group = query.text(1), principal = query.text(2), id = query.text(3);
    auto& one = flips[{fold_case(group), id.empty() ? "name " + fold_case(principal) : "id " + id}];
    if (one.times.empty()) {
      one.group = std::move(group);
      one.principal = std::move(principal);
      one.id = EntryId{std::move(id)};
    }
    one.times.push_back(query.time(0));
  }
  return flips;
}

}  // namespace

Result<std::vector<Flips>> Store::flips(std::string const& target, Time since, int count) {
  return database_->reading(
      "changes of late cannot be read", [this, &target, since, count]() -> Result<std::vector<Flips>> {
        std::vector<Flips> often;
        for (auto& [key, flips] : count_flips(*database_, target, rfc3339(since)))
          if (std::cmp_greater_equal(flips.times.size(), count)) often.push_back(std::move(flips));
        std::ranges::sort(often, {},
                          [](Flips const& one) { return std::tie(one.group, one.principal, one.id); });
        return often;
      });
}

}  // namespace dirsync::store
