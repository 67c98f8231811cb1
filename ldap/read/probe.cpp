#include "ldap/read/probe.hpp"

#include <optional>

#include "ldap/errors.hpp"
#include "ldap/search/search.hpp"
#include "sync/model/dn.hpp"

namespace dirsync::ldap {
namespace {

/// The connection itself is of no more use.
bool connection_is_lost(boost::system::error_code code) {
  return code == LdapErrc::cut || code == LdapErrc::timed_out || code == LdapErrc::cancelled;
}

std::optional<std::string> container_of(std::string const& dn) {
  auto const key = normalized_dn(dn);
  auto const parent = key ? parent_of(*key) : std::nullopt;
  return parent ? std::optional<std::string>{*parent} : std::nullopt;
}

enum class Finding { nothing, no_such_object, the_entry, another_entry, unclear };

Result<Finding> find(Connection& connection, Search const& search, IdForm form, EntryId const& id) {
  auto finding = Finding::nothing;
  int result = LDAP_SUCCESS;
  auto const searched = search_few(
      connection, search,
      [&finding, form, &id](EntryReader& entry) {
        if (finding != Finding::the_entry) finding = Finding::another_entry;
        while (entry.next())
          for (auto const& value : entry.values())
            if (entry_id(form, view(value)) == id) finding = Finding::the_entry;
        return Result<void>{};
      },
      &result);
  if (searched || finding == Finding::the_entry) return finding;
  if (connection_is_lost(searched.error().code)) return searched.error();
  return result == LDAP_NO_SUCH_OBJECT ? Finding::no_such_object : Finding::unclear;
}

/// Canaries of the container that the entry was in; what is seen elsewhere says nothing of this one.
std::vector<std::string> canaries_beside(Settings const& settings, std::string const& last_dn) {
  std::vector<std::string> beside;
  auto const container = container_of(last_dn);
  for (auto const& dn : settings.canaries)
    if (container && container_of(dn) == container) beside.push_back(dn);
  return beside;
}

/// True when something that must be there is still seen: an entry of the same container or a canary in it.
Result<bool> sees_known_entry(Connection& connection, Settings const& settings, EntryProbe const& probe) {
  for (auto const& witnesses : {probe.beside, canaries_beside(settings, probe.last_dn)})
    for (auto const& dn : witnesses) {
      auto const search = entry_search("looking for a known entry", dn, {"1.1"});
      auto const found = find(connection, search, {}, {});
      if (!found) return found.error();
      if (*found == Finding::another_entry) return true;
    }
  return false;
}

Result<Presence> probe_entry(Connection& connection, Settings const& settings, FlavourTraits const& flavour,
                             EntryProbe const& probe) {
  auto const assertion = id_assertion(flavour.id_form, probe.id);
  if (!assertion || probe.last_dn.empty()) return Presence::unknown;
  std::string const name{flavour.id_attribute};
  auto const by_dn = entry_search("looking for an entry", probe.last_dn, {name});
  auto const at_dn = find(connection, by_dn, flavour.id_form, probe.id);
  if (!at_dn) return at_dn.error();
  if (*at_dn == Finding::the_entry) return Presence::present;
  Search const by_id{.what = "looking for an entry by its id",
                     .base = settings.base,
                     .scope = Scope::sub,
                     .filter = "(" + name + "=" + *assertion + ")",
                     .attributes = {name}};
  auto const anywhere = find(connection, by_id, flavour.id_form, probe.id);
  if (!anywhere) return anywhere.error();
  if (*anywhere == Finding::the_entry) return Presence::present;
  if (*at_dn != Finding::no_such_object || *anywhere != Finding::nothing) return Presence::unknown;
  auto const witnessed = sees_known_entry(connection, settings, probe);
  if (!witnessed) return witnessed.error();
  return *witnessed ? Presence::gone : Presence::unknown;
}

}  // namespace

Settings careful_settings(Settings settings) {
  if (settings.referrals.mode == ReferralSettings::Mode::ignore)
    settings.referrals.mode = ReferralSettings::Mode::error;
  return settings;
}

Result<std::vector<Presence>> probe_entries(Settings const& settings, Connection& connection,
                                            FlavourTraits const& flavour,
                                            std::vector<EntryProbe> const& probes) {
  std::vector<Presence> answers;
  for (auto const& probe : probes) {
    auto const answer = probe_entry(connection, settings, flavour, probe);
    if (!answer) return answer.error();
    answers.push_back(*answer);
  }
  return answers;
}

Result<std::vector<Presence>> probe_entries(Settings const& settings, std::vector<EntryProbe> const& probes,
                                            Stop& stop) {
  auto connection = Connection::open(settings, stop);
  if (!connection) return connection.error();
  auto const flavour = find_flavour(*connection, settings);
  if (!flavour) return flavour.error();
  return probe_entries(settings, *connection, traits_of(*flavour), probes);
}

}  // namespace dirsync::ldap
