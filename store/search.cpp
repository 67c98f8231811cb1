// Whom a person may mean who has written a part of a name.
#include <algorithm>
#include <string_view>
#include <utility>

#include "store/interval_tables.hpp"
#include "store/intervals.hpp"
#include "store/kept_entries.hpp"
#include "store/sql.hpp"
#include "sync/model/rdn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::store {
namespace {

HeldPerson member_in(Query const& row) {
  auto const spelling = row.text(1);
  return {row.text(0), spelling.empty() ? row.text(2) : spelling, row.text(3), EntryId{row.text(4)},
          row.text(5)};
}

#define DIRSYNC_MEMBER_SELECT \
  "SELECT target, principal, principal_folded, principal_id, entry_id, dn, number FROM interval_member "

/// What the index knows of the beginnings of names: while somebody types it is nearly always enough.
void find_beginnings(Database& database, std::string const& folded, std::size_t most,
                     std::vector<HeldPerson>& found) {
  static constexpr char kSelect[] = DIRSYNC_MEMBER_SELECT
      "WHERE principal_folded >= ?1 AND principal_folded < ?2 ORDER BY principal_folded, number LIMIT ?3";
  auto query = database.query(kSelect);
  for (query.with(folded, folded + "\xf4\x8f\xbf\xbf", most); query.step();)
    found.push_back(member_in(query));
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

/// As find_within(), of a part that SQLite cannot fold: DNs are kept as the directory spells them.
void find_within_folded(Database& database, std::string const& folded, std::size_t most,
                        std::vector<HeldPerson>& found) {
  static constexpr char kSelect[] = DIRSYNC_MEMBER_SELECT "ORDER BY number";
  auto query = database.query(kSelect);
  for (std::size_t left = most; left > 0 && query.step();) {
    auto const name = query.text(2);
    if (name.starts_with(folded)) continue;  // find_beginnings() has these
    if (name.find(folded) == name.npos && fold_case(query.text(5)).find(folded) == std::string::npos)
      continue;
    found.push_back(member_in(query));
    --left;
  }
}

/// Within names and DNs: every member is looked at.
void find_within(Database& database, std::string const& folded, std::size_t most,
                 std::vector<HeldPerson>& found) {
  if (!is_ascii(folded)) return find_within_folded(database, folded, most, found);
  static constexpr char kSelect[] = DIRSYNC_MEMBER_SELECT
      "WHERE instr(principal_folded, ?1) > 1 OR (instr(lower(dn), ?1) > 0 AND instr(principal_folded, ?1) "
      "= 0) ORDER BY number LIMIT ?2";
  auto query = database.query(kSelect);
  for (query.with(folded, most); query.step();) found.push_back(member_in(query));
}

/// People who never had anything: they are asked about, too.
void find_entries(Database& database, std::string const& folded, std::size_t most,
                  std::vector<HeldPerson>& found) {
  static constexpr char kDirectories[] = "SELECT name FROM directory ORDER BY name";
  auto const equals = [](char left, char right) {
    return left == right || (left >= 'A' && left <= 'Z' && left - 'A' + 'a' == right);
  };
  auto const has_part = [&folded, &equals, folds_alone = is_ascii(folded)](std::string_view name) {
    if (!folds_alone) return fold_case(name).find(folded) != std::string::npos;
    return std::search(name.begin(), name.end(), folded.begin(), folded.end(), equals) != name.end();
  };
  auto const note = [&found, &has_part, most](std::uint32_t, EntryRecord const& record) {
    if (record.is_group || record.gone_run != 0 || found.size() >= most) return;
    if (!has_part(first_value(record.dn))) return;
    found.push_back({"", "", "", EntryId{std::string{record.id}}, std::string{record.dn}});
  };
  auto directories = database.query(kDirectories);
  while (directories.step()) visit_entries(database, directories.text(0), note);
}

#undef DIRSYNC_MEMBER_SELECT

}  // namespace

Result<std::vector<HeldPerson>> Intervals::find_people(std::string const& part, std::size_t most) const {
  using People = std::vector<HeldPerson>;
  return database_->reading("people cannot be looked up", [this, &part, most]() -> Result<People> {
    People found;
    auto const folded = fold_case(part);
    if (folded.empty() || most == 0) return found;
    find_beginnings(*database_, folded, most, found);
    if (found.size() < most) find_within(*database_, folded, most - found.size(), found);
    if (found.size() < most) find_entries(*database_, folded, most, found);
    return found;
  });
}

Result<std::int64_t> Intervals::count_members(std::int64_t group) const {
  static constexpr char kSelect[] =
      "SELECT count(*) FROM membership_interval WHERE group_number = ? AND ended = ?";
  return database_->attempt("members cannot be counted", [this, group]() -> Result<std::int64_t> {
    auto query = database_->query(kSelect);
    return query.with(group, kLasting).step() ? query.integer(0) : 0;
  });
}

}  // namespace dirsync::store
