#pragma once
// Text and JSON for both simulators.
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulators/server.hpp"

namespace dirsync::sim {

namespace json = boost::json;

/// Nothing when an escape is broken.
std::optional<std::string> percent_decode(std::string_view text);

/// Unreserved characters stay (RFC 3986, 2.3).
std::string percent_encode(std::string_view text);

/// "a=1&b=x%20y" in order. `+` is a space, as servers read it.
Fields parse_query(std::string_view query);

/// First query parameter or header of that name, in any case.
std::optional<std::string> find_field(Fields const& fields, std::string_view name);
std::vector<std::string> find_fields(Fields const& fields, std::string_view name);

/// Path segments between slashes, still encoded; a trailing slash adds nothing.
std::vector<std::string> segments(std::string_view path);

/// True when a server could take the path for another one: a segment that is `.` or `..`, or that holds a
/// control character, a slash or a backslash, also when it is decoded once more.
bool leads_elsewhere(std::string_view path);

/// Value of one cookie of the request; empty when absent.
std::string cookie(Request const& request, std::string_view name);

Response json_response(int status, json::value const& body);
Response html_response(int status, std::string_view title);

/// Nothing when the text is not one JSON value.
std::optional<json::value> parse_json(std::string_view text);

/// Property in any case, as .NET services read them; null pointer when absent.
json::value const* find_property(json::object const& object, std::string_view name);

// Typed reads of state and control messages, names as written; the fallback when absent or of another type.
std::string text_of(json::object const& object, std::string_view name, std::string_view fallback = {});
std::int64_t number_of(json::object const& object, std::string_view name, std::int64_t fallback = 0);
bool flag_of(json::object const& object, std::string_view name, bool fallback = false);
std::vector<std::string> texts_of(json::object const& object, std::string_view name);
/// Elements of an array property; empty when absent.
json::array const& array_of(json::object const& object, std::string_view name);
json::array const& array_of(json::object&& object, std::string_view name) = delete;  // would dangle

json::array to_array(std::vector<std::string> const& texts);

}  // namespace dirsync::sim
