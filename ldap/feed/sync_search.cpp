#include "ldap/feed/sync_search.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "ldap/errors.hpp"
#include "ldap/feed/attribute_names.hpp"
#include "ldap/feed/csn_cookie.hpp"
#include "ldap/feed/seen_entry.hpp"
#include "ldap/search/entry_reader.hpp"
#include "sync/model/hex.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

// When an entry was changed: to the microsecond at slapd, to the second elsewhere.
constexpr char kChangeNumber[] = "entrycsn";

std::vector<std::string> asked_attributes(FeedScope const& scope, Flavour flavour) {
  auto asked = scope.attributes;
  asked.emplace_back(kModifyTimestamp);
  if (flavour == Flavour::openldap) asked.emplace_back(kChangeNumber);
  std::ranges::sort(asked);
  asked.erase(std::ranges::unique(asked).begin(), asked.end());
  return asked;
}

/// The control's value; nothing where it is not there or has none.
std::optional<std::string_view> value_of(LDAPControl** controls, char const* oid) {
  auto* const control = controls == nullptr ? nullptr : ldap_control_find(oid, controls, nullptr);
  if (control == nullptr || control->ldctl_value.bv_val == nullptr) return std::nullopt;
  return view(control->ldctl_value);
}

Error unusable(std::string const& what, std::string const& reason) {
  return {LdapErrc::bad_answer,
          what + ": " + reason + "; check for a proxy in between and the server's version"};
}

/// What one entry shows; `changed_at` is no part of its content.
struct Content {
  Fingerprint shown;
  std::optional<UtcTime> by_number, by_time;
  std::optional<UtcTime> changed_at() const { return by_number ? by_number : by_time; }
};

Content content_of(FeedScope const& scope, EntryReader& entry, Fingerprint const& blank) {
  Content content{blank, {}, {}};
  auto const dn = entry.dn();
  berval const name{dn.size(), const_cast<char*>(dn.data())};  // only read
  content.shown.add("", {&name, 1});
  while (entry.next()) {
    auto const attribute = ascii_lower(entry.name());
    auto const first = entry.values().empty() ? std::string_view{} : view(entry.values()[0]);
    if (attribute == kChangeNumber)
      content.by_number = parse_generalized_time(first.substr(0, first.find('#')));
    if (attribute == kModifyTimestamp) content.by_time = parse_generalized_time(first);
    auto const is_stamp = attribute == kChangeNumber || attribute == kModifyTimestamp;
    if (!is_stamp || std::ranges::find(scope.attributes, attribute) != scope.attributes.end())
      content.shown.add(attribute, entry.values());
  }
  return content;
}

}  // namespace

std::string SyncSearch::what(Connection const& connection) const {
  return connection.place() + ", following changes below \"" + printable(base_) + "\"";
}

Result<void> SyncSearch::start(Connection& connection, std::string cookie, std::string why) {
  asked_ = cookie_ = std::move(cookie);
  why_ = std::move(why);
  refreshed_ = by_presence_ = brought_something_ = false;
  auto names = asked_attributes(scope_, flavour_);
  std::vector<char*> attributes;
  for (auto& name : names) attributes.push_back(name.data());
  attributes.push_back(nullptr);
  auto value = sync_request(asked_);
  std::string oid = kSyncRequestOid;
  LDAPControl control{oid.data(), {value.size(), value.data()}, 1};
  LDAPControl* controls[] = {&control, nullptr};
  if (ldap_search_ext(connection.handle(), base_.c_str(), LDAP_SCOPE_SUBTREE, scope_.filter.c_str(),
                      attributes.data(), 0, controls, nullptr, nullptr, LDAP_NO_LIMIT, &id_) != LDAP_SUCCESS)
    return connection.noted(connection.last_error(what(connection)));
  return {};
}

Result<void> SyncSearch::take(Connection& connection, LDAPMessage* message, SyncSink sink) {
  switch (ldap_msgtype(message)) {
    case LDAP_RES_SEARCH_ENTRY:
      return take_entry(connection, message, sink);
    case LDAP_RES_INTERMEDIATE:
      return take_info(connection, message, sink);
    case LDAP_RES_SEARCH_RESULT:
      return take_result(connection, message, sink);
    default:
      return {};  // a reference: what another server holds is seen by a whole read
  }
}

Result<void> SyncSearch::take_entry(Connection& connection, LDAPMessage* message, SyncSink sink) {
  LDAPControl** raw = nullptr;
  auto const parsed = ldap_get_entry_controls(connection.handle(), message, &raw);
  ControlsPtr const controls{raw};
  auto const value = parsed == LDAP_SUCCESS ? value_of(raw, kSyncStateOid) : std::nullopt;
  if (!value) return unusable(what(connection), "an entry without a Sync State control");
  auto const state = parse_sync_state(*value);
  if (!state) return unusable(what(connection), state.error().context);
  if (state->what == SyncState::What::present) {
    by_presence_ = true;
  } else if (state->what == SyncState::What::deleted) {
    EntryReader const entry{connection.handle(), message};
    if (entry.malformed()) return unusable(what(connection), "an entry that cannot be decoded");
    take_deletion(id_of(state->uuid), std::string{entry.dn()}, sink);
  } else if (auto const taken = take_content(connection, message, id_of(state->uuid), sink); !taken) {
    return taken;
  }
  note(state->cookie);
  brought_something_ = true;
  return {};
}

