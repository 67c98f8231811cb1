#pragma once
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace dirsync::console {

/// An array of objects with an id, or of plain ids.
struct Ids {
  enum class Told { no, yes, unreadable } told = Told::no;
  std::vector<std::string> ids;    // in the server's order
  std::vector<std::string> names;  // of entries without id; "" where there is no name either
  friend bool operator==(Ids const&, Ids const&) = default;
};
Ids ids_at(boost::json::object const& object, std::string_view key);

}  // namespace dirsync::console
