#pragma once
// Reading JSON of a server whose documents and traffic disagree on types. Absent and null are the same.
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dirsync::console {

/// The object that `text` is; nothing when it is no JSON or no object.
std::optional<boost::json::object> parse_object(std::string_view text);

/// The member, unless absent or null.
boost::json::value const* member(boost::json::object const& object, std::string_view key);

/// A string, or a number as text.
std::optional<std::string> text_at(boost::json::object const& object, std::string_view key);

/// A number, or a string that is one. Whole numbers only.
std::optional<std::int64_t> number_at(boost::json::object const& object, std::string_view key);

bool true_at(boost::json::object const& object, std::string_view key);

/// An array of objects with an id, or of plain ids.
struct Ids {
  enum class Told { no, yes, unreadable } told = Told::no;
  std::vector<std::string> ids;    // in the server's order
  std::vector<std::string> names;  // of entries without id; "" where there is no name either
  friend bool operator==(Ids const&, Ids const&) = default;
};
Ids ids_at(boost::json::object const& object, std::string_view key);

}  // namespace dirsync::console
