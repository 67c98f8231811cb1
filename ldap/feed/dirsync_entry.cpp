#include "ldap/feed/dirsync_entry.hpp"

#include <algorithm>
#include <optional>

#include "ldap/errors.hpp"
#include "ldap/feed/attribute_names.hpp"
#include "ldap/flavour.hpp"
#include "ldap/search/entry_id.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr char kName[] = "name", kCreated[] = "whencreated";

struct Shown {
  std::optional<std::string> id;
  bool named = false;    // its name or place changed, or it is new
  bool created = false;  // it is new to whoever asks
  bool deleted = false;
};

Shown shown_by(EntryReader& entry) {
  auto const& traits = traits_of(Flavour::active_directory);
  Shown shown;
  while (entry.next()) {
    if (entry.values().empty()) continue;  // the attribute has no value any more
    auto const first = view(entry.values()[0]);
    if (is_id(traits, entry)) shown.id = first;
    if (ascii_iequal(entry.name(), kName)) shown.named = true;
    if (ascii_iequal(entry.name(), kCreated)) shown.created = true;
    if (ascii_iequal(entry.name(), kIsDeleted)) shown.deleted = ascii_iequal(first, "TRUE");
  }
  return shown;
}

bool is_unit(std::string_view dn) { return ascii_iequal(dn.substr(0, 3), "OU="); }

}  // namespace

std::vector<std::string> dirsync_attributes(std::vector<std::string> const& of_interest) {
  std::vector<std::string> asked{"objectguid", kName, kCreated, kIsDeleted};
  asked.insert(asked.end(), of_interest.begin(), of_interest.end());
  std::ranges::sort(asked);
  asked.erase(std::ranges::unique(asked).begin(), asked.end());
  return asked;
}

DirsyncScope::DirsyncScope(std::vector<std::string> const& bases) {
  for (auto const& base : bases)
    if (auto normalized = normalized_dn(base)) bases_.push_back(std::move(*normalized));
}

/// A name that cannot be read may be anywhere.
bool DirsyncScope::holds(std::string_view dn) const {
  auto const normalized = normalized_dn(dn);
  return !normalized || std::ranges::any_of(bases_, [&normalized](std::string const& base) {
    return is_below(*normalized, base);
  });
}

Result<void> DirsyncScope::tell(EntryReader& entry, EventBatch& batch) const {
  auto const shown = shown_by(entry);
  auto const place = "following changes, \"" + printable(entry.dn()) + "\": ";
  if (!shown.id)
    return Error{LdapErrc::not_readable,
                 place + "objectGUID is not shown; give the bind DN read access to it"};
  auto id = entry_id(IdForm::guid, *shown.id);
  if (!id) return Error{LdapErrc::bad_answer, place + "a malformed objectGUID"};
  auto const renamed = shown.named && !shown.created;
  if (shown.deleted) {
    batch.add({FeedEvent::What::deleted, std::move(*id), std::string{entry.dn()}, {}});
  } else if (is_unit(entry.dn())) {
    if (renamed) batch.look_everywhere("a unit was renamed or moved: " + printable(entry.dn()));
  } else if (renamed || holds(entry.dn())) {
    batch.add({FeedEvent::What::changed, std::move(*id), std::string{entry.dn()}, {}});
  }
  return {};
}

}  // namespace dirsync::ldap
