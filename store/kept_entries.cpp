// Accepted reads: entries in pages, member sets packed per group, and what they were before.
#include "store/kept_entries.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace dirsync::store {
namespace {

// A page is rewritten as a whole when one of its entries changes, so it must not be large; read one by one,
// it must not be small. A row and two index keys for each entry would take five times as long to write.
constexpr std::size_t kPageEntries = 256;

std::vector<EntryRecord> records_of(std::string_view packed, std::int64_t page) {
  auto records = unpack_entries(packed);
  if (!records || records->size() > kPageEntries) damaged("entry page " + std::to_string(page));
  return *std::move(records);
}

/// Gives each entry of a snapshot its number (the one it had before, or the next one) and keeps the pages.
class Numbering {
 public:
  Numbering(Database& database, std::int64_t directory, RunId run, Snapshot const& snapshot)
      : database_(database),
        directory_(directory),
        run_(run.value()),
        snapshot_(snapshot),
        people_(snapshot.people().size()),
        groups_(snapshot.groups().size()) {
    match_known();
    for (PersonIndex i = 0; i < people_.size(); ++i)
      if (people_[i] == 0) people_[i] = number_of(snapshot.people()[i], i, false);
    for (GroupIndex i = 0; i < groups_.size(); ++i)
      if (groups_[i] == 0) groups_[i] = number_of(snapshot.groups()[i], i, true);
    if (tail_changed_) write_page(tail_page_, tail_);
  }
  std::uint32_t person(PersonIndex index) const { return people_[index]; }
  std::uint32_t group(GroupIndex index) const { return groups_[index]; }

 private:
  void match_known() {
    static constexpr char kSelect[] =
        "SELECT page, entries FROM entry_page WHERE directory = ? ORDER BY page";
    std::vector<std::pair<std::int64_t, std::string>> changed;
    {
      auto query = database_.query(kSelect);
      for (query.with(directory_); query.step();) {
        auto const page = query.integer(0);
        auto records = records_of(query.blob(1), page);
        if (page != tail_page_ + (tail_count_ == kPageEntries)) damaged("entry page " + std::to_string(page));
        auto const same = match_page(page, records);
        tail_page_ = page;
        tail_count_ = records.size();
        tail_ = same ? std::string{query.blob(1)} : pack_entries(records);
        if (!same) changed.emplace_back(page, tail_);
      }
    }
    for (auto const& [page, packed] : changed) write_page(page, packed);
    if (tail_count_ == kPageEntries) start_page();
  }

  /// False when a record was brought up to date.
  bool match_page(std::int64_t page, std::vector<EntryRecord>& records) {
    auto number = static_cast<std::uint32_t>(page) * kPageEntries;
    auto same = true;
    for (auto& record : records) {
      ++number;
      auto const before = record;
      auto& expected = record.is_group ? next_group_ : next_person_;
      auto const index = find(record, expected);
      if (index) {
        auto const& entry = (record.is_group ? snapshot_.groups() : snapshot_.people())[*index];
        (record.is_group ? groups_ : people_)[*index] = static_cast<std::uint32_t>(number);
        expected = *index + 1;
        record.gone_run = 0;
        record.normalized_dn = entry.normalized_dn;
        record.dn = entry.dn;
      } else if (record.gone_run == 0) {
        record.gone_run = run_;
      }
      same = same && record == before;
    }
    return same;
  }

  /// Servers mostly answer in the same order as before: look there first, which needs neither hash nor copy.
  std::optional<std::uint32_t> find(EntryRecord const& record, std::uint32_t expected) const {
    auto const entries = record.is_group ? snapshot_.groups() : snapshot_.people();
    if (snapshot_.damages().empty() && expected < entries.size() && entries[expected].id.value() == record.id)
      return expected;
    return first_with(EntryId{std::string{record.id}}, record.is_group);
  }

  std::optional<std::uint32_t> first_with(EntryId const& id, bool is_group) const {
    return is_group ? snapshot_.group_by_id(id) : snapshot_.person_by_id(id);
  }

  /// Entries that bear one id are one here, which is the first.
  std::uint32_t number_of(Entry const& entry, std::uint32_t index, bool is_group) {
    auto const first = first_with(entry.id, is_group);
    if (first && *first < index) return (is_group ? groups_ : people_)[*first];
    return add(entry, is_group);
  }

  std::uint32_t add(Entry const& entry, bool is_group) {
    EntryRecord const record{.is_group = is_group,
                             .first_run = run_,
                             .gone_run = 0,
                             .id = entry.id.value(),
                             .normalized_dn = entry.normalized_dn,
                             .dn = entry.dn};
    tail_ += pack_entries({&record, 1});
    tail_changed_ = true;
    auto const number = static_cast<std::uint32_t>(tail_page_ * static_cast<std::int64_t>(kPageEntries)) +
                        static_cast<std::uint32_t>(++tail_count_);
    if (tail_count_ == kPageEntries) {
      write_page(tail_page_, tail_);
      start_page();
    }
    return number;
  }

