#include "daemon/config/document.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>

namespace dirsync::config {
namespace {

Position position(toml::source_region const& region) {
  return {static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

Table converted(toml::table const& source);

Node converted(toml::node const& source) {
  Node node;
  node.at = position(source.source());
  if (auto const* const text = source.as_string()) {
    node.value = text->get();
  } else if (auto const* const integer = source.as_integer()) {
    node.value = integer->get();
  } else if (auto const* const real = source.as_floating_point()) {
    node.value = real->get();
  } else if (auto const* const flag = source.as_boolean()) {
    node.value = flag->get();
  } else if (auto const* const array = source.as_array()) {
    Array items;
    for (auto const& item : *array) items.push_back(converted(item));
    node.value = std::move(items);
  } else if (auto const* const table = source.as_table()) {
    node.value = converted(*table);
  } else {
    node.value = DateOrTime{};
  }
  return node;
}

Table converted(toml::table const& source) {
  Table table;
  for (auto const& [key, value] : source) {
    table.push_back({std::string{key.str()}, position(key.source()), converted(value)});
  }
  std::ranges::stable_sort(table, {}, &TableEntry::at);
  return table;
}

}  // namespace

char const* kind_of(Node const& node) {
  constexpr std::array kKinds{"a text",         "a whole number", "a number", "true or false",
                              "a date or time", "a list",         "a table"};
  return kKinds.at(node.value.index());
}

boost::system::result<Table, Problems> read_document(std::string_view text, std::string const& file) {
  try {
    return converted(toml::parse(text, file));
  } catch (toml::parse_error const& error) {
    // The parser describes what it saw by character and type, never by a whole value.
    auto what = std::string{error.description()};
    if (what.find("escape") != what.npos)
      what +=
          R"TOML(; within "..." write \\ for a backslash, as in "(cn=a\\2ab)", or put the text into '...')TOML";
    auto const twice = what.find("redefine") != what.npos;
    auto const at = position(error.source());
    ConfigProblem problem{
        to_text(twice ? ConfigErrc::duplicate : ConfigErrc::syntax), what, file, at.line, at.column, {}};
    return Problems{std::move(problem)};
  }
}

}  // namespace dirsync::config
