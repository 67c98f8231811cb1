#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "ldap/connect/socket.hpp"

namespace dirsync::ldap {

/// Runs `work`, of a library that knows no time limit, on a thread of its own. Work that is not done by `end`
/// goes on alone until the library gives up: it must own all that it uses. Only for what nobody can end,
/// which is Kerberos: libkrb5 waits for KDCs and name servers as krb5.conf says. Blocks; `stop`, which
/// watches the call from now on, may be requested from another thread. Errors: LdapErrc::timed_out,
/// cancelled, connect_failed (no thread); the context is the reason alone.
Result<void> run_until(Instant end, Stop& stop, std::function<void()> work);

/// As run_until(), for work that has a result.
template <class T>
Result<T> result_until(Instant end, Stop& stop, std::function<Result<T>()> work) {
  auto const result = std::make_shared<std::optional<Result<T>>>();
  auto const done = run_until(end, stop, [result, work = std::move(work)] { result->emplace(work()); });
  if (!done) return done.error();
  return std::move(**result);
}

}  // namespace dirsync::ldap
