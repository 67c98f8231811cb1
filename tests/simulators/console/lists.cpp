#include "tests/simulators/console/lists.hpp"

#include <algorithm>
#include <charconv>

#include "tests/simulators/common.hpp"

namespace dirsync::sim::console {
namespace {

// The largest page number that can still be multiplied by a page size.
constexpr std::int64_t kMost = 1'000'000'000;

Checked<std::int64_t> positive(Context const& context, std::string_view name, std::int64_t fallback) {
  auto const text = find_field(context.request.query, name);
  if (!text) return fallback;
  std::int64_t value = 0;
  auto const* const end = text->data() + text->size();
  auto const [stop, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc{} || stop != end || value < 1 || value > kMost)
    return Refusal{400, "Invalid " + std::string{name}};
  return value;
}

}  // namespace

bool listed(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    auto const end = list.find(',');
    if (list.substr(0, end) == name) return true;
    list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
  }
  return false;
}

Checked<Page> page_of(Context const& context, Knobs const& knobs, std::string_view list) {
  if (listed(knobs.text("ignore_paging"), list)) return Page{};
  auto const number = positive(context, "page.number", 1);
  if (!number) return number.error();
  auto const size = positive(context, "page.size", 10);
  if (!size) return size.error();
  return Page{*number,
              std::min<std::int64_t>(*size, std::max<std::int64_t>(1, knobs.number("max_page_size")))};
}

Checked<std::vector<std::string>> reach_of(Context const& context, State const& state,
                                           std::string_view fallback) {
  auto const type = find_field(context.request.query, "queryType").value_or(std::string{fallback});
  auto const all = type == "SHOW_ALL";
  std::vector<std::string> reach;
  if (type == "SHOW_ANCESTORS" || all)
    reach = state.lineage(context.org);
  else if (type == "SHOW_CURRENT")
    reach = {context.org};
  else if (type != "SHOW_DESCENDANTS")
    return Refusal{400, "Invalid queryType"};
  if (type == "SHOW_DESCENDANTS" || all)
    for (auto const& org : state.organizations)
      if (state.within(org.id, context.org) && !contains(reach, org.id)) reach.push_back(org.id);
  return reach;
}

json::object list_body(Knobs const& knobs, std::string_view key, json::array items, Page page,
                       std::size_t total) {
  auto const size = static_cast<std::size_t>(page.size);
  auto const number = [&knobs](std::size_t value) {
    return knobs.is("totals_as", "string") ? json::value(std::to_string(value))
                                           : json::value(static_cast<std::int64_t>(value));
  };
  json::object body;
  put_array(body, key, std::move(items), knobs);
  body["pageInfo"] = {{"page", page.number},
                      {"pageSize", page.size},
                      {"totalElements", number(total)},
                      {"totalPages", number((total + size - 1) / size)}};
  return body;
}

void put_array(json::object& object, std::string_view key, json::array items, Knobs const& knobs) {
  if (!items.empty() || knobs.is("empty_arrays", "shown"))
    object[key] = std::move(items);
  else if (knobs.is("empty_arrays", "null"))
    object[key] = nullptr;
}

}  // namespace dirsync::sim::console
