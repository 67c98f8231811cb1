#include "ldap/feed/sync_inbox.hpp"

#include <algorithm>

#include "ldap/errors.hpp"

namespace dirsync::ldap {

Result<MessagePtr> SyncInbox::by(Instant end, std::string const& what) {
  for (;;) {
    auto message = receive(left_until(end), what);
    if (!message) return message;
    if (!*message)
      return connection_.noted(result_error(LDAP_TIMEOUT, what + ": the answer does not go on", ""));
    if (!takes(message->get())) return message;
  }
}

Result<MessagePtr> SyncInbox::whenever(std::string const& what) {
  // A directory whose answers may take an hour is not taken to live for as long.
  constexpr std::chrono::milliseconds kLongestSilence{30'000};
  for (;;) {
    auto message = receive(asked_ != 0 ? idle_ : std::min(idle_, kLongestSilence), what);
    if (!message) return message;
    if (*message && takes(message->get())) continue;
    if (*message) return message;
    if (asked_ != 0)
      return connection_.noted(result_error(
          LDAP_TIMEOUT, what + ": no sign of life within " + std::to_string(idle_.count()) + " ms", ""));
    if (auto const asked = ask_for_a_sign(what); !asked) return asked.error();
  }
}

Result<MessagePtr> SyncInbox::at_once(std::string const& what) {
  for (;;) {
    auto message = receive(std::chrono::milliseconds{0}, what);
    if (!message || !*message || !takes(message->get())) return message;
  }
}

Result<MessagePtr> SyncInbox::receive(std::chrono::milliseconds wait, std::string const& what) {
  timeval limit{wait.count() / 1000, wait.count() % 1000 * 1000};
  LDAPMessage* raw = nullptr;
  auto const type = ldap_result(connection_.handle(), LDAP_RES_ANY, LDAP_MSG_ONE, &limit, &raw);
  MessagePtr message{raw};
  if (type < 0) return connection_.noted(connection_.last_error(what));
  // RFC 4511, 4.4.1: a notice of disconnection answers no request.
  if (message && ldap_msgid(message.get()) == LDAP_RES_UNSOLICITED)
    return connection_.noted(result_error(LDAP_SERVER_DOWN, what, "the server ends the connection"));
  return message;
}

Result<void> SyncInbox::ask_for_a_sign(std::string const& what) {
  char nothing[] = LDAP_NO_ATTRS;
  char* attributes[] = {nothing, nullptr};
  if (ldap_search_ext(connection_.handle(), "", LDAP_SCOPE_BASE, "(objectClass=*)", attributes, 0, nullptr,
                      nullptr, nullptr, LDAP_NO_LIMIT, &asked_) != LDAP_SUCCESS)
    return connection_.noted(connection_.last_error(what));
  return {};
}

/// True for what answers ask_for_a_sign(); whatever it says, the server lives.
bool SyncInbox::takes(LDAPMessage* message) {
  if (asked_ == 0 || ldap_msgid(message) != asked_) return false;
  if (ldap_msgtype(message) == LDAP_RES_SEARCH_RESULT) asked_ = 0;
  return true;
}

}  // namespace dirsync::ldap
