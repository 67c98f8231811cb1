#include "ldap/search/page.hpp"

#include "ldap/errors.hpp"
#include "ldap/search/referral.hpp"

namespace dirsync::ldap {
namespace {

int to_ldap(Scope scope) {
  switch (scope) {
    case Scope::base:
      return LDAP_SCOPE_BASE;
    case Scope::one:
      return LDAP_SCOPE_ONELEVEL;
    case Scope::sub:
      return LDAP_SCOPE_SUBTREE;
  }
  return LDAP_SCOPE_SUBTREE;
}

}  // namespace

std::optional<Scope> scope_of(int number) {
  switch (number) {
    case LDAP_SCOPE_BASE:
      return Scope::base;
    case LDAP_SCOPE_ONELEVEL:
      return Scope::one;
    case LDAP_SCOPE_SUBTREE:
      return Scope::sub;
    default:
      return std::nullopt;
  }
}

Result<void> Page::send(LDAPControl* paging) {
  std::vector<char*> attributes;
  for (auto const& name : search_.attributes) attributes.push_back(const_cast<char*>(name.c_str()));
  attributes.push_back(nullptr);
  LDAPControl plain{const_cast<char*>(search_.control.c_str()), {0, nullptr}, 0};
  std::vector<LDAPControl*> controls;
  if (paging != nullptr) controls.push_back(paging);
  if (!search_.control.empty()) controls.push_back(&plain);
  controls.push_back(nullptr);
  auto const sent = ldap_search_ext(connection_.handle(), search_.base.c_str(), to_ldap(search_.scope),
                                    search_.filter.c_str(), attributes.data(), 0, controls.data(), nullptr,
                                    nullptr, LDAP_NO_LIMIT, &id_);
  if (sent != LDAP_SUCCESS) return connection_.last_error(what_);
  return {};
}

Result<std::uint64_t> Page::receive(std::function<Result<void>(EntryReader&)> const& on_entry) {
  for (std::uint64_t entries = 0;;) {
    auto const message = connection_.next(id_, what_);
    if (!message) return message.error();
    switch (ldap_msgtype(message->get())) {
      case LDAP_RES_SEARCH_ENTRY: {
        EntryReader entry{connection_.handle(), message->get()};
        if (entries == 0) first_dn_ = entry.dn();
        auto const used = on_entry(entry);
        // Told first: whatever the callback missed in such an entry, it missed because of this.
        if (entry.malformed()) return result_error(LDAP_DECODING_ERROR, what_, "an entry cannot be decoded");
        if (!used) return used.error();
        connection_.count_entry();
        ++entries;
        break;
      }
      case LDAP_RES_SEARCH_REFERENCE:
        if (auto const noted = refer(message->get()); !noted) return noted.error();
        break;
      case LDAP_RES_SEARCH_RESULT: {
        if (auto const done = finish(message->get()); !done) return done.error();
        return entries;
      }
      default:
        break;  // RFC 4511, 4.13: intermediate responses that nobody asked for
    }
  }
}

Result<void> Page::refer(LDAPMessage* message) {
  char** targets = nullptr;
  auto const parsed = ldap_parse_reference(connection_.handle(), message, &targets, nullptr, 0);
  TextsPtr const owned{targets};
  if (parsed != LDAP_SUCCESS) return result_error(parsed, what_, "a referral cannot be decoded");
  references_.push_back(to_reference(targets));
  return {};
}

Error Page::refusal(char** targets) const {
  return result_error(LDAP_REFERRAL, what_, targets != nullptr && *targets != nullptr ? *targets : "");
}

Reference Page::to_reference(char** targets) {
  Reference reference;
  for (; targets != nullptr && *targets != nullptr; ++targets) reference.emplace_back(*targets);
  return reference;
}

Result<void> Page::finish(LDAPMessage* message) {
  char *words = nullptr, **referrals = nullptr;
  LDAPControl** controls = nullptr;
  int result = LDAP_OTHER;
  auto const parsed =
      ldap_parse_result(connection_.handle(), message, &result, nullptr, &words, &referrals, &controls, 0);
  TextPtr const owned_words{words};
  TextsPtr const owned_referrals{referrals};
  controls_.reset(controls);
  if (parsed != LDAP_SUCCESS) return result_error(parsed, what_, "");
  result_ = result;
  // All of it is elsewhere: to ignore that would be to take it for empty.
  elsewhere_ = result == LDAP_REFERRAL && connection_.referrals().mode() == ReferralSettings::Mode::follow;
  auto const referred = referrals != nullptr && *referrals != nullptr;
  if (elsewhere_)
    references_.push_back(to_reference(referrals));
  else if (referred && (result == LDAP_REFERRAL || result == LDAP_SUCCESS))
    return refusal(referrals);
  else if (result != LDAP_SUCCESS)
    return result_error(result, what_, words != nullptr ? words : "");
  return {};
}

}  // namespace dirsync::ldap
