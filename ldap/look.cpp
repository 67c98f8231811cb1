#include <algorithm>

#include "ldap/errors.hpp"
#include "ldap/reader.hpp"
#include "ldap/search.hpp"
#include "sync/model/hex.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// RFC 4530, 2.1. Another value would make the filter undefined, and an undefined filter finds nothing.
bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto const dash = at == 8 || at == 13 || at == 18 || at == 23;
    if (dash ? text[at] != '-' : hex_digit(text[at]) < 0) return false;
  }
  return true;
}

/// The connection itself is of no more use.
bool ends_the_look(boost::system::error_code code) {
  return code == LdapErrc::cut || code == LdapErrc::timed_out || code == LdapErrc::cancelled;
}

enum class Finding { nothing, no_such_object, the_entry, another_entry, unclear };

Result<Finding> find(Connection& connection, Search const& search, EntryId const& id) {
  auto finding = Finding::nothing;
  int result = LDAP_SUCCESS;
  auto const searched = search_few(
      connection, search,
      [&finding, &id](EntryReader& entry) {
        if (finding != Finding::the_entry) finding = Finding::another_entry;
        while (entry.next())
          for (auto const& value : entry.values())
            if (ascii_iequal(view(value), id.value())) finding = Finding::the_entry;
        return Result<void>{};
      },
      &result);
  if (searched) return finding;
  if (ends_the_look(searched.error().code)) return searched.error();
  return result == LDAP_NO_SUCH_OBJECT ? Finding::no_such_object : Finding::unclear;
}

/// True when something that must be there is still seen: a canary or an entry of the same container.
Result<bool> sees_a_witness(Connection& connection, Settings const& settings, EntryProbe const& probe) {
  for (auto const* witnesses : {&probe.beside, &settings.canaries})
    for (auto const& dn : *witnesses) {
      Search const search{"looking for a known entry", dn, Scope::base, "(objectClass=*)", {"1.1"}};
      auto const found = find(connection, search, {});
      if (!found) return found.error();
      if (*found == Finding::another_entry) return true;
    }
  return false;
}

Result<Presence> look_for_one(Connection& connection, Settings const& settings, EntryProbe const& probe) {
  if (!is_uuid(probe.id.value()) || probe.last_dn.empty()) return Presence::unknown;
  Search const by_dn{"looking for an entry", probe.last_dn, Scope::base, "(objectClass=*)", {"entryUUID"}};
  auto const at_dn = find(connection, by_dn, probe.id);
  if (!at_dn) return at_dn.error();
  if (*at_dn == Finding::the_entry) return Presence::present;
  Search const by_id{"looking for an entry by its id",
                     settings.base,
                     Scope::sub,
                     "(entryUUID=" + probe.id.value() + ")",
                     {"entryUUID"}};
  auto const anywhere = find(connection, by_id, probe.id);
  if (!anywhere) return anywhere.error();
  if (*anywhere == Finding::the_entry) return Presence::present;
  if (*at_dn != Finding::no_such_object || *anywhere != Finding::nothing) return Presence::unknown;
  auto const witnessed = sees_a_witness(connection, settings, probe);
  if (!witnessed) return witnessed.error();
  return *witnessed ? Presence::gone : Presence::unknown;
}

}  // namespace

Result<std::vector<Presence>> look_for_entries(Settings const& settings,
                                               std::vector<EntryProbe> const& probes, Stop& stop) {
  auto connection = Connection::open(settings, stop);
  if (!connection) return connection.error();
  std::vector<Presence> answers;
  for (auto const& probe : probes) {
    auto const answer = look_for_one(*connection, settings, probe);
    if (!answer) return answer.error();
    answers.push_back(*answer);
  }
  return answers;
}

}  // namespace dirsync::ldap
