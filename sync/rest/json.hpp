#pragma once
// Reading JSON of servers whose documents and traffic disagree on types and spelling. Absent and null are the
// same, names compare without regard to ASCII case, numbers may come as text. What is no Unicode is marked
// (sync/rest/mended_text.hpp).
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dirsync::rest {

/// Nothing when `text` is no JSON.
std::optional<boost::json::value> parse_json(std::string_view text);
/// The object that `text` is; nothing when it is no JSON or no object.
std::optional<boost::json::object> parse_object(std::string_view text);

/// The member, unless absent or null. It lives as long as `object`.
boost::json::value const* member(boost::json::object const& object, std::string_view key);

/// A string, or a whole number as text.
std::optional<std::string> text_of(boost::json::value const& value);
std::optional<std::string> text_at(boost::json::object const& object, std::string_view key);
/// A string or a number as text; empty when there is neither.
std::string text_or_empty(boost::json::object const& object, std::string_view key);

/// A number, or a string that is one. Whole numbers only.
std::optional<std::int64_t> number_at(boost::json::object const& object, std::string_view key);

/// The boolean, or a string that says "true".
bool true_at(boost::json::object const& object, std::string_view key);

}  // namespace dirsync::rest
