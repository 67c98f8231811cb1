#include "ldap/examine/servers.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>

#include "ldap/connect/dns.hpp"
#include "ldap/connect/srv.hpp"
#include "ldap/errors.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

using Step = ServerFinding::Step;

std::string address_text(SocketAddress const& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  void const* bytes = &reinterpret_cast<sockaddr_in const*>(address.get())->sin_addr;
  if (address.get()->sa_family == AF_INET6)
    bytes = &reinterpret_cast<sockaddr_in6 const*>(address.get())->sin6_addr;
  auto const* const written =
      inet_ntop(address.get()->sa_family, bytes, text.data(), static_cast<socklen_t>(text.size()));
  return written == nullptr ? std::string{} : std::string{written};
}

void fail_at(ServerFinding& server, Step step, Error error) {
  server.failed_at = step;
  server.error = std::move(error);
}

/// Whether a socket can be had, which is closed again. A local one is left to the connection itself.
bool reach(Settings const& settings, Server const& where, Stop& stop, ServerFinding& server) {
  if (where.transport == Server::Transport::local) return true;
  auto const end = std::chrono::steady_clock::now() + settings.timeouts.connect;
  auto const addresses =
      resolver_of(settings).addresses(where.host, static_cast<std::uint16_t>(where.port), end, stop);
  if (!addresses) {
    fail_at(server, Step::address,
            Error{addresses.error().code, "name look-up of " + printable(where.host) + ": " +
                                              addresses.error().context +
                                              "; check the name in the URI, and /etc/resolv.conf"});
    return false;
  }
  server.address = address_text(addresses->front());
  auto const socket = connect_to(*addresses, end, settings.timeouts.idle, stop);
  if (socket) return true;
  fail_at(server, Step::connection,
          Error{socket.error().code, "connection to " + server.address + " port " +
                                         std::to_string(where.port) + ": " + socket.error().context +
                                         "; check that the server runs and listens there, and the firewalls "
                                         "between"});
  return false;
}

Settings with_server(Settings settings, std::string const& uri) {
  settings.uris = {uri};
  settings.srv.clear();
  settings.memory.reset();
  return settings;
}

}  // namespace

ServerFinding::Step step_of(Error const& error) {
  auto const names = [&error](std::string_view words) {
    return error.context.find(words) != std::string::npos;
  };
  if (error.code == LdapErrc::tls_failed || names(": TLS ") || names(": the TLS settings")) return Step::tls;
  if (names(": no connection: ")) return Step::connection;
  return Step::logon;
}

std::optional<Connection> try_servers(Settings const& settings, Stop& stop, Examination& found) {
  auto uris = settings.uris;
  if (!settings.srv.empty()) {
    auto discovered = discover(settings, std::chrono::steady_clock::now() + settings.timeouts.connect, stop);
    if (!discovered) {
      found.discovery = discovered.error();
      return std::nullopt;
    }
    uris = std::move(*discovered);
  }
  std::optional<Connection> first;
  found.servers.reserve(uris.size());
  for (auto const& uri : uris) {
    auto& server = found.servers.emplace_back();
    server.uri = uri;
    auto const where = parse_server(uri);
    if (!where) {
      fail_at(server, Step::address,
              Error{LdapErrc::bad_setup, printable(uri) + " is no LDAP URI; write ldaps://host:port, "
                                                          "ldap://host:port or ldapi://%2Fpath"});
      continue;
    }
    server.is_encrypted = where->transport == Server::Transport::tls ||
                          (where->transport == Server::Transport::plain && settings.starttls);
    if (!reach(settings, *where, stop, server)) continue;
    auto alone = with_server(settings, uri);
    alone.on_certificate = [&server](PeerCertificate const& shown) {
      if (!server.certificate) server.certificate = shown;  // later ones are where referrals led
    };
    auto connection = Connection::open(alone, stop);
    if (!connection) {
      fail_at(server, step_of(connection.error()), connection.error());
      if (connection.error().code == LdapErrc::tls_failed && settings.tls.verify)
        if (auto shown = Connection::shown_certificate(alone, stop))
          server.refused_certificate = std::move(*shown);
      if (connection.error().code == LdapErrc::bind_refused) break;
      continue;
    }
    if (!first) first.emplace(std::move(*connection));
  }
  return first;
}

}  // namespace dirsync::ldap
