#include "sync/model/entries.hpp"

#include <algorithm>
#include <functional>

#include "sync/model/dn.hpp"
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

std::uint32_t EntryList::add(EntryId id, std::string_view dn, std::span<EntryAttribute const> attributes) {
  scratch_.clear();
  for (auto const& attribute : attributes) {
    scratch_values_.clear();
    for (auto const value : attribute.values) scratch_values_.push_back(texts_.keep(value));
    scratch_.push_back({attribute_name(attribute.name), values_.keep(scratch_values_)});
  }
  entries_.push_back({std::move(id), texts_.keep(dn), {}, attributes_.keep(scratch_)});
  return static_cast<std::uint32_t>(entries_.size() - 1);
}

Result<void> EntryList::index(std::string const& directory) {
  for (std::uint32_t n = 0; n < entries_.size(); ++n) {
    auto& entry = entries_[n];
    auto const described = [&entry, &directory] {
      return "entry \"" + printable(entry.dn) + "\" of directory " + directory;
    };
    auto const normalized = normalized_dn(entry.dn);
    if (!normalized)
      return Error{SnapshotErrc::bad_dn, described() + ": its DN does not follow RFC 4514; rename it"};
    // The usual spelling is the normal one already.
    entry.normalized_dn = *normalized == entry.dn ? entry.dn : texts_.keep(*normalized);
    if (by_id(entry.id))
      return Error{
          SnapshotErrc::duplicate_id,
          described() + " and \"" + printable(entries_[*by_id(entry.id)].dn) + "\" bear the same id " +
              entry.id.value() +
              ", so that what was read came twice: run again, for the entry may have been renamed while "
              "it was read; if it stays so, one is a copy: delete it in the directory"};
    if (by_dn(entry.normalized_dn))
      return Error{
          SnapshotErrc::duplicate_dn,
          described() + ": a second entry has the same DN by the rules of RFC 4518; rename one of them"};
    ids_.add(hash_of(entry.id.value()), n);
    dns_.add(hash_of(entry.normalized_dn), n);
  }
  return {};
}

std::optional<std::uint32_t> EntryList::by_id(EntryId const& id) const {
  return found(ids_.find(hash_of(id.value()), [this, &id](auto n) { return entries_[n].id == id; }));
}

std::optional<std::uint32_t> EntryList::by_dn(std::string_view normalized) const {
  return found(dns_.find(hash_of(normalized),
                         [this, normalized](auto n) { return entries_[n].normalized_dn == normalized; }));
}

}  // namespace dirsync
