#include "sync/model/elsewhere.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <vector>

#include "sync/model/dn.hpp"
#include "sync/model/sid.hpp"

namespace dirsync {
namespace {

using Found = std::optional<MemberElsewhere>;

/// Entries of one directory by the SID that they show.
class SidIndex {
 public:
  explicit SidIndex(Snapshot const& snapshot) {
    note(snapshot.people(), false);
    note(snapshot.groups(), true);
  }
  /// Nothing as well when several entries share it.
  EntryNumber const* find(std::string const& sid) const {
    auto const found = entries_.find(sid);
    return found == entries_.end() || !found->second ? nullptr : &*found->second;
  }

 private:
  void note(std::span<Entry const> entries, bool are_groups) {
    for (std::uint32_t number = 0; number < entries.size(); ++number)
      for (auto const sid : entries[number].values(kSidAttribute)) {
        auto const [known, is_new] = entries_.emplace(std::string{sid}, EntryNumber{are_groups, number});
        if (!is_new) known->second.reset();
      }
  }
  std::unordered_map<std::string, std::optional<EntryNumber>> entries_;
};

/// A directory in which values of others may be found.
struct Place {
  std::string directory, base;
  Snapshot const* snapshot;
  DnKeys keys;
};

class Finder {
 public:
  Finder(std::map<std::string, Snapshot> const& snapshots, BaseDns const& bases) {
    for (auto const& [directory, snapshot] : snapshots) {
      auto const base = bases.find(directory);
      places_.push_back(
          {directory, base == bases.end() ? "" : base->second, &snapshot, DnKeys{snapshot.schema()}});
    }
    std::ranges::stable_sort(places_, std::ranges::greater{},
                             [](Place const& one) { return one.base.size(); });
  }

  Found find(std::string_view value, std::string const& own) {
    if (auto const sid = foreign_principal(value)) return find_principal(*sid, own);
    auto const dn = without_optional_uid(value);
    auto const normalized = normalized_dn(dn);
    if (!normalized) return std::nullopt;
    for (auto const& place : places_) {
      if (place.directory == own || place.base.empty() || !is_below(*normalized, place.base)) continue;
      auto const key = place.keys.key(dn);
      if (auto const entry = key ? place.snapshot->entry_by_own_dn(*key) : std::nullopt)
        return MemberElsewhere{.directory = place.directory, .entry = *entry};
    }
    return std::nullopt;
  }

 private:
  Found find_principal(std::string const& sid, std::string const& own) {
    if (sids_.empty())
      for (auto const& place : places_) sids_.emplace(place.directory, SidIndex{*place.snapshot});
    for (auto const& [directory, index] : sids_)
      if (auto const* const entry = directory == own ? nullptr : index.find(sid))
        return MemberElsewhere{.directory = directory, .entry = *entry};
    return std::nullopt;
  }

  std::vector<Place> places_;  // the longest base first
  std::map<std::string, SidIndex> sids_;
};

}  // namespace

void resolve_elsewhere(std::map<std::string, Snapshot>& snapshots, BaseDns const& bases) {
  if (snapshots.size() < 2) return;
  Finder finder{snapshots, bases};
  for (auto& [own, snapshot] : snapshots) {
    std::unordered_map<std::string_view, Found> known;  // each spelling once, however many groups have it
    snapshot.explain_members([&own = own, &known, &finder](std::string_view value) {
      auto const [found, is_new] = known.try_emplace(value);
      if (is_new) found->second = finder.find(value, own);
      return found->second;
    });
  }
}

bool may_be_in(std::string_view value, std::string const& base) {
  if (foreign_principal(value)) return true;
  auto const dn = normalized_dn(without_optional_uid(value));
  return dn && !base.empty() && is_below(*dn, base);
}

}  // namespace dirsync