Result<void> SyncSearch::take_content(Connection& connection, LDAPMessage* message, EntryId id,
                                      SyncSink sink) {
  EntryReader entry{connection.handle(), message};
  auto const content = content_of(scope_, entry, sink.fingerprints.begin());
  if (entry.malformed()) return unusable(what(connection), "an entry that cannot be decoded");
  connection.count_entry();
  auto const is_news = sink.fingerprints.is_news(id, content.shown);
  // What is there to begin with is for whoever looks everywhere.
  if (!is_news || (is_fresh() && !refreshed_)) return {};
  sink.batch.add({.what = FeedEvent::What::changed,
                  .id = std::move(id),
                  .dn = std::string{entry.dn()},
                  .changed_at = clock_time(content.changed_at())});
  return {};
}

void SyncSearch::take_deletion(EntryId id, std::string dn, SyncSink sink) const {
  sink.fingerprints.forget(id);
  FeedEvent event{
      .what = FeedEvent::What::deleted, .id = std::move(id), .dn = std::move(dn), .changed_at = {}};
  // To a search that goes on a server names all whom it does not find there, be they below another base.
  if (refreshed_)
    sink.batch.add(std::move(event));
  else
    sink.batch.add_unless_told(std::move(event));
}

Result<void> SyncSearch::take_info(Connection& connection, LDAPMessage* message, SyncSink sink) {
  char* oid = nullptr;
  berval* data = nullptr;
  auto const parsed = ldap_parse_intermediate(connection.handle(), message, &oid, &data, nullptr, 0);
  TextPtr const owned_oid{oid};
  std::unique_ptr<berval, FreeWith<ber_bvfree>> const owned_data{data};
  if (parsed != LDAP_SUCCESS) return unusable(what(connection), "an intermediate message that is none");
  if (oid == nullptr || std::string_view{oid} != kSyncInfoOid) return {};
  if (data == nullptr) return unusable(what(connection), "a Sync Info message without a value");
  auto const info = parse_sync_info(view(*data));
  if (!info) return unusable(what(connection), info.error().context);
  note(info->cookie);
  auto const is_set = info->what == SyncInfo::What::id_set;
  if (is_set) brought_something_ = true;
  if (is_set && info->refresh_deletes)
    for (auto const& uuid : info->uuids) take_deletion(id_of(uuid), {}, sink);
  else if (is_set || info->what == SyncInfo::What::refresh_present)
    by_presence_ = true;
  // It has told that already: whatever it means now, what is not mentioned is not known to be there.
  if (refreshed_ && std::exchange(by_presence_, false))
    sink.batch.look_everywhere("the server tells anew what is there");
  auto const ends_phase =
      info->what == SyncInfo::What::refresh_present || info->what == SyncInfo::What::refresh_delete;
  if (ends_phase && info->refresh_done && !refreshed_) end_refresh(sink);
  return {};
}

void SyncSearch::end_refresh(SyncSink sink) {
  refreshed_ = true;
  if (is_fresh())
    sink.batch.look_everywhere(why_);
  else if (cookie_.empty())
    sink.batch.look_everywhere("the server does not know where the last feed ended");
  else if (!speaks_of_same_servers(asked_, cookie_))
    sink.batch.look_everywhere("the server knows nothing of the one that the last feed came from");
  else if (by_presence_ && (brought_something_ || cookie_ != asked_))
    sink.batch.look_everywhere("the server no longer knows what was deleted since the last feed");
  by_presence_ = false;
}

Result<void> SyncSearch::take_result(Connection& connection, LDAPMessage* message, SyncSink sink) {
  int code = LDAP_OTHER;
  char *raw_words = nullptr, **raw_referrals = nullptr;
  auto const parsed =
      ldap_parse_result(connection.handle(), message, &code, nullptr, &raw_words, &raw_referrals, nullptr, 0);
  TextPtr const words{raw_words};
  TextsPtr const referrals{raw_referrals};
  if (parsed != LDAP_SUCCESS) return result_error(parsed, what(connection), "");
  if (code == LDAP_SUCCESS && refreshed_)
    return connection.noted(result_error(LDAP_SERVER_DOWN, what(connection), "the server ends the search"));
  if (code == LDAP_SUCCESS)
    return Error{LdapErrc::refused, what(connection) + ": the server answers once and follows no changes"};
  if (code == LDAP_UNAVAILABLE_CRITICAL_EXTENSION)
    return Error{LdapErrc::refused, what(connection) +
                                        ": the server does not offer content synchronisation here; switch it "
                                        "on for this database (slapd: overlay syncprov)"};
  auto const error = result_error(code, what(connection), words ? words.get() : "");
  if (refreshed_ || is_fresh() || error.code == Failure::transient) return connection.noted(error);
  sink.fingerprints.forget_all();
  return start(connection, {},
               "the server does not go on from where the last feed ended: result " + std::to_string(code) +
                   (words ? " " + printable(words.get()) : ""));
}

/// What comes while changes are followed adds to what is known; before, it stands for all.
void SyncSearch::note(std::optional<std::string> const& cookie) {
  if (!cookie) return;
  cookie_ = merged_cookie(refreshed_ ? std::string_view{cookie_} : std::string_view{}, *cookie);
}

/// As the server's entries show it: 389-ds makes 16 bytes of nsUniqueId's digits in their order.
EntryId SyncSearch::id_of(std::string_view uuid) const {
  auto text = to_hex(uuid);
  if (flavour_ == Flavour::ds389) {
    for (auto const at : {24, 16, 8}) text.insert(static_cast<std::size_t>(at), 1, '-');
  } else {
    for (auto const at : {20, 16, 12, 8}) text.insert(static_cast<std::size_t>(at), 1, '-');
  }
  return EntryId{std::move(text)};
}

}  // namespace dirsync::ldap
