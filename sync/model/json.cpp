#include "sync/model/json.hpp"

namespace dirsync {
namespace json = boost::json;
namespace {
json::array const kNoArray;
json::object const kNoObject;
}  // namespace

std::optional<json::value> parse_json(std::string_view text) {
  boost::system::error_code failed;
  auto value = json::parse(text, failed);
  if (failed) return std::nullopt;
  return value;
}

std::string text_at(json::object const& object, std::string_view key) {
  auto const* const value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

json::array const& array_at(json::object const& object, std::string_view key) {
  auto const* const value = object.if_contains(key);
  return value != nullptr && value->is_array() ? value->get_array() : kNoArray;
}

json::object const& object_at(json::object const& object, std::string_view key) {
  auto const* const value = object.if_contains(key);
  return value != nullptr ? object_in(*value) : kNoObject;
}

std::optional<std::int64_t> integer_at(json::object const& object, std::string_view key) {
  auto const* const value = object.if_contains(key);
  if (value == nullptr) return std::nullopt;
  boost::system::error_code no_integer;
  auto const number = value->to_number<std::int64_t>(no_integer);
  if (no_integer) return std::nullopt;
  return number;
}

bool flag_at(json::object const& object, std::string_view key) {
  auto const* const value = object.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

json::object const& object_in(json::value const& value) {
  return value.is_object() ? value.get_object() : kNoObject;
}

}  // namespace dirsync
