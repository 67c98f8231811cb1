#include "tests/simulators/console/body.hpp"

#include <algorithm>
#include <charconv>

namespace dirsync::sim::console {
namespace {

Refusal mistyped(std::string_view key) { return {400, "Invalid value for " + std::string{key}}; }

json::value const* given(json::object const& body, std::string_view key) {
  auto const* value = body.if_contains(key);
  return value && !value->is_null() ? value : nullptr;
}

Checked<std::int64_t> body_version(json::object const& body) {
  auto const* value = given(body, "updateVersion");
  if (!value) return 0;
  if (value->is_int64()) return value->get_int64();
  if (value->is_string()) {
    std::string_view const text = value->get_string();
    std::int64_t version = 0;
    auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error == std::errc{} && stop == text.data() + text.size()) return version;
  }
  return mistyped("updateVersion");
}

}  // namespace

Checked<std::string> body_text(json::object const& body, std::string_view key) {
  auto const* value = given(body, key);
  if (!value) return std::string{};
  if (!value->is_string()) return mistyped(key);
  return std::string{std::string_view{value->get_string()}};
}

Checked<std::optional<std::vector<std::string>>> body_ids(json::object const& body, std::string_view key) {
  auto const* value = given(body, key);
  if (!value) return std::optional<std::vector<std::string>>{};
  if (!value->is_array()) return mistyped(key);
  std::vector<std::string> ids;
  for (auto const& entry : value->get_array()) {
    if (!entry.is_string()) return mistyped(key);
    std::string_view const id = entry.get_string();
    if (!contains(ids, id)) ids.emplace_back(id);
  }
  return std::optional{std::move(ids)};
}

Checked<void> check_target(Context const& context, Knobs const& knobs, Stamps const& current) {
  auto const id = body_text(context.body, "id");
  if (!id) return id.error();
  if (!id->empty() && *id != context.id) return Refusal{400, "Invalid id"};
  auto const version = body_version(context.body);
  if (!version) return version.error();
  if (enabled(knobs, "require_update_version") && *version != current.version)
    return Refusal{status(knobs, "stale_status"), "Update version mismatch"};
  return {};
}

void mark_unknown_fields(Context& context, std::initializer_list<std::string_view> known) {
  auto const is_known = [&known](auto const& field) {
    return std::ranges::find(known, std::string_view{field.key()}) != known.end();
  };
  if (!std::ranges::all_of(context.body, is_known)) context.marks.emplace_back("unknown_fields");
}

}  // namespace dirsync::sim::console
