#include "ldap/feed/seen_entry.hpp"

#include <algorithm>

#include "ldap/errors.hpp"
#include "ldap/feed/attribute_names.hpp"
#include "ldap/search/ranges.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

void add(Fingerprint& shown, std::string_view name, std::string_view value) {
  berval const bytes{value.size(), const_cast<char*>(value.data())};  // only read
  shown.add(name, {&bytes, 1});
}

}  // namespace

std::vector<std::string> EntrySight::attributes() const {
  std::vector<std::string> asked{ascii_lower(flavour_.id_attribute), marks_.time, marks_.version, kIsDeleted};
  if (flavour_.flavour != Flavour::active_directory) asked.pop_back();
  asked.insert(asked.end(), scope_.attributes.begin(), scope_.attributes.end());
  std::ranges::sort(asked);
  asked.erase(std::ranges::unique(asked).begin(), asked.end());
  return asked;
}

/// Options of a name (RFC 4512, 2.5) do not matter.
bool EntrySight::of_interest(std::string_view name) const {
  auto const bare = name.substr(0, name.find(';'));
  return std::ranges::any_of(scope_.attributes,
                             [bare](std::string const& wanted) { return ascii_iequal(bare, wanted); });
}

Result<SeenEntry> EntrySight::see(EntryReader& entry, Fingerprint const& blank) const {
  SeenEntry seen{
      .id = EntryId{}, .dn = std::string{entry.dn()}, .changed_at = {}, .version = {}, .shown = blank};
  std::optional<std::string> id;
  auto in_part = false;
  while (entry.next()) {
    auto const name = entry.name();
    in_part = in_part || parse_ranged(name);
    if (of_interest(name)) seen.shown.add(name, entry.values());
    if (entry.values().empty()) continue;
    auto const first = view(entry.values()[0]);
    if (is_id(flavour_, entry)) id = first;
    if (ascii_iequal(name, marks_.time)) seen.changed_at = parse_generalized_time(first);
    if (ascii_iequal(name, marks_.version)) seen.version = first;
    if (ascii_iequal(name, kIsDeleted)) seen.deleted = ascii_iequal(first, "TRUE");
  }
  auto const place = "following changes, \"" + printable(seen.dn) + "\": ";
  if (!id)
    return Error{LdapErrc::not_readable, place + std::string{flavour_.id_attribute} +
                                             " is not shown; give the bind DN read access to it"};
  auto form = entry_id(flavour_.id_form, *id);
  if (!form) return Error{LdapErrc::bad_answer, place + "a malformed " + std::string{flavour_.id_attribute}};
  seen.id = std::move(*form);
  add(seen.shown, "", seen.dn);
  // Which of the values that did not come are others now nobody knows.
  if (in_part) add(seen.shown, ";", seen.version);
  return seen;
}

std::optional<Time> clock_time(std::optional<UtcTime> time) {
  constexpr auto kFirst = std::chrono::ceil<UtcTime::duration>(Time::min());
  constexpr auto kLast = std::chrono::floor<UtcTime::duration>(Time::max());
  if (!time || *time < kFirst || *time > kLast) return std::nullopt;
  return Time{*time};
}

FeedEvent event_of(SeenEntry entry) {
  return {.what = entry.deleted ? FeedEvent::What::deleted : FeedEvent::What::changed,
          .id = std::move(entry.id),
          .dn = std::move(entry.dn),
          .changed_at = clock_time(entry.changed_at)};
}

}  // namespace dirsync::ldap
