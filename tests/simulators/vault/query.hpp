#pragma once
// filter, sort, search and boolean parameters of the list calls.
#include <algorithm>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "tests/simulators/vault/reply.hpp"

namespace dirsync::sim::vault {

struct Condition {
  std::string property;  // lower case
  std::string value;
};

struct SortKey {
  std::string property;  // lower case
  bool descending = false;
};

/// Characters of UTF-8 text.
std::size_t characters(std::string_view text);

using Properties = std::initializer_list<std::string_view>;  // lower case

/// `a eq x AND b eq "y z"`. `quotes_needed`: a value with a space must stand in quotes.
Checked<std::vector<Condition>> parse_filter(std::string_view text, Properties known, bool quotes_needed);

/// `a asc,b desc`, at most three.
Checked<std::vector<SortKey>> parse_sort(std::vector<std::string> const& values, Properties known);

/// Terms between spaces, folded; at most 500 characters in all.
Checked<std::vector<std::string>> parse_search(std::string_view text);
/// True when each term is in one of `texts`.
bool matches(std::vector<std::string> const& terms, std::initializer_list<std::string_view> texts);

/// true, True, "True"; the fallback when absent.
Checked<bool> parse_flag(Fields const& query, std::string_view name, bool fallback = false);
Checked<std::int64_t> parse_number(Fields const& query, std::string_view name, std::int64_t fallback);

/// Stable order by the keys; `text` gives a property of an item.
template <class Item>
void sort_by(std::vector<Item>& items, std::vector<SortKey> const& keys,
             std::function<std::string(Item const&, std::string_view property)> const& text) {
  std::ranges::stable_sort(items, [&keys, &text](Item const& left, Item const& right) {
    for (auto const& key : keys) {
      auto const order = text(left, key.property).compare(text(right, key.property));
      if (order != 0) return key.descending ? order > 0 : order < 0;
    }
    return false;
  });
}

}  // namespace dirsync::sim::vault
