#include "store/persons.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "store/kept_entries.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/joined_id.hpp"
#include "sync/model/rdn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::store {
namespace {

/// Equal but for case; `folded`: fold_case(person). All people are looked at, and nearly all are told apart
/// without the tables of Unicode.
bool is_person(std::string_view text, std::string_view person, std::string_view folded) {
  auto const is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  return text.size() == person.size() &&
         (ascii_iequal(text, person) || (!std::ranges::all_of(text, is_ascii) && fold_case(text) == folded));
}

std::vector<std::int64_t> numbers_of(Query& query) {
  std::vector<std::int64_t> numbers;
  while (query.step()) numbers.push_back(query.integer(0));
  return numbers;
}

std::vector<std::int64_t> with_name(Database& database, std::string const& person,
                                    std::string const& target) {
  static constexpr char kSelect[] =
      "SELECT number FROM interval_member WHERE principal_folded = ?1 AND (?2 = '' OR target = ?2) "
      "ORDER BY number";
  auto query = database.query(kSelect);
  return numbers_of(query.with(fold_case(person), target));
}

std::vector<std::int64_t> with_id(Database& database, std::string const& person, std::string const& target) {
  static constexpr char kSelect[] =
      "SELECT number FROM interval_member WHERE entry_id = ?1 AND (?2 = '' OR target = ?2) ORDER BY number";
  if (person.empty()) return {};
  auto query = database.query(kSelect);
  return numbers_of(query.with(ascii_lower(person), target));
}

/// What no index knows, in one walk.
struct Walked {
  std::vector<std::int64_t> by_dn, by_part_of_id, by_first_value;
};

Walked walk(Database& database, std::string const& person, std::string const& target) {
  static constexpr char kSelect[] =
      "SELECT number, dn, entry_id FROM interval_member WHERE ?1 = '' OR target = ?1 ORDER BY number";
  Walked walked;
  auto const folded = fold_case(person);
  auto query = database.query(kSelect);
  for (query.with(target); query.step();) {
    auto const number = query.integer(0);
    auto const dn = query.blob(1), id = query.blob(2);  // copies would take longer than all the rest
    if (is_person(dn, person, folded)) walked.by_dn.push_back(number);
    if (is_person(first_value(dn), person, folded)) walked.by_first_value.push_back(number);
    if (id.find('+') == std::string_view::npos) continue;
    auto const is_it = [&folded](EntryId const& part) { return fold_case(part.value()) == folded; };
    if (std::ranges::any_of(parts_of(EntryId{std::string{id}}), is_it)) walked.by_part_of_id.push_back(number);
  }
  return walked;
}

/// For a DN that is written in another way than the directory does.
std::vector<std::int64_t> with_equal_dn(Database& database, std::string const& person,
                                        std::string const& target) {
  static constexpr char kSelect[] =
      "SELECT number, dn FROM interval_member WHERE ?1 = '' OR target = ?1 ORDER BY number";
  auto const dn = person.find('=') == std::string::npos ? std::nullopt : normalized_dn(person);
  if (!dn) return {};
  std::vector<std::int64_t> numbers;
  auto query = database.query(kSelect);
  for (query.with(target); query.step();)
    if (normalized_dn(query.text(1)) == dn) numbers.push_back(query.integer(0));
  return numbers;
}

std::vector<std::int64_t> named_directly(Database& database, std::string const& person,
                                         std::string const& target) {
  if (auto named = with_name(database, person, target); !named.empty()) return named;
  if (auto known = with_id(database, person, target); !known.empty()) return known;
  auto walked = walk(database, person, target);
  for (auto* const found : {&walked.by_dn, &walked.by_part_of_id, &walked.by_first_value})
    if (!found->empty()) return std::move(*found);
  return with_equal_dn(database, person, target);
}

}  // namespace

std::vector<std::int64_t> members_meant(Database& database, std::string const& person,
                                        std::string const& target) {
  static constexpr char kEntry[] = "SELECT entry_id FROM interval_member WHERE number = ?";
  if (person.empty()) return {};
  auto meant = named_directly(database, person, target);
  std::set<std::int64_t> all{meant.begin(), meant.end()};
  for (auto const number : meant) {
    auto entry = database.query(kEntry);
    if (!entry.with(number).step()) continue;
    auto const same = with_id(database, entry.text(0), target);
    all.insert(same.begin(), same.end());
  }
  return {all.begin(), all.end()};
}

std::vector<HeldPerson> entries_meant(Database& database, std::string const& person) {
  static constexpr char kDirectories[] = "SELECT name FROM directory ORDER BY name";
  std::vector<HeldPerson> people;
  if (person.empty()) return people;
  auto const folded = fold_case(person);
  auto const dn = person.find('=') == std::string::npos ? std::nullopt : normalized_dn(person);
  auto const note = [&people, &person, &folded, &dn](std::uint32_t, EntryRecord const& record) {
    if (record.is_group) return;
    auto const is_it = is_person(record.id, person, folded) || (dn && record.normalized_dn == *dn) ||
                       is_person(first_value(record.dn), person, folded);
    if (is_it) people.push_back({"", "", "", EntryId{std::string{record.id}}, std::string{record.dn}});
  };
  auto directories = database.query(kDirectories);
  while (directories.step()) visit_entries(database, directories.text(0), note);
  return people;
}

}  // namespace dirsync::store
