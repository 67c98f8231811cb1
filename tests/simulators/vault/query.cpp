#include "tests/simulators/vault/query.hpp"

#include <charconv>

#include "sync/model/text.hpp"

namespace dirsync::sim::vault {
namespace {
bool is_known(Properties known, std::string_view name) {
  return std::ranges::find(known, name) != known.end();
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    auto const end = text.find(' ');
    if (end != 0) words.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return words;
}

/// Position of " AND " outside quotes; the length of the text when there is none.
std::size_t find_and(std::string_view text) {
  constexpr std::string_view kAnd = " and ";
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (!quoted && ascii_lower(text.substr(at, kAnd.size())) == kAnd) return at;
  }
  return text.size();
}

Checked<Condition> parse_condition(std::string_view text, Properties known, bool quotes_needed) {
  auto const property_end = text.find(' ');
  auto const property = ascii_lower(text.substr(0, property_end));
  if (!is_known(known, property)) return invalid("Unknown filter property " + property);
  constexpr std::string_view kEquals = " eq ";
  if (ascii_lower(text.substr(property.size(), kEquals.size())) != kEquals)
    return invalid("Unknown filter operator");
  auto value = text.substr(property.size() + kEquals.size());
  auto const quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  if (quoted)
    value = value.substr(1, value.size() - 2);
  else if (quotes_needed && value.find(' ') != std::string_view::npos)
    return invalid("Filter value needs quotes");
  if (value.empty()) return invalid("Filter without a value");
  return Condition{property, std::string{value}};
}
}  // namespace

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

Checked<std::vector<Condition>> parse_filter(std::string_view text, Properties known, bool quotes_needed) {
  std::vector<Condition> conditions;
  while (!text.empty()) {
    auto const end = find_and(text);
    auto condition = parse_condition(text.substr(0, end), known, quotes_needed);
    if (!condition) return condition.error();
    conditions.push_back(*std::move(condition));
    constexpr std::size_t kAndLength = 5;
    text = end == text.size() ? std::string_view{} : text.substr(end + kAndLength);
  }
  return conditions;
}

Checked<std::vector<SortKey>> parse_sort(std::vector<std::string> const& values, Properties known) {
  std::vector<SortKey> keys;
  for (std::string_view rest : values) {
    while (!rest.empty()) {
      auto const end = rest.find(',');
      auto const words = words_of(rest.substr(0, end));
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
      if (words.empty() || words.size() > 2 || !is_known(known, ascii_lower(words[0])))
        return invalid("Unknown sort property");
      auto const direction = words.size() == 2 ? ascii_lower(words[1]) : "asc";
      if (direction != "asc" && direction != "desc") return invalid("Unknown sort direction");
      keys.push_back({ascii_lower(words[0]), direction == "desc"});
    }
  }
  if (keys.size() > 3) return invalid("More than three sort properties");
  return keys;
}

Checked<std::vector<std::string>> parse_search(std::string_view text) {
  constexpr std::size_t kLongest = 500;
  if (characters(text) > kLongest) return invalid("Search text is too long");
  return words_of(fold_case(text));
}

bool matches(std::vector<std::string> const& terms, std::initializer_list<std::string_view> texts) {
  return std::ranges::all_of(terms, [texts](std::string const& term) {
    return std::ranges::any_of(
        texts, [&term](std::string_view text) { return fold_case(text).find(term) != std::string::npos; });
  });
}

Checked<bool> parse_flag(Fields const& query, std::string_view name, bool fallback) {
  auto const value = find_field(query, name);
  if (!value) return fallback;
  auto const word = ascii_lower(*value);
  if (word == "true" || word == "\"true\"") return true;
  if (word == "false" || word == "\"false\"") return false;
  return invalid(std::string{name} + " is not a boolean");
}

Checked<std::int64_t> parse_number(Fields const& query, std::string_view name, std::int64_t fallback) {
  auto const value = find_field(query, name);
  if (!value) return fallback;
  std::int64_t number = 0;
  auto const end = value->data() + value->size();
  auto const [stop, error] = std::from_chars(value->data(), end, number);
  if (error != std::errc{} || stop != end || number < 0)
    return invalid(std::string{name} + " is not a number", "PASWS018E");
  return number;
}

}  // namespace dirsync::sim::vault
