#include "tests/simulators/console/console_sim.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "tests/simulators/console/edits.hpp"
#include "tests/simulators/console/routes.hpp"
#include "tests/simulators/console/state_json.hpp"
#include "tests/simulators/console/wire.hpp"

namespace dirsync::sim {

using console::Access;
using console::Refusal;

namespace {

// Always shown, so that a test may look for a zero.
constexpr std::array kMarks = {"password_updates", "default_group_changes", "service_user_changes",
                               "status_changes",   "user_role_changes",     "idle_updates",
                               "unknown_fields",   "without_organization",  "out_of_scope"};

std::string http_date(std::int64_t milliseconds) {
  auto const seconds = static_cast<std::time_t>(milliseconds / 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return text;
}

}  // namespace

Result<std::unique_ptr<ConsoleSim>> ConsoleSim::open(json::value const& state, Options options) {
  auto knobs = console::knobs_of_set(options.set_name);
  if (!knobs) return knobs.error();
  for (auto const& [name, value] : options.knobs)
    if (auto const refused = knobs->set(name, value)) return console::wrong(*refused);
  auto read = console::read_state(state);
  if (!read) return read.error();
  console::Model model{std::move(*knobs), std::move(*read)};
  return std::unique_ptr<ConsoleSim>(new ConsoleSim(std::move(options.clock), std::move(model)));
}

std::int64_t ConsoleSim::now() const {
  auto const since = clock_().time_since_epoch() + ahead_;
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

Simulator::Route ConsoleSim::route_of(Request const& request) const {
  auto const* entry = console::find_route(model_.knobs, request).entry;
  if (!entry) return {};
  return {entry->name(), entry->is_write(), entry->handler == console::log_in};
}

Simulator::Answer ConsoleSim::answer(Request const& request) {
  console::Context context{.request = request, .now = now()};
  auto const reply = serve(context);
  Answer answer;
  answer.response = reply ? console::success(*reply) : console::refused(model_.knobs, reply.error());
  answer.response.headers.emplace_back("Date", http_date(context.now));
  if (auto const* user = find(model_.state().users, context.caller)) answer.caller = user->name;
  answer.changed = context.changed;
  answer.marks = std::move(context.marks);
  return answer;
}

console::Reply ConsoleSim::serve(console::Context& context) {
  auto found = console::find_route(model_.knobs, context.request);
  if (leads_elsewhere(context.request.path)) return Refusal{400, "Bad Request"};
  if (!found.entry) return Refusal{found.status, found.status == 404 ? "Not Found" : "Not supported"};
  auto const& entry = *found.entry;
  if (entry.access == Access::never) {
    context.marks.emplace_back("out_of_scope");
    return Refusal{501, "Not simulated"};
  }
  // The versions are how a client learns what to put into Accept.
  if (entry.handler != console::show_versions)
    if (auto refusal = console::check_accept(model_.knobs, context.request)) return *refusal;
  context.id = std::move(found.id);
  if (entry.access != Access::open)
    if (auto refusal = admit(context, entry.access == Access::data)) return *refusal;
  if (std::string_view const permission = entry.permission; !permission.empty()) {
    auto const* caller = find(model_.state().users, context.caller);
    if (!console::contains(model_.state().permissions_of(*caller), permission))
      return Refusal{403, "Permission denied"};
  }
  if (context.request.method == "POST" || context.request.method == "PUT") {
    auto body = console::read_body(context.request);
    if (!body) return body.error();
    context.body = std::move(*body);
  }
  return entry.handler(model_, context);
}

// Finds the caller and the organization that the call works in.
std::optional<Refusal> ConsoleSim::admit(console::Context& context, bool counts_organization) const {
  auto const& state = model_.state();
  auto const user =
      model_.sessions.user_of(console::credentials(context.request, "Bearer"), context.now / 1000);
  auto const* caller = user ? find(state.users, *user) : nullptr;
  if (!caller || caller->status != "ACTIVE") return Refusal{401, "Unauthenticated"};
  context.caller = caller->id;
  context.org = caller->org;
  auto const named = std::string{context.request.header("x-current-org-id")};
  if (named.empty()) {
    if (counts_organization) context.marks.emplace_back("without_organization");
    return std::nullopt;
  }
  if (!find(state.organizations, named)) return Refusal{404, "No records found"};
  if (!state.within(named, caller->org)) return Refusal{403, "Permission denied"};
  context.org = named;
  return std::nullopt;
}

json::value ConsoleSim::dump_state() const { return console::write_state(model_.state()); }

std::optional<std::string> ConsoleSim::load_state(json::value const& state) {
  auto read = console::read_state(state);
  if (!read) return read.error().context;
  model_.replace(std::move(*read));
  return std::nullopt;
}

std::optional<std::string> ConsoleSim::do_edit(json::object const& edit) {
  auto done = console::run_edit(model_, ahead_, now(), edit);
  if (!done) return done.error().context;
  return std::nullopt;
}

void ConsoleSim::add_counters(json::object& counters) const {
  for (auto const* mark : kMarks) counters.emplace(mark, 0);
}

}  // namespace dirsync::sim
