#include "tests/simulators/vault/vault_sim.hpp"

#include <algorithm>
#include <stdexcept>

#include "sync/model/text.hpp"
#include "tests/simulators/vault/edits.hpp"
#include "tests/simulators/vault/routes.hpp"

namespace dirsync::sim {
namespace {
using namespace vault;

Knobs knobs_of(VaultSim::Options const& options) {
  auto knobs = profile(options.profile);
  if (!knobs) {
    std::string known;
    for (auto const name : profile_names()) known += " " + std::string{name};
    throw std::invalid_argument{"no such profile: " + options.profile + "; known:" + known};
  }
  return *std::move(knobs);
}

struct Found {
  RouteSpec const* route = nullptr;
  std::vector<std::string> parameters;
};

Found find_route(Request const& request) {
  for (auto const& route : routes())
    if (request.method == route.method)
      if (auto parameters = match(route, request.path)) return {&route, *std::move(parameters)};
  return {};
}

bool is_on(World const& world, RouteSpec const& route) {
  return route.knob.empty() || world.knobs.on(route.knob);
}

Reply wrong_verb(std::string const& allowed) {
  auto reply = html(405, "HTTP verb used to access this page is not allowed.");
  reply.response.headers.emplace_back("Allow", allowed);
  return reply;
}

/// The web server's part: paths, verbs and lengths.
std::optional<Reply> refused_by_web_server(World const& world, Request const& request, Found const& found) {
  if (auto refused = web_server_refusal(request.path)) return refused;
  auto const webdav = world.knobs.on("webdav") && (request.method == "PUT" || request.method == "DELETE");
  if (webdav) return wrong_verb("GET, HEAD, OPTIONS, TRACE");
  if (found.route == nullptr || !is_on(world, *found.route)) {
    std::string allowed;
    bool known = false;
    for (auto const& route : routes()) {
      if (!match(route, request.path)) continue;
      if (is_on(world, route)) allowed += (allowed.empty() ? "" : ", ") + std::string{route.method};
      known = known || is_on(world, route) || !route.hides_path;
    }
    auto const hidden = found.route != nullptr && found.route->hides_path;
    if (!known || hidden) return html(404, "File or directory not found.");
    return wrong_verb(allowed);
  }
  if ((request.method == "POST" || request.method == "PUT") && !request.has_length)
    return html(411, "Length Required");
  return std::nullopt;
}

Credentials credentials_of(Request const& request) {
  constexpr std::string_view kBearer = "bearer ";
  auto const header = request.header("Authorization");
  if (ascii_lower(header.substr(0, kBearer.size())) != kBearer) return {header, false};
  return {header.substr(kBearer.size()), true};
}

User const* caller_of(World& world, Request const& request) {
  auto const credentials = credentials_of(request);
  auto* const session = world.sessions.find(credentials, world.now(), world.life());
  if (session == nullptr) return nullptr;
  auto const node = "node" + std::to_string(session->node);
  auto const bound_to_node = world.knobs.is("nodes", "2") && !credentials.bearer;
  if (bound_to_node && cookie(request, "CA11111") != node) return nullptr;
  auto const* const user = world.state.user(session->user);
  return user != nullptr && user->enabled && !user->suspended ? user : nullptr;
}

bool may(World const& world, User const& caller, Needs needs) {
  auto const holds = [&caller](std::string_view right) {
    return std::ranges::find(caller.authorizations, right) != caller.authorizations.end();
  };
  switch (needs) {
    case Needs::audit:
      return holds("AuditUsers");
    case Needs::update:
      return holds("AddUpdateUsers");
    case Needs::vault_admin:
      return world.state.is_member(caller.id, "Vault Admins");
    case Needs::vault_admin_and_audit:
      return world.state.is_member(caller.id, "Vault Admins") && holds("AuditUsers");
    case Needs::vault_admin_and_mapping:
      return world.state.is_member(caller.id, "Vault Admins") && holds("ManageDirectoryMapping");
    case Needs::nothing:
    case Needs::session:
    case Needs::session_gen1:
      break;
  }
  return true;
}

std::optional<Reply> refused_without_right(World const& world, Request const& request, Needs needs,
                                           User const* caller) {
  auto const server_is_open = needs == Needs::session_gen1 && !world.knobs.on("server_needs_token");
  if (needs == Needs::nothing || server_is_open) return std::nullopt;
  if (caller == nullptr) {
    if (needs == Needs::session_gen1 && request.header("Authorization").empty())
      return refuse(403, "CAIWS001E", "Couldn't retrieve session token from request header.");
    return refuse(401, "PASWS006E", "The session token is missing, invalid or expired.");
  }
  if (!may(world, *caller, needs))
    return refuse(403, "PASWS041E", "You are not authorized to perform this action.");
  return std::nullopt;
}

/// An inner code stays the first word.
void translate(json::object& refusal) {
  auto const message = text_of(refusal, "ErrorMessage");
  if (message.empty()) return;
  auto const inner = message.starts_with("ITATS") ? message.substr(0, message.find(' ') + 1) : "";
  refusal["ErrorMessage"] = inner + "Une erreur s'est produite.";
}

/// In the words of a gateway, which knows no details.
json::object as_gateway_says(json::object const& refusal, bool code) {
  return {{code ? "code" : "error", text_of(refusal, "ErrorCode")},
          {code ? "message" : "error_description", text_of(refusal, "ErrorMessage")}};
}

/// Refusals in another language or of another shape.
void dress(World const& world, Response& response) {
  if (response.status < 400) return;
  auto body = parse_json(response.body);
  if (!body || !body->is_object() || !body->get_object().contains("ErrorCode")) return;
  auto& object = body->get_object();
  auto const french = world.knobs.is("language", "fr");
  if (french) translate(object);
  if (auto* const details = object.if_contains("Details")) {  // found last: what translate() writes moves it
    if (french)
      for (auto& detail : details->as_array()) translate(detail.as_object());
    if (world.knobs.is("details", "object")) {
      json::value first = details->as_array().front();
      *details = std::move(first);
    }
  }
  if (!world.knobs.is("error_shape", "pvwa"))
    object = as_gateway_says(object, world.knobs.is("error_shape", "code"));
  response.body = json::serialize(object);
}
}  // namespace

VaultSim::VaultSim(Options options, json::value const& state)
    : world_{State{}, knobs_of(options), Sessions{}, std::move(options.now), 2} {
  auto const require = [](std::optional<std::string> const& wrong) {
    if (wrong) throw std::invalid_argument{*wrong};
  };
  require(VaultSim::load_state(state));
  for (auto const& [name, value] : options.knobs) require(world_.knobs.set(name, value));
}

Simulator::Route VaultSim::route_of(Request const& request) const {
  auto const found = find_route(request);
  if (found.route == nullptr) return {};
  auto const handler = found.route->handler;
  auto const opens_session = handler == vault::logon || handler == vault::platform_token;
  return {std::string{found.route->name}, found.route->write, opens_session};
}

Simulator::Answer VaultSim::answer(Request const& request) {
  auto found = find_route(request);
  auto reply = refused_by_web_server(world_, request, found);
  std::string caller_name;
  if (!reply) {
    auto const* const caller = found.route->needs == Needs::nothing ? nullptr : caller_of(world_, request);
    if (caller != nullptr) caller_name = caller->username;
    reply = refused_without_right(world_, request, found.route->needs, caller);
    if (!reply) {
      Context const call{request, std::move(found.parameters), caller, credentials_of(request).token};
      reply = found.route->handler(world_, call);
    }
  }
  dress(world_, reply->response);
  reply->response.gzip = world_.knobs.on("gzip");
  return {std::move(reply->response), std::move(caller_name), reply->changed};
}

json::value VaultSim::dump_state() const {
  auto state = world_.state.dump();
  state["knobs"] = world_.knobs.dump();
  return state;
}

std::optional<std::string> VaultSim::load_state(json::value const& state) {
  auto knobs = world_.knobs;
  if (auto const* const object = state.if_object())
    if (auto const* const values = object->if_contains("knobs"))
      if (auto wrong = set_knobs(knobs, *values)) return wrong;
  if (auto wrong = world_.state.load(state)) return wrong;
  world_.knobs = std::move(knobs);
  return std::nullopt;
}

std::optional<std::string> VaultSim::do_edit(json::object const& edit) {
  return vault::do_edit(world_, edit);
}

bool VaultSim::is_unfit(std::string_view path) const {
  return leads_elsewhere(path) || vault::is_kept_by_windows(path);
}

void VaultSim::add_counters(json::object& counters) const {
  counters["live_sessions"] = world_.sessions.live();
  counters["most_sessions"] = world_.sessions.most();
}

}  // namespace dirsync::sim
