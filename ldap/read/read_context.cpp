#include "ldap/read/read_context.hpp"

#include <algorithm>

#include "ldap/errors.hpp"
#include "sync/model/sid.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

std::string at_entry(ReadContext const& context, EntryReader const& entry) {
  return context.connection.place() + ": entry \"" + printable(entry.dn()) + "\" ";
}

}  // namespace

void ReadFigures::count(std::string const& what, SearchFigures const& figures) {
  count_searches(1, figures);
  add_text(what + " " + std::to_string(figures.entries));
}

void ReadFigures::count_searches(std::uint64_t number, SearchFigures const& figures) {
  searches += number;
  pages += figures.pages;
  entries += figures.entries;
}

void ReadFigures::add(ReadFigures const& other) {
  count_searches(other.searches, {other.entries, other.pages});
  values += other.values;
  largest_whole = std::max(largest_whole, other.largest_whole);
  primary_members += other.primary_members;
  ranged_groups += other.ranged_groups;
  dynamic_groups += other.dynamic_groups;
  empty_groups += other.empty_groups;
  add_text(other.entry_counts);
}

void ReadFigures::add_text(std::string const& text) {
  if (!entry_counts.empty() && !text.empty()) entry_counts += ", ";
  entry_counts += text;
}

EntryAttribute& Collected::next() {
  if (used_ == attributes_.size()) attributes_.emplace_back();
  return attributes_[used_++];
}

void Collected::add_other_names(AskedNames& names) {
  for (std::size_t at = 0, count = used_; at < count; ++at)
    for (auto const& other : names.others_of(attributes_[at].name)) {
      auto const is_it = [&other](EntryAttribute const& one) { return ascii_iequal(one.name, other); };
      if (std::ranges::any_of(all(), is_it)) continue;
      auto& attribute = next();
      attribute.name = other;
      attribute.values = attributes_[at].values;
    }
}

void Collected::add_sid(ReadContext const& context, std::string_view bytes) {
  auto text = context.query.wants_sids ? sid_text(bytes) : std::nullopt;
  if (!text) return;
  sid_ = *std::move(text);
  auto& attribute = next();
  attribute.name = kSidAttribute;
  attribute.values.assign(1, sid_);
}

void Collected::drop_empty() {
  auto const used = attributes_.begin() + static_cast<std::ptrdiff_t>(used_);
  auto const left = std::stable_partition(attributes_.begin(), used,
                                          [](auto const& attribute) { return !attribute.values.empty(); });
  used_ = static_cast<std::size_t>(left - attributes_.begin());
}

void Collected::add(std::string_view name, std::span<berval const> values) {
  auto& attribute = next();
  attribute.name = name;
  attribute.values.clear();
  for (auto const& value : values) attribute.values.push_back(view(value));
}

std::string and_filter(std::string_view left, std::string const& right) {
  if (right.empty()) return std::string{left};
  return "(&" + std::string{left} + right + ")";
}

std::string filter_value(std::string const& value) {
  berval in{value.size(), const_cast<char*>(value.data())}, out{};  // libldap only reads it
  if (ldap_bv2escaped_filter_value(&in, &out) != 0) return value;
  TextPtr const owned{out.bv_val};
  return std::string{view(out)};
}

std::string people_filter(ReadContext const& context) {
  auto const& filter = context.settings.users.filter;
  return filter.empty() ? std::string{context.flavour.people} : filter;
}

std::string group_filter(ReadContext const& context) {
  return and_filter(context.classes.filter, context.settings.groups.filter);
}

std::vector<std::string> attribute_list(std::set<std::string> asked,
                                        std::vector<std::string_view> const& own) {
  asked.insert(own.begin(), own.end());
  return {asked.begin(), asked.end()};
}

Result<EntryId> id_of(ReadContext const& context, EntryReader const& entry, std::string_view value) {
  std::string const name{context.flavour.id_attribute};
  if (value.empty()) return unreadable(context, entry, name);
  auto id = entry_id(context.flavour.id_form, value);
  if (!id) return malformed(context, entry, name);
  return std::move(*id);
}

Result<Sid> sid_of(ReadContext const& context, EntryReader const& entry, std::string_view value) {
  auto sid = parse_sid(value);
  if (!sid) return malformed(context, entry, "objectSid");
  return std::move(*sid);
}

Error unreadable(ReadContext const& context, EntryReader const& entry, std::string const& lacking) {
  return {LdapErrc::not_readable,
          at_entry(context, entry) + "shows no " + lacking + "; give the bind DN read access to it"};
}

Error malformed(ReadContext const& context, EntryReader const& entry, std::string const& attribute) {
  return {LdapErrc::bad_answer, at_entry(context, entry) + "has a malformed " + attribute +
                                    "; check the directory's flavour and for a proxy in between"};
}

Error in_part(ReadContext const& context, EntryReader const& entry) {
  return {LdapErrc::not_readable, at_entry(context, entry) + "gives values in part, as " +
                                      printable(entry.name()) +
                                      "; lift the server's limit on values of one attribute"};
}

}  // namespace dirsync::ldap
