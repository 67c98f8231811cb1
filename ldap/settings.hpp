#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sync/model/connection.hpp"
#include "sync/model/peer_certificate.hpp"
#include "sync/model/secret.hpp"

namespace dirsync::ldap {

class Resolver;
class ServerMemory;
struct SchemaMemory;

enum class Flavour { automatic, openldap, ds389, active_directory };
char const* to_text(Flavour flavour);  // "auto", "openldap", "389ds", "ad"

enum class Scope { base, one, sub };

struct Bind {
  enum class Method { anonymous, simple, external, gssapi } method = Method::anonymous;
  std::string dn;  // simple
  Secret password;
  /// gssapi. No keytab: the credentials of the environment (KRB5CCNAME, KRB5_CLIENT_KTNAME). No principal:
  /// the keytab's first, or the environment's own.
  std::string keytab, principal;
};

/// What becomes of the parts of an answer that another server holds (RFC 4511, 4.1.10 and 4.5.3).
struct ReferralSettings {
  enum class Mode { error, ignore, follow } mode = Mode::error;
  std::vector<std::string> hosts;  // follow: "host" (the scheme's own port) or "host:port", no others
};

/// Where entries of one kind live. An empty filter is the flavour's own for people, its group classes alone
/// for groups.
struct Area {
  std::string base;
  std::string filter;
  Scope scope = Scope::sub;
};

/// Which entries are groups, and which of their attributes name members. Empty: as the schema says.
struct GroupKinds {
  std::vector<std::string> classes;
  /// Of "member", "uniqueMember", "memberUid", "memberURL", "roleOccupant", in any case: these and no others.
  std::vector<std::string> member_attributes;
};

/// One search that ended, for logs; no value of an entry.
struct SearchEvent {
  std::string server;  // its URI
  std::string base;
  Scope scope = Scope::sub;
  std::string filter;  // see filter_template()
  /// RFC 4511, appendix A; nothing: it ended without the server's final answer.
  std::optional<int> result;
  std::uint64_t entries = 0, pages = 0;
  std::chrono::milliseconds time{};  // from the first request to the last answer, searches elsewhere left out
};

/// One directory, as the configuration describes it (docs/configuration.md). A copy of its own for whoever
/// needs it on another thread; what it points to outlives all copies.
struct Settings {
  std::string name;               // of the directory, for messages
  std::vector<std::string> uris;  // ldap://, ldaps:// or ldapi://; tried in order
  std::string srv;                // instead of uris: the DNS domain whose SRV records name the servers
  std::shared_ptr<Resolver const> resolver;  // of SRV records and addresses; none: the system's
  Flavour flavour = Flavour::automatic;
  std::string base;  // of everything: where an entry is looked for by its id
  Bind bind;
  Tls tls;
  bool starttls = false;  // StartTLS (RFC 4511, 4.14) on ldap://
  ReferralSettings referrals;
  Area users, groups;
  GroupKinds group_kinds;
  std::vector<std::string> canaries;  // DNs of entries that every read must see
  Timeouts timeouts;
  Retry retry;
  int page_size = 1000;  // entries, at most, in one answer to a paged search
  int connections = 2;   // 1 or 2; 1: groups and people are read one after the other
  /// Called at the end of every search, on the directory's threads, two of which may be in it at a time; it
  /// must not throw. None: nobody is told.
  std::function<void(SearchEvent)> on_search;
  /// Called with the server's own certificate after each handshake, on those threads in the same way.
  CertificateLog on_certificate;
  std::shared_ptr<std::atomic<std::uint64_t>> entries;  // counts those that come; none: nobody does
  std::shared_ptr<ServerMemory> memory;                 // of servers that failed; none: nothing is remembered
  std::shared_ptr<SchemaMemory> schemas;                // none: the schema is read each time
};

}  // namespace dirsync::ldap
