#include "sync/rest/json.hpp"

#include <boost/json/parse.hpp>
#include <cmath>
#include <utility>

#include "sync/model/text.hpp"
#include "sync/rest/mended_text.hpp"

namespace dirsync::rest {
namespace {
std::optional<std::int64_t> whole_number(boost::json::value const& value) {
  if (auto const* number = value.if_int64()) return *number;
  constexpr double kExactBelow = 9e15;
  if (auto const* number = value.if_double();
      number && std::abs(*number) < kExactBelow && std::trunc(*number) == *number)
    return static_cast<std::int64_t>(*number);
  return {};
}
}  // namespace

std::optional<boost::json::value> parse_json(std::string_view text) {
  boost::json::error_code failed;
  TextMender mender;
  auto const begun = mender.mend(text);
  auto const is_cut = !mender.rest().empty();  // such a document is none, whatever was held back
  auto value = boost::json::parse(is_cut ? text : begun, failed);
  if (failed) return {};
  return value;
}

std::optional<boost::json::object> parse_object(std::string_view text) {
  auto value = parse_json(text);
  if (!value || !value->is_object()) return {};
  return std::move(value->get_object());
}

boost::json::value const* member(boost::json::object const& object, std::string_view key) {
  auto const* value = object.if_contains(key);
  for (auto at = object.begin(); !value && at != object.end(); ++at)
    if (ascii_iequal(at->key(), key)) value = &at->value();
  return value && !value->is_null() ? value : nullptr;
}

std::optional<std::string> text_of(boost::json::value const& value) {
  if (auto const* text = value.if_string()) return std::string{*text};
  if (auto const* number = value.if_uint64()) return std::to_string(*number);
  if (auto const number = whole_number(value)) return std::to_string(*number);
  return {};
}

std::optional<std::string> text_at(boost::json::object const& object, std::string_view key) {
  auto const* value = member(object, key);
  return value ? text_of(*value) : std::nullopt;
}

std::string text_or_empty(boost::json::object const& object, std::string_view key) {
  return text_at(object, key).value_or("");
}

std::optional<std::int64_t> number_at(boost::json::object const& object, std::string_view key) {
  auto const* value = member(object, key);
  if (!value) return {};
  if (auto const* text = value->if_string()) return parse_integer(*text);
  return whole_number(*value);
}

bool true_at(boost::json::object const& object, std::string_view key) {
  auto const* value = member(object, key);
  if (!value) return false;
  if (auto const* flag = value->if_bool()) return *flag;
  return text_of(*value) == "true";
}

}  // namespace dirsync::rest
