#include "ldap/reading.hpp"

#include "ldap/errors.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {

void ReadFigures::count(std::string const& what, SearchFigures const& figures) {
  add({1, figures.pages, figures.entries, 0, what + " " + std::to_string(figures.entries)});
}

void ReadFigures::add(ReadFigures const& other) {
  searches += other.searches;
  pages += other.pages;
  entries += other.entries;
  values += other.values;
  if (!entry_counts.empty() && !other.entry_counts.empty()) entry_counts += ", ";
  entry_counts += other.entry_counts;
}

void Collected::add(std::string_view name, std::span<berval const> values) {
  if (used_ == attributes_.size()) attributes_.emplace_back();
  auto& attribute = attributes_[used_++];
  attribute.name = name;
  attribute.values.clear();
  for (auto const& value : values) attribute.values.push_back(view(value));
}

std::string both(std::string_view left, std::string const& right) {
  if (right.empty()) return std::string{left};
  return "(&" + std::string{left} + right + ")";
}

std::vector<std::string> attribute_list(std::set<std::string> asked,
                                        std::vector<std::string_view> const& own) {
  asked.insert(own.begin(), own.end());
  return {asked.begin(), asked.end()};
}

bool is_id(Reading const& reading, EntryReader const& entry) {
  return ascii_iequal(entry.name(), reading.flavour.id_attribute) && !entry.values().empty();
}

Result<EntryId> id_of(Reading const& reading, EntryReader const& entry, std::string_view value) {
  std::string const name{reading.flavour.id_attribute};
  if (value.empty()) return unreadable(reading, entry, name);
  auto id = entry_id(reading.flavour.id_form, value);
  if (id) return std::move(*id);
  return Error{LdapErrc::bad_answer, reading.connection.place() + ": entry \"" + printable(entry.dn()) +
                                         "\" has a malformed " + name +
                                         "; check the directory's flavour and for a proxy in between"};
}

Error unreadable(Reading const& reading, EntryReader const& entry, std::string const& lacking) {
  return {LdapErrc::not_readable, reading.connection.place() + ": entry \"" + printable(entry.dn()) +
                                      "\" shows no " + lacking + "; give the bind DN read access to it"};
}

}  // namespace dirsync::ldap
