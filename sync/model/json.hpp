#pragma once
// Reading JSON documents of our own: what a run left in the store, what a plan prints. They are read with
// care all the same, as another version may have written them. Answers of a target are read elsewhere.
// References live as long as the value they were taken from. Thread: any.
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dirsync {

/// Nothing when `text` is no JSON.
std::optional<boost::json::value> parse_json(std::string_view text);

/// A member of that kind; empty, nothing or false for what is not there or of another kind.
std::string text_at(boost::json::object const& object, std::string_view key);
boost::json::array const& array_at(boost::json::object const& object, std::string_view key);
boost::json::object const& object_at(boost::json::object const& object, std::string_view key);
/// Whole numbers that fit.
std::optional<std::int64_t> integer_at(boost::json::object const& object, std::string_view key);
bool flag_at(boost::json::object const& object, std::string_view key);

/// `value` itself when it is an object, else an empty one.
boost::json::object const& object_in(boost::json::value const& value);

}  // namespace dirsync
