#include "sync/model/entries.hpp"

#include <algorithm>
#include <functional>

#include "sync/model/snapshot.hpp"
#include "sync/model/text.hpp"

namespace dirsync {
namespace {

std::uint64_t hash_of(std::string_view text) { return std::hash<std::string_view>{}(text); }

std::optional<std::uint32_t> found(std::uint32_t number) {
  if (number == FlatIndex::kNone) return std::nullopt;
  return number;
}

}  // namespace

std::span<std::string_view const> Entry::values(std::string_view name) const {
  for (auto const& attribute : attributes)
    if (ascii_iequal(attribute.name, name)) return attribute.values;
  return {};
}

/// Few names, many entries: a walk is cheaper than a hash.
std::string_view EntryList::attribute_name(std::string_view name) {
  auto const known = std::ranges::find(names_, name);
  if (known != names_.end()) return *known;
  names_.push_back(texts_.keep(name));
  return names_.back();
}

std::uint32_t EntryList::add(EntryId id, std::string_view dn, std::span<EntryAttribute const> attributes,
                             ChangeStamp changed) {
  scratch_.clear();
  for (auto const& attribute : attributes) {
    scratch_values_.clear();
    for (auto const value : attribute.values) scratch_values_.push_back(texts_.keep(value));
    scratch_.push_back({attribute_name(attribute.name), values_.keep(scratch_values_)});
  }
  entries_.push_back({.id = std::move(id),
                      .dn = texts_.keep(dn),
                      .normalized_dn = {},
                      .attributes = attributes_.keep(scratch_),
                      .changed = changed});
  return static_cast<std::uint32_t>(entries_.size() - 1);
}

std::optional<std::uint32_t> EntryList::DnIndex::first(std::string_view key) const {
  return found(numbers_.find(hash_of(key), [this, key](auto n) { return keys_[n] == key; }));
}

std::optional<std::uint32_t> EntryList::DnIndex::add(std::string_view key, std::uint32_t number) {
  keys_.resize(std::max(keys_.size(), std::size_t{number} + 1));
  keys_[number] = key;
  auto const before = first(key);
  if (!before) {
    numbers_.add(hash_of(key), number);
    return std::nullopt;
  }
  auto& bearers = shared_[*before];
  if (bearers.empty()) bearers.push_back(*before);
  bearers.push_back(number);
  return before;
}

std::optional<std::uint32_t> EntryList::DnIndex::find(std::string_view key) const {
  auto const number = first(key);
  return number && shared_.contains(*number) ? std::nullopt : number;
}

void EntryList::index_dn(std::uint32_t number, DnKeys const& keys, std::vector<EntryFault>& faults) {
  using Kind = EntryFault::Kind;
  auto& entry = entries_[number];
  auto const normalized = keys.of(entry.dn);
  if (!normalized) {
    entry.normalized_dn = entry.dn;  // which no normalized one equals
    faults.push_back({number, Kind::bad_dn, "has a DN that does not follow RFC 4514; rename it"});
    return;
  }
  // The usual spelling is the normal one already.
  entry.normalized_dn = normalized->common == entry.dn ? entry.dn : texts_.keep(normalized->common);
  if (normalized->own && !own_dns_) {
    own_dns_.emplace();
    for (std::uint32_t n = 0; n < number; ++n) own_dns_->add(entries_[n].normalized_dn, n);
  }
  if (own_dns_) own_dns_->add(normalized->own ? texts_.keep(*normalized->own) : entry.normalized_dn, number);
  auto const first = dns_.add(entry.normalized_dn, number);
  if (!first) return;
  for (auto const bearer : dns_.bearers(*first)) {
    entries_[bearer].shares_dn = true;
    if (bearer == number || entries_[bearer].dn != entry.dn) continue;
    for (auto const one : {bearer, number})
      faults.push_back({one, Kind::shared_dn, "has the DN of another entry; rename one of them"});
  }
}

Result<std::vector<EntryFault>> EntryList::index(std::string const& directory, DnKeys const& keys) {
  std::vector<EntryFault> faults;
  for (std::uint32_t n = 0; n < entries_.size(); ++n) {
    auto const& entry = entries_[n];
    auto const first = by_id(entry.id);
    if (first && entries_[*first].dn == entry.dn)
      return Error{SnapshotErrc::duplicate_id,
                   "entry \"" + printable(entry.dn) + "\" of directory " + directory + ", id " +
                       entry.id.value() +
                       ", came twice in one read, so that another may be missing: run again; if it stays so, "
                       "check for a proxy in between, and the server's version"};
    if (first)
      for (auto const& [one, other] : {std::pair{*first, n}, std::pair{n, *first}})
        faults.push_back({one, EntryFault::Kind::shared_id,
                          "bears the id " + entry.id.value() + " of \"" + printable(entries_[other].dn) +
                              "\" too; if it was not renamed while it was read, one is a copy: delete it"});
    else
      ids_.add(hash_of(entry.id.value()), n);
    index_dn(n, keys, faults);
  }
  return faults;
}

std::optional<std::uint32_t> EntryList::by_id(EntryId const& id) const {
  return found(ids_.find(hash_of(id.value()), [this, &id](auto n) { return entries_[n].id == id; }));
}

std::optional<std::uint32_t> EntryList::by_dn(std::string_view normalized) const {
  return dns_.find(normalized);
}

bool EntryList::has_dn(std::string_view normalized) const { return dns_.has(normalized); }

std::optional<std::uint32_t> EntryList::by_own_dn(std::string_view key) const {
  return own_dns_ ? own_dns_->find(key) : dns_.find(key);
}

}  // namespace dirsync
