#include "ldap/feed/change_notice.hpp"

#include <algorithm>

#include "ldap/errors.hpp"

namespace dirsync::ldap {

Result<void> ChangeNotice::ask(Connection& connection, std::string const& base) {
  // The server takes no other filter. "1.1": the entries alone (RFC 4511, 4.5.1.8).
  std::string oid = "1.2.840.113556.1.4.528", nothing = "1.1";
  LDAPControl notification{oid.data(), {0, nullptr}, 1};
  LDAPControl* controls[] = {&notification, nullptr};
  char* attributes[] = {nothing.data(), nullptr};
  auto const sent = ldap_search_ext(connection.handle(), base.c_str(), LDAP_SCOPE_SUBTREE, "(objectClass=*)",
                                    attributes, 0, controls, nullptr, nullptr, LDAP_NO_LIMIT, &id_);
  if (sent != LDAP_SUCCESS)
    return connection.last_error(connection.place() + ": asking to be told of changes");
  open_ = true;
  return {};
}

Result<void> ChangeNotice::wait(Connection& connection, Pace const& pace) {
  constexpr std::chrono::seconds kLongest{30};
  auto const latest = std::max(pace.due(), std::chrono::steady_clock::now() + kLongest);
  for (auto woken = false; open_;) {
    auto const left = left_until(woken ? pace.due() : latest);
    if (left.count() == 0) return {};
    timeval limit{left.count() / 1000, left.count() % 1000 * 1000};
    LDAPMessage* raw = nullptr;
    auto const type = ldap_result(connection.handle(), id_, LDAP_MSG_ONE, &limit, &raw);
    MessagePtr const message{raw};
    if (type < 0) return connection.last_error(connection.place() + ": waiting to be told of changes");
    if (type == LDAP_RES_SEARCH_ENTRY) woken = true;
    if (type == LDAP_RES_SEARCH_RESULT) open_ = false;
  }
  wait_until(connection, pace.due());
  return {};
}

}  // namespace dirsync::ldap
