#pragma once
// What may be absent, as it is counted over runs. Keys are stored, so their form is fixed.
#include <optional>
#include <string>
#include <string_view>

#include "sync/model/strong.hpp"

namespace dirsync::plan {

using AbsenceKey = Strong<struct AbsenceKeyTag>;

inline AbsenceKey person_key(EntryId const& id) { return AbsenceKey{"person:" + id.value()}; }
inline AbsenceKey group_key_of(EntryId const& id) { return AbsenceKey{"group:" + id.value()}; }
/// A nested group that was known, is no longer found, and is still named as a member.
inline AbsenceKey nested_key(std::string_view normalized_dn) {
  return AbsenceKey{"nested:" + std::string{normalized_dn}};
}
inline std::string membership_key_prefix() { return "membership:"; }
inline std::string membership_key_prefix(std::string_view target) {
  return membership_key_prefix() + std::string{target} + "/";
}
/// A member of a target group that has not been wanted since.
inline AbsenceKey membership_key(std::string const& target, std::string const& group_id,
                                 std::string const& principal) {
  return AbsenceKey{membership_key_prefix(target) + group_id + "/" + principal};
}

/// In the place of a directory: counts of what complete reads of that target no longer show.
inline std::string members_of(std::string const& target) { return "@" + target; }
/// A grant whose member is no longer in its group.
inline AbsenceKey grant_key(std::string const& group_id, std::string const& principal) {
  return AbsenceKey{"grant:" + group_id + "/" + principal};
}

/// An object of `target` still has this DN, which no entry has any more; the entry `id` had it.
inline std::string former_dn_prefix() { return "former:"; }
inline std::string former_dn_prefix(std::string_view target) {
  return former_dn_prefix() + std::string{target} + "/";
}
inline AbsenceKey former_dn_key(std::string_view target, EntryId const& id,
                                std::string const& normalized_dn) {
  return AbsenceKey{former_dn_prefix(target) + id.value() + "/" + normalized_dn};
}
struct FormerDn {
  EntryId id;
  std::string dn;  // normalized
};
/// What such a key says; nothing: it is another one, or of another target.
inline std::optional<FormerDn> former_dn_of(AbsenceKey const& key, std::string_view target) {
  auto const& text = key.value();
  auto const prefix = former_dn_prefix(target);
  auto const end = text.starts_with(prefix) ? text.find('/', prefix.size()) : std::string::npos;
  if (end == std::string::npos) return std::nullopt;
  return FormerDn{EntryId{text.substr(prefix.size(), end - prefix.size())}, text.substr(end + 1)};
}

}  // namespace dirsync::plan
