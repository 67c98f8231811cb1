#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ldap/connect/handles.hpp"
#include "ldap/connect/server.hpp"
#include "ldap/connect/socket.hpp"
#include "ldap/settings.hpp"
#include "sync/model/error.hpp"

namespace dirsync::ldap {

class Referrals;

/// A bound connection to one server of a directory. Every wait ends by itself: `idle` for an answer, the
/// attempt's `total` over all, `connect` for each server; and at once when `stop` is requested.
/// Thread: one at a time.
class Connection {
 public:
  /// Tries the URIs in order, those that failed of late last; with Settings::srv, those that the DNS names. A
  /// refused bind ends it: the next server would only count another wrong password.
  /// Errors: LdapErrc; every server that was tried is named with its reason.
  static Result<Connection> open(Settings const& settings, Stop& stop);

  /// A second connection to the server of `first`. Errors: as open().
  static Result<Connection> open_beside(Connection const& first, Settings const& settings, Stop& stop);

  /// The certificate (DER) that the only one of settings.uris shows in a handshake that takes any, to tell
  /// why one is refused. No bind follows. Takes `connect` at the longest. Errors: LdapErrc.
  static Result<std::string> shown_certificate(Settings const& settings, Stop& stop);

  LDAP* handle() const noexcept { return handle_.get(); }
  std::string const& uri() const noexcept { return uri_; }
  Referrals& referrals() const noexcept { return *referrals_; }
  /// Servers before this one in the list and why they were not used.
  std::vector<std::string> const& passed_over() const noexcept { return passed_over_; }

  /// The next message that answers request `id`. Errors: timed_out, cut, cancelled; `what` starts the
  /// context.
  Result<MessagePtr> next(int id, std::string const& what);
  /// The result code and words of a message without more in it.
  Result<void> require_success(LDAPMessage* message, std::string const& what);
  /// For the next piece of work on a connection that stood idle: it has `total` from now on, and ends when
  /// `stop` is requested. What fails before the server answers again says nothing of the server: whatever is
  /// on the way may have cut a connection that nobody used.
  void take_up(Settings const& settings, Stop& stop);
  /// Whether the server answered since it was opened or taken up.
  bool has_answered() const noexcept { return answered_; }
  /// The error that libldap holds for the call that just failed.
  Error last_error(std::string const& what) const;
  /// From now on a stop shuts this connection down, and no other.
  void watch() const;
  /// `error`, which also counts against the server when it may be gone.
  Error noted(Error error) const;
  /// Tells Settings::on_search of a search that ended here; the server is filled in.
  void tell(SearchEvent event) const {
    if (!on_search_) return;
    event.server = uri_;
    on_search_(std::move(event));
  }
  /// Counts an entry that came, for Settings::entries.
  void count_entry() const {
    if (entries_) entries_->fetch_add(1, std::memory_order_relaxed);
  }
  /// "directory corp, server ldaps://...".
  std::string place() const;

 private:
  friend class Referrals;
  Connection(Settings const& settings, Stop& stop, std::string uri);
  static Result<Connection> open_one(Settings const& settings, Stop& stop, std::string const& uri,
                                     Instant end);
  Result<Socket> connect_by_name(Settings const& settings, Server const& server, Instant connect_end);
  Result<void> connect(Settings const& settings, Server const& server, Instant connect_end);
  Result<void> set_options(Settings const& settings, Instant handshake_end);
  Result<void> set_tls_options(Tls const& tls);
  Result<void> start_tls(Tls const& tls, bool first_ask);
  Result<void> require_version(std::string const& least) const;
  std::string peer_certificate() const;
  void tell_certificate(CertificateLog const& on_certificate) const;
  void read_ahead();
  Result<void> bind(Bind const& bind);
  Result<void> bind_simply(Bind const& bind, std::string const& what);

  std::string directory_, uri_;
  std::vector<std::string> passed_over_;
  std::function<void(SearchEvent)> on_search_;
  std::shared_ptr<std::atomic<std::uint64_t>> entries_;
  bool answered_ = true;
  std::chrono::milliseconds idle_;
  Instant end_;
  Stop* stop_;
  std::shared_ptr<ServerMemory> memory_;  // once it is open
  std::shared_ptr<Referrals> referrals_;
  LdapPtr handle_;
};

}  // namespace dirsync::ldap
