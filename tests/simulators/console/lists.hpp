#pragma once
// Paging and the reach of lists.
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulators/console/context.hpp"

namespace dirsync::sim::console {

struct Page {
  std::int64_t number = 1;
  std::int64_t size = 10;
};

/// `page.number` counts from 1; sizes above `max_page_size` are cut. `list` is the name for `ignore_paging`.
Checked<Page> page_of(Context const& context, Knobs const& knobs, std::string_view list);

/// The organizations whose entries a list shows, by `queryType` or `fallback`.
Checked<std::vector<std::string>> reach_of(Context const& context, State const& state,
                                           std::string_view fallback);

/// The page as the API writes it. `entries` are pointers to what the whole list holds.
template <class Entry, class Render>
json::object page_body(Knobs const& knobs, std::string_view key, Page page,
                       std::vector<Entry const*> const& entries, Render const& render);

/// `{KEY: items, "pageInfo": ...}`.
json::object list_body(Knobs const& knobs, std::string_view key, json::array items, Page page,
                       std::size_t total);

/// Sets an array, or what `empty_arrays` puts in place of an empty one.
void put_array(json::object& object, std::string_view key, json::array items, Knobs const& knobs);

template <class Entry, class Render>
json::object page_body(Knobs const& knobs, std::string_view key, Page page,
                       std::vector<Entry const*> const& entries, Render const& render) {
  json::array items;
  auto const total = static_cast<std::int64_t>(entries.size());
  auto const first = (page.number - 1) * page.size;
  for (auto at = first; at < first + page.size && at < total; ++at)
    items.push_back(render(*entries[static_cast<std::size_t>(at)]));
  return list_body(knobs, key, std::move(items), page, entries.size());
}

/// Whether the knob's list, with commas, has the name.
bool listed(std::string_view list, std::string_view name);

}  // namespace dirsync::sim::console
