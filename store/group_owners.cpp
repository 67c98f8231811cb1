#include "store/group_owners.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "store/packing.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::store {
namespace {

/// As the directory spells them, each once.
std::vector<std::string> owners_shown(Entry const& group) {
  std::set<std::string> owners;
  for (auto const& attribute : owner_attributes())
    for (auto const value : group.values(attribute)) owners.emplace(value);
  return {owners.begin(), owners.end()};
}

}  // namespace

void keep_group_owners(Database& database, std::int64_t directory, Snapshot const& snapshot) {
  static constexpr char kSelect[] =
      "SELECT group_id, owners FROM group_owner WHERE directory = ? ORDER BY group_id";
  static constexpr char kUpsert[] =
      "INSERT INTO group_owner (directory, group_id, owners) VALUES (?, ?, ?) "
      "ON CONFLICT (directory, group_id) DO UPDATE SET owners = excluded.owners";
  static constexpr char kDelete[] = "DELETE FROM group_owner WHERE directory = ? AND group_id = ?";
  std::map<std::string, std::string> before;
  {
    auto query = database.query(kSelect);
    for (query.with(directory); query.step();) before.emplace(query.text(0), query.blob(1));
  }
  for (auto const& group : snapshot.groups()) {
    auto const owners = owners_shown(group);
    if (owners.empty()) continue;
    auto const packed = pack_texts(owners);
    auto const kept = before.extract(group.id.value());
    if (!kept.empty() && kept.mapped() == packed) continue;
    database.query(kUpsert).with(directory, group.id, Blob{packed}).run();
  }
  for (auto const& [group, packed] : before) database.query(kDelete).with(directory, group).run();
}

std::map<EntryId, std::vector<std::string>> owners_of_groups(Database& database) {
  static constexpr char kSelect[] = "SELECT group_id, owners FROM group_owner ORDER BY group_id, directory";
  std::map<EntryId, std::vector<std::string>> all;
  for (auto query = database.query(kSelect); query.step();) {
    auto const group = query.text(0);
    auto owners = unpack_texts(query.blob(1));
    if (!owners) damaged("the owners of group " + group);
    all.insert_or_assign(EntryId{group}, *std::move(owners));
  }
  return all;
}

}  // namespace dirsync::store
