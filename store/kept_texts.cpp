#include "store/kept_texts.hpp"

#include <algorithm>

#include "store/packing.hpp"
#include "sync/model/digest.hpp"

namespace dirsync::store {

std::int64_t keep_text(Database& database, std::string const& content) {
  static constexpr char kFind[] = "SELECT number FROM kept_text WHERE digest = ?";
  static constexpr char kInsert[] = "INSERT INTO kept_text (digest, content) VALUES (?, ?)";
  if (content.empty()) return 0;
  auto const digest = Sha256{}.update(content).hex();
  auto known = database.query(kFind);
  if (known.with(digest).step()) return known.integer(0);
  database.query(kInsert).with(digest, content).run();
  return database.last_row_id();
}

std::string kept_text(Database& database, std::int64_t number) {
  static constexpr char kSelect[] = "SELECT content FROM kept_text WHERE number = ?";
  if (number == 0) return {};
  auto query = database.query(kSelect);
  if (!query.with(number).step()) damaged("what runs have in common: text " + std::to_string(number));
  return query.text(0);
}

std::int64_t keep_notices(Database& database, std::span<std::string const> notices) {
  static constexpr char kFind[] = "SELECT number FROM notice_list WHERE digest = ?";
  static constexpr char kInsert[] = "INSERT INTO notice_list (digest, notices) VALUES (?, ?)";
  if (notices.empty()) return 0;
  Sha256 of_all;
  for (auto const& notice : notices) of_all.field(notice);
  auto const digest = of_all.hex();
  auto known = database.query(kFind);
  if (known.with(digest).step()) return known.integer(0);
  std::vector<std::uint32_t> numbers;
  for (auto const& notice : notices)
    numbers.push_back(static_cast<std::uint32_t>(keep_text(database, notice)));
  std::ranges::sort(numbers);
  auto const rest = std::ranges::unique(numbers);
  numbers.erase(rest.begin(), rest.end());
  auto const packed = pack_numbers(numbers);
  database.query(kInsert).with(digest, Blob{packed}).run();
  return database.last_row_id();
}

std::vector<std::string> kept_notices(Database& database, std::int64_t number) {
  static constexpr char kSelect[] = "SELECT notices FROM notice_list WHERE number = ?";
  if (number == 0) return {};
  auto query = database.query(kSelect);
  auto const numbers = query.with(number).step() ? unpack_numbers(query.blob(0)) : std::nullopt;
  if (!numbers) damaged("what runs have in common: notices " + std::to_string(number));
  std::vector<std::string> notices;
  for (auto const notice : *numbers) notices.push_back(kept_text(database, notice));
  return notices;
}

}  // namespace dirsync::store
