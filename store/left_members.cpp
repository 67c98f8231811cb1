#include "store/left_members.hpp"

#include <map>
#include <utility>

#include "store/packing.hpp"
#include "sync/model/text.hpp"

namespace dirsync::store {
namespace {

std::string pack_people(std::span<EntryId const> ids) {
  std::vector<std::string> texts;
  for (auto const& id : ids) texts.push_back(id.value());
  return pack_texts(texts);
}

std::vector<EntryId> unpack_people(std::string_view packed) {
  auto const texts = unpack_texts(packed);
  if (!texts) damaged("who gets nothing");
  std::vector<EntryId> ids;
  for (auto const& text : *texts) ids.emplace_back(text);
  return ids;
}

}  // namespace

void keep_foreign(Database& database, std::string const& target, std::span<MembersOfOthers const> groups) {
  static constexpr char kSelect[] =
      "SELECT group_id, names FROM foreign_member WHERE target = ? ORDER BY group_id";
  static constexpr char kUpsert[] =
      "INSERT INTO foreign_member (target, group_id, names) VALUES (?, ?, ?) "
      "ON CONFLICT (target, group_id) DO UPDATE SET names = excluded.names";
  static constexpr char kDelete[] = "DELETE FROM foreign_member WHERE target = ? AND group_id = ?";
  std::map<std::string, std::string> before;
  {
    auto query = database.query(kSelect);
    for (query.with(target); query.step();) before.emplace(query.text(0), query.blob(1));
  }
  for (auto const& group : groups) {
    auto const packed = pack_texts(group.names);
    auto const kept = before.extract(group.group_id);
    if (!kept.empty() && kept.mapped() == packed) continue;
    database.query(kUpsert).with(target, group.group_id, Blob{packed}).run();
  }
  for (auto const& [group, packed] : before) database.query(kDelete).with(target, group).run();
}

void keep_left_out(Database& database, std::string const& target, std::span<LeftOut const> groups) {
  static constexpr char kSelect[] =
      "SELECT group_name, disabled, excluded FROM left_out WHERE target = ? ORDER BY group_name";
  static constexpr char kUpsert[] =
      "INSERT INTO left_out (target, group_name, disabled, excluded) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (target, group_name) DO UPDATE SET disabled = excluded.disabled, "
      "excluded = excluded.excluded";
  static constexpr char kDelete[] = "DELETE FROM left_out WHERE target = ? AND group_name = ?";
  using Packed = std::pair<std::string, std::string>;
  std::map<std::string, Packed> before;
  {
    auto query = database.query(kSelect);
    for (query.with(target); query.step();)
      before.emplace(query.text(0), Packed{query.blob(1), query.blob(2)});
  }
  for (auto const& left : groups) {
    Packed const packed{pack_people(left.disabled), pack_people(left.excluded)};
    auto const kept = before.extract(left.group);
    if (!kept.empty() && kept.mapped() == packed) continue;
    database.query(kUpsert).with(target, left.group, Blob{packed.first}, Blob{packed.second}).run();
  }
  for (auto const& [group, packed] : before) database.query(kDelete).with(target, group).run();
}

std::optional<std::vector<std::string>> foreign_names(Database& database, std::string const& target,
                                                      std::string const& group_id) {
  static constexpr char kSelect[] = "SELECT names FROM foreign_member WHERE target = ? AND group_id = ?";
  auto query = database.query(kSelect);
  if (!query.with(target, group_id).step()) return std::nullopt;
  auto names = unpack_texts(query.blob(0));
  if (!names) damaged("the foreign members of group " + group_id);
  return names;
}

LeftOut left_out_of(Database& database, std::string const& target, std::string const& group) {
  static constexpr char kSelect[] =
      "SELECT group_name, disabled, excluded FROM left_out WHERE target = ? ORDER BY group_name";
  auto const folded = fold_case(group);
  auto query = database.query(kSelect);
  for (query.with(target); query.step();)
    if (fold_case(query.text(0)) == folded)
      return {query.text(0), unpack_people(query.blob(1)), unpack_people(query.blob(2))};
  return {.group = group, .disabled = {}, .excluded = {}};
}

}  // namespace dirsync::store
