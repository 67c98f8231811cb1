#include "daemon/wiring.hpp"

#include <boost/asio/post.hpp>
#include <functional>

#include "ldap/directory.hpp"
#include "ldap/scope_name.hpp"
#include "sync/http/curl_client.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/peer_certificate.hpp"
#include "sync/ports/gather.hpp"
#include "sync/ports/guarded_target.hpp"
#include "sync/vault/vault_target.hpp"

namespace dirsync {
namespace asio = boost::asio;
namespace {

void tell(Monitor& monitor, std::string const& side, PeerCertificate const& certificate) {
  Monitor::Field const fields[] = {{"side", side},
                                   {"server", certificate.server},
                                   {"subject", certificate.subject},
                                   {"issuer", certificate.issuer},
                                   {"not_after", rfc3339(certificate.not_after)}};
  monitor.event(Monitor::Level::debug, "peer_certificate", fields);
}

/// One event per attempt at a request, and per handshake.
http::Surroundings surroundings_with(std::string target, Monitor& monitor, http::WritesInHand* writes) {
  http::Surroundings surroundings;
  surroundings.writes = writes;
  surroundings.on_certificate = [target = std::move(target), &monitor](PeerCertificate const& certificate) {
    tell(monitor, target, certificate);
  };
  surroundings.on_request = [&monitor](http::RequestEvent const& request) {
    Monitor::Field const fields[] = {
        {"target", std::string{request.target}},
        {"method", to_text(request.method)},
        {"host", std::string{request.host}},
        {"route", std::string{request.route}},
        {"attempt", std::to_string(request.attempt)},
        {"status", request.status ? std::to_string(*request.status) : std::string{}},
        {"err", request.error ? request.error->message() : std::string{}},
        {"ms", std::to_string(request.time.count())}};
    monitor.event(Monitor::Level::debug, "http_request", fields);
  };
  return surroundings;
}

Result<std::unique_ptr<Target>> open_target(asio::any_io_executor executor, std::string const& name,
                                            config::Target const& target, Clock const& clock,
                                            Monitor& monitor, http::WritesInHand& writes) {
  if (auto const* vault = std::get_if<vault::Settings>(&target.settings))
    return vault::open_vault(executor, name, *vault, surroundings_with(name, monitor, &writes));
  auto opened = open_console(executor, std::get<console::Settings>(target.settings), clock, monitor, &writes);
  if (!opened) return opened.error();
  return std::unique_ptr<Target>{std::move(*opened)};
}

void tell(Monitor& monitor, std::string const& directory, ldap::SearchEvent const& search) {
  // Single entries are read one by one, as many as there are groups or people in question.
  auto const level = search.scope == ldap::Scope::base ? Monitor::Level::trace : Monitor::Level::debug;
  Monitor::Field const fields[] = {{"directory", directory},
                                   {"server", search.server},
                                   {"base", search.base},
                                   {"scope", ldap::scope_name(search.scope)},
                                   {"filter", search.filter},
                                   {"result", search.result ? std::to_string(*search.result) : "none"},
                                   {"entries", std::to_string(search.entries)},
                                   {"pages", std::to_string(search.pages)},
                                   {"ms", std::to_string(search.time.count())}};
  monitor.event(level, "ldap_search", fields);
}

/// Searches and handshakes end on threads of the directory's own; the monitor is told on the event loop.
template <class Told>
std::function<void(Told)> teller_of(asio::any_io_executor executor, std::string directory, Monitor& monitor) {
  return [executor, directory = std::move(directory), &monitor](Told const& told) {
    auto on_loop = [directory, &monitor, told] { tell(monitor, directory, told); };
    asio::post(executor, std::move(on_loop));
  };
}

}  // namespace

Result<std::unique_ptr<console::ConsoleTarget>> open_console(asio::any_io_executor executor,
                                                             console::Settings const& settings,
                                                             Clock const& clock, Monitor& monitor,
                                                             http::WritesInHand* writes) {
  auto client =
      http::open_client(executor, settings.http, surroundings_with(settings.http.target, monitor, writes));
  if (!client) return client.error();
  return console::ConsoleTarget::open(settings, std::move(*client), clock);
}

Result<std::unique_ptr<Wiring>> Wiring::make(asio::any_io_executor executor, config::Config const& config,
                                             Journal& journal, Clock const& clock, Monitor& monitor,
                                             http::WritesInHand& writes) {
  auto wiring = std::make_unique<Wiring>();
  auto& setup = wiring->setup_;
  setup.rules = config.rules;
  setup.limits = config.limits;
  setup.journal = &journal;
  setup.clock = &clock;
  setup.monitor = &monitor;
  setup.configuration_digest = config.digest;
  for (auto const& [name, directory] : config.directories) {
    auto settings = directory.ldap;
    settings.on_search = teller_of<ldap::SearchEvent>(executor, name, monitor);
    settings.on_certificate = teller_of<PeerCertificate>(executor, name, monitor);
    wiring->directories_.push_back(std::make_unique<ldap::LdapDirectory>(std::move(settings)));
    setup.directories.push_back({.name = name,
                                 .directory = wiring->directories_.back().get(),
                                 .normalized_base = normalized_dn(directory.ldap.base).value_or(""),
                                 .policy = directory.policy});
  }
  for (auto const& [name, target] : config.targets) {
    auto opened = open_target(executor, name, target, clock, monitor, writes);
    if (!opened) return within("target " + name, opened.error());
    wiring->targets_.push_back(std::make_unique<GuardedTarget>(std::move(*opened)));
    engine::SinkTarget sink{.name = name,
                            .target = wiring->targets_.back().get(),
                            .limits = target.limits,
                            .domains = {},
                            .replace_stale_groups = false};
    if (auto const* vault = std::get_if<vault::Settings>(&target.settings)) {
      sink.domains = vault->domains;
      sink.replace_stale_groups = vault->replace_stale_groups;
    }
    setup.targets.push_back(std::move(sink));
  }
  return wiring;
}

void Wiring::forget_reads() {
  for (auto const& target : targets_) target->forget_read();
}

asio::awaitable<void> Wiring::close() {
  std::vector<asio::awaitable<void>> closings;
  for (auto const& target : targets_) closings.push_back(target->close());
  co_await gather(std::move(closings));
}

}  // namespace dirsync
