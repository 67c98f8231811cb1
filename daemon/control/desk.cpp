#include "daemon/control/desk.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "daemon/cli/context.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/wishes.hpp"
#include "daemon/control/answer_page.hpp"
#include "daemon/control/bodies.hpp"
#include "daemon/control/headers.hpp"
#include "daemon/control/on_thread.hpp"
#include "sync/model/text.hpp"

namespace dirsync::control {
namespace asio = boost::asio;
using Mode = store::Options::Mode;
namespace {

constexpr std::size_t kLongestPerson = 200;  // bytes

/// For what no palette painted: whatever looks like a colour in it is somebody else's.
AnswerForm unpainted(AnswerForm form) {
  form.presentation.palette = cli::Palette::plain();
  return form;
}

Page malformed(Error const& error) { return error_page(400, "malformed", text(error)); }

constexpr std::array<std::string_view, 6> kPosts{"/v1/sync",   "/v1/approve", "/v1/reject",
                                                 "/v1/freeze", "/v1/thaw",    "/v1/retry"};

/// What somebody wants to have done in the store.
struct Wish {
  std::function<cli::Answer(config::Config const&, store::Store&, std::string const& actor)> grant;
  std::optional<std::string> retried{};  // the target whose failures are tried again; empty: all
};

template <class What>
Result<Wish> granted_by(Result<What> what, cli::Answer (*grant)(config::Config const&, store::Store&,
                                                                What const&, std::string const&)) {
  if (!what) return what.error();
  return Wish{.grant = [what = *std::move(what), grant](config::Config const& config, store::Store& store,
                                                        std::string const& actor) {
    return grant(config, store, what, actor);
  }};
}

cli::Answer retry_at_once(config::Config const& config, store::Store& store, store::RetryWish const& what,
                          std::string const& actor) {
  return cli::retry_answer(config, store, what, actor, true);
}

Result<Wish> retry_wish_in(std::string_view body) {
  auto const what = retry_in(body);
  auto wish = granted_by(what, retry_at_once);
  if (wish) wish->retried = what->target;
  return wish;
}

/// Errors: BodyErrc.
Result<Wish> wish_in(Request const& request) {
  if (request.path == "/v1/freeze") return granted_by(freeze_in(request.body), cli::freeze_answer);
  if (request.path == "/v1/thaw") return granted_by(thaw_in(request.body), cli::thaw_answer);
  if (request.path == "/v1/retry") return retry_wish_in(request.body);
  return granted_by(decision_in(request.body, request.path == "/v1/approve"), cli::decision_answer);
}

}  // namespace

Desk::Desk(asio::any_io_executor executor, config::Config config, store::StateFolder folder,
           Listeners listeners, Events& events, NameOf name_of)
    : executor_(std::move(executor)),
      config_(std::make_shared<config::Config const>(std::move(config))),
      folder_(std::move(folder)),
      listeners_(std::move(listeners)),
      events_(events),
      name_of_(std::move(name_of)) {}

Desk::~Desk() {
  // Else what has not begun, of which there may be much, would be waited for as well.
  for (auto* const pool : {&worker_, &readers_, &names_}) pool->stop();
  for (auto* const pool : {&worker_, &readers_, &names_}) pool->join();
}

void Desk::set_config(config::Config config) {
  config_ = std::make_shared<config::Config const>(std::move(config));
}

asio::awaitable<Page> Desk::answer(Request request) {
  auto const& path = request.path;
  auto const gets = request.method == "GET", posts = request.method == "POST";
  auto const is_post = std::ranges::find(kPosts, path) != kPosts.end();
  auto const is_get =
      path == "/v1/status" || path == "/v1/plans" || path == "/v1/plan" || path == "/v1/events";
  if (!is_get && !is_post)
    co_return error_page(
        404, "not-found",
        "there are GET /v1/status, /v1/plans, /v1/plan and /v1/events, and POST /v1/sync, "
        "/v1/approve, /v1/reject, /v1/freeze, /v1/thaw and /v1/retry; and for whoever looks, "
        "GET /v1/search, /v1/person, /v1/who, /v1/why, /v1/runs, /v1/run, /v1/log, /v1/days "
        "and /v1/health");
  if ((is_get && !gets) || (is_post && !posts))
    co_return error_page(405, "method", path + " takes " + (is_get ? "GET" : "POST") + " alone");
  auto const is_run = path == "/v1/sync" || path == "/v1/plan";
  if (auto refused = refuse_stranger(request, is_run)) co_return *std::move(refused);
  if (path == "/v1/plan") co_return co_await answer_plan(request);
  if (path == "/v1/sync") co_return co_await answer_sync(request);
  if (is_post) co_return co_await answer_wish(request);
  if (path == "/v1/events")
    co_return Page{.content_type = "application/x-ndjson", .body = {}, .feed = events_.subscribe()};
  auto const is_status = path == "/v1/status";
  MakeAnswer make = [is_status, feeds = listeners_.feeds(), since = since_](config::Config const& config,
                                                                            store::Store& store) {
    store::InstanceLock::Holder const self{.pid = ::getpid(), .since = since};
    return is_status ? cli::status_answer(config, store, self, feeds) : cli::held_plans_answer(config, store);
  };
  co_return co_await look_up(request, std::move(make));
}

/// A command that reads another configuration must not get the plan of this one for its own.
std::optional<Page> Desk::refuse_stranger(Request const& request, bool is_run) const {
  auto const& service = config_->service;
  if (auto const theirs = header(request, kStateHeader); !theirs.empty() && theirs != service.state_dir)
    return error_page(409, "other-state", "this service keeps its state in " + service.state_dir);
  auto const theirs = header(request, kConfigurationHeader);
  if (is_run && !theirs.empty() && theirs != config_->digest)
    return error_page(
        409, "other-configuration",
        "the service works with another configuration than the one that was read now; reload it");
  return std::nullopt;
}

AnswerForm Desk::form_of(Request const& request) const { return form_in(request, config_->file); }

asio::awaitable<Page> Desk::answer_plan(Request const& request) {
  if (auto const stored = request.query.find("digest"); stored != request.query.end()) {
    MakeAnswer make = [digest = stored->second](config::Config const&, store::Store& store) {
      return cli::stored_plan_answer(store, digest);
    };
    co_return co_await look_up(request, std::move(make));
  }
  auto ask = run_ask_in(request.query);
  if (!ask) co_return malformed(ask.error());
  co_return co_await answer_run(request, *std::move(ask));
}

asio::awaitable<Page> Desk::answer_sync(Request const& request) {
  auto ask = run_ask_in(std::string_view{request.body});
  if (!ask) co_return malformed(ask.error());
  co_return co_await answer_run(request, *std::move(ask));
}

asio::awaitable<Page> Desk::answer_run(Request const& request, cli::RunAsk ask) {
  ask.configuration = header(request, kConfigurationHeader);
  auto actor = co_await person_of(request);
  auto const promised = std::make_shared<Promised<Page>>(executor_);
  auto on_end = [promised, form = form_of(request)](AnswerPages& pages) {
    Promised<Page>::keep(promised, pages.in(form));
  };
  listeners_.ask_for_run({std::move(ask), std::move(actor)}, std::move(on_end));
  co_return co_await Promised<Page>::wait(promised);
}

asio::awaitable<Page> Desk::answer_wish(Request const& request) {
  auto const wish = wish_in(request);
  if (!wish) co_return malformed(wish.error());
  auto const actor = co_await person_of(request);
  MakeAnswer make = [grant = wish->grant, actor](config::Config const& config, store::Store& store) {
    return grant(config, store, actor);
  };
  auto const answer = co_await change_store(actor, std::move(make));
  if (!answer.is_refusal) {
    listeners_.on_change();
    // Others who look at the same learn of it at once.
    Monitor::Field const fields[] = {{"what", request.path.substr(request.path.rfind('/') + 1)},
                                     {"actor", actor}};
    events_.tell(Monitor::Level::info, "decided", fields);
  }
  if (!answer.is_refusal && wish->retried) listeners_.on_retry(*wish->retried);
  co_return page_of(answer, unpainted(form_of(request)));
}

/// By the service's own descriptor of the folder, whose path may lead through one that it may not enter.
asio::awaitable<cli::Answer> Desk::change_store(std::string actor, MakeAnswer make) {
  std::function<cli::Answer()> job = [config = config_, folder = folder_, actor = std::move(actor),
                                      make = std::move(make)] {
    store::Options options{.folder = folder, .mode = Mode::read_write, .actor = actor};
    return answer_from(*config, std::move(options), make);
  };
  co_return co_await made_on(worker_, executor_, std::move(job));
}

/// The page is made there as well: of a large plan it is long.
asio::awaitable<Page> Desk::look_up(Request const& request, MakeAnswer make) {
  std::function<Page()> job = [config = config_, folder = folder_, form = unpainted(form_of(request)),
                               make = std::move(make)] {
    store::Options options{.folder = folder, .mode = Mode::read_only, .actor = "daemon"};
    return page_of(answer_from(*config, std::move(options), make), form);
  };
  co_return co_await made_on(readers_, executor_, std::move(job));
}

/// Names of accounts may come from a server that is slow: no store waits for them.
asio::awaitable<std::string> Desk::person_of(Request const& request) {
  constexpr uid_t kRoot = 0, kNobody = static_cast<uid_t>(-1);
  auto const peer = request.peer.value_or(kNobody);
  // Root could claim anything anyway, and so could the account that owns the store. Without their word
  // whoever came by `sudo -u dirsyncd` would be somebody else than the person who came by their own name.
  auto const is_trusted = peer == kRoot || peer == ::geteuid();
  auto const claim = is_trusted ? header(request, kPersonHeader) : std::string{};
  if (!claim.empty() && claim.size() <= kLongestPerson && claim == printable(claim, kLongestPerson))
    co_return claim;
  std::function<std::string()> job = [peer, name_of = name_of_] {
    return person_behind({.login = std::nullopt, .user = peer, .sudo = std::nullopt}, name_of);
  };
  co_return co_await made_on(names_, executor_, std::move(job));
}

}  // namespace dirsync::control