  void start_page() {
    ++tail_page_;
    tail_count_ = 0;
    tail_.clear();
    tail_changed_ = false;
  }

  void write_page(std::int64_t page, std::string const& packed) {
    static constexpr char kUpsert[] =
        "INSERT INTO entry_page (directory, page, entries) VALUES (?, ?, ?) ON CONFLICT (directory, page) "
        "DO UPDATE SET entries = excluded.entries";
    database_.query(kUpsert).with(directory_, page, Blob{packed}).run();
  }

  Database& database_;
  std::int64_t directory_, run_;
  Snapshot const& snapshot_;
  std::vector<std::uint32_t> people_, groups_;  // by index in the snapshot; 0: none yet
  std::uint32_t next_person_ = 0, next_group_ = 0;
  std::int64_t tail_page_ = 0;  // the last page, packed, and how many entries it has
  std::size_t tail_count_ = 0;
  std::string tail_;
  bool tail_changed_ = false;
};

/// Members of one group as numbers, packed.
class SetPacker {
 public:
  SetPacker(Snapshot const& snapshot, Numbering const& numbering)
      : snapshot_(snapshot), numbering_(numbering) {}
  std::string packed(GroupIndex group) {
    auto const members = snapshot_.members(group);
    numbers_.clear();
    for (auto const person : members.people) numbers_.push_back(numbering_.person(person));
    for (auto const nested : members.groups) numbers_.push_back(numbering_.group(nested));
    if (!std::ranges::is_sorted(numbers_)) std::ranges::sort(numbers_);
    numbers_.erase(std::unique(numbers_.begin(), numbers_.end()), numbers_.end());  // of entries with one id
    return pack_numbers(numbers_);
  }

 private:
  Snapshot const& snapshot_;
  Numbering const& numbering_;
  std::vector<std::uint32_t> numbers_;
};

/// Writes the sets that differ from the stored ones, and moves what stood there into the past.
void keep_member_sets(Database& database, std::int64_t directory, RunId run, Snapshot const& snapshot,
                      Numbering const& numbering) {
  static constexpr char kSelect[] =
      "SELECT group_number, members FROM member_set WHERE directory = ? ORDER BY group_number";
  static constexpr char kKeepPast[] =
      "INSERT INTO past_member_set (directory, group_number, since_run, until_run, members) "
      "SELECT directory, group_number, since_run, ?3, members FROM member_set "
      "WHERE directory = ?1 AND group_number = ?2 AND since_run < ?3";
  static constexpr char kDelete[] = "DELETE FROM member_set WHERE directory = ? AND group_number = ?";
  static constexpr char kInsert[] =
      "INSERT INTO member_set (directory, group_number, since_run, members) VALUES (?, ?, ?, ?)";

  std::vector<std::pair<std::uint32_t, GroupIndex>> wanted;
  wanted.reserve(snapshot.groups().size());
  for (GroupIndex i = 0; i < snapshot.groups().size(); ++i) wanted.emplace_back(numbering.group(i), i);
  std::ranges::sort(wanted);

  SetPacker packer{snapshot, numbering};
  std::vector<std::int64_t> outdated;  // changed or gone
  std::vector<std::pair<std::uint32_t, GroupIndex>> to_write;
  {
    auto query = database.query(kSelect);
    auto next = wanted.cbegin();
    for (query.with(directory); query.step();) {
      auto const number = query.integer(0);
      for (; next != wanted.cend() && next->first < number; ++next) to_write.push_back(*next);
      auto const still_there = next != wanted.cend() && next->first == number;
      if (!still_there || packer.packed(next->second) != query.blob(1)) {
        outdated.push_back(number);
        if (still_there) to_write.push_back(*next);
      }
      if (still_there) ++next;
    }
    to_write.insert(to_write.end(), next, wanted.cend());
  }
  for (auto const number : outdated) {
    database.query(kKeepPast).with(directory, number, run).run();
    database.query(kDelete).with(directory, number).run();
  }
  for (auto const& [number, group] : to_write) {
    auto const packed = packer.packed(group);
    database.query(kInsert).with(directory, number, run, Blob{packed}).run();
  }
}

}  // namespace

void visit_entries(Database& database, std::string const& directory, EntryVisitor const& visit) {
  static constexpr char kSelect[] =
      "SELECT page, entries FROM entry_page JOIN directory ON entry_page.directory = directory.number "
      "WHERE directory.name = ? ORDER BY page";
  auto query = database.query(kSelect);
  for (query.with(directory); query.step();) {
    auto number = static_cast<std::uint32_t>(query.integer(0)) * kPageEntries;
    for (auto const& record : records_of(query.blob(1), query.integer(0)))
      visit(static_cast<std::uint32_t>(++number), record);
  }
}

void keep_entries(Database& database, std::int64_t directory, RunId run, Snapshot const& snapshot) {
  Numbering const numbering{database, directory, run, snapshot};
  keep_member_sets(database, directory, run, snapshot, numbering);
}

}  // namespace dirsync::store
