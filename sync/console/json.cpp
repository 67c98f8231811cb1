#include "sync/console/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <charconv>
#include <cmath>

namespace dirsync::console {
namespace {
std::optional<std::string> text_of(boost::json::value const& value) {
  if (auto const* text = value.if_string()) return std::string{*text};
  if (auto const* number = value.if_int64()) return std::to_string(*number);
  if (auto const* number = value.if_uint64()) return std::to_string(*number);
  return {};
}

std::optional<std::int64_t> number_of(boost::json::value const& value) {
  if (auto const* number = value.if_int64()) return *number;
  if (auto const* number = value.if_double();
      number && std::abs(*number) < 9e15 && std::trunc(*number) == *number)
    return static_cast<std::int64_t>(*number);
  auto const* text = value.if_string();
  if (!text) return {};
  std::int64_t number = 0;
  auto const* const end = text->data() + text->size();
  auto const [stop, failed] = std::from_chars(text->data(), end, number);
  if (failed != std::errc{} || stop != end) return {};
  return number;
}
}  // namespace

std::optional<boost::json::object> parse_object(std::string_view text) {
  boost::json::error_code failed;
  auto value = boost::json::parse(text, failed);
  if (failed || !value.is_object()) return {};
  return std::move(value.get_object());
}

boost::json::value const* member(boost::json::object const& object, std::string_view key) {
  auto const* value = object.if_contains(key);
  return value && !value->is_null() ? value : nullptr;
}

std::optional<std::string> text_at(boost::json::object const& object, std::string_view key) {
  auto const* value = member(object, key);
  return value ? text_of(*value) : std::nullopt;
}

std::optional<std::int64_t> number_at(boost::json::object const& object, std::string_view key) {
  auto const* value = member(object, key);
  return value ? number_of(*value) : std::nullopt;
}

bool true_at(boost::json::object const& object, std::string_view key) {
  auto const* value = member(object, key);
  if (!value) return false;
  if (auto const* flag = value->if_bool()) return *flag;
  return text_of(*value) == "true";
}

Ids ids_at(boost::json::object const& object, std::string_view key) {
  Ids result;
  auto const* value = member(object, key);
  if (!value) return result;
  auto const* array = value->if_array();
  result.told = array ? Ids::Told::yes : Ids::Told::unreadable;
  if (!array) return result;
  for (auto const& entry : *array) {
    auto const* nested = entry.if_object();
    auto id = nested ? text_at(*nested, "id") : text_of(entry);
    if (id && !id->empty()) {
      result.ids.push_back(std::move(*id));
      continue;
    }
    result.told = Ids::Told::unreadable;
    result.names.push_back(nested ? text_at(*nested, "name").value_or("") : std::string{});
  }
  return result;
}

}  // namespace dirsync::console
