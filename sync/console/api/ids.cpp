#include "sync/console/api/ids.hpp"

#include <boost/json/array.hpp>

#include "sync/rest/json.hpp"

namespace dirsync::console {

Ids ids_at(boost::json::object const& object, std::string_view key) {
  Ids result;
  auto const* value = rest::member(object, key);
  if (!value) return result;
  auto const* array = value->if_array();
  result.told = array ? Ids::Told::yes : Ids::Told::unreadable;
  if (!array) return result;
  for (auto const& entry : *array) {
    auto const* nested = entry.if_object();
    auto id = nested ? rest::text_at(*nested, "id") : rest::text_of(entry);
    if (id && !id->empty()) {
      result.ids.push_back(std::move(*id));
      continue;
    }
    result.told = Ids::Told::unreadable;
    result.names.push_back(nested ? rest::text_at(*nested, "name").value_or("") : std::string{});
  }
  return result;
}

}  // namespace dirsync::console
