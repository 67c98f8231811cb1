#include "daemon/control/looks.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>

#include "daemon/cli/context.hpp"
#include "daemon/cli/looks.hpp"
#include "daemon/cli/when.hpp"
#include "daemon/control/answer_page.hpp"
#include "daemon/control/bodies.hpp"
#include "daemon/control/on_thread.hpp"
#include "sync/model/text.hpp"

namespace dirsync::control {
namespace asio = boost::asio;
namespace {

using Query = std::map<std::string, std::string>;
using Look = std::function<cli::Answer(config::Config const&, store::Store&)>;

constexpr std::size_t kLongestText = 4096;  // bytes, of a name that somebody looks for
constexpr auto kLast = std::numeric_limits<std::int64_t>::max();

Error no_look(std::string const& why) { return {BodyErrc::malformed, why}; }

/// Reads the parts of a query; the first mistake is kept, and the rest read as if it were none.
class QueryReader {
 public:
  QueryReader(Query const& query, std::initializer_list<std::string_view> known) : query_(query) {
    for (auto const& [name, value] : query) {
      if (std::ranges::find(known, name) == known.end())
        note("\"" + printable(name, 60) + "\" is not known here");
      if (value.size() > kLongestText)
        note("\"" + printable(name, 60) + "\" is longer than " + std::to_string(kLongestText) + " bytes");
    }
  }
  std::string text(char const* name) const {
    auto const found = query_.find(name);
    return found == query_.end() ? std::string{} : found->second;
  }
  std::string needed(char const* name) {
    auto value = text(name);
    if (value.empty()) note(std::string{"it takes \""} + name + "\"");
    return value;
  }
  std::optional<Time> time(char const* name) {
    auto const value = text(name);
    if (value.empty()) return std::nullopt;
    auto const when = cli::parse_when(value);
    if (!when) note(std::string{"\""} + name + "\" is no RFC 3339 time and no age such as 90m, 24h, 7d");
    return when;
  }
  std::int64_t number(char const* name, std::int64_t otherwise, std::int64_t least, std::int64_t most) {
    auto const value = text(name);
    if (value.empty()) return otherwise;
    auto const number = parse_integer(value);
    if (number && *number >= least && *number <= most) return *number;
    note(std::string{"\""} + name + "\" must be a whole number from " + std::to_string(least) + " to " +
         std::to_string(most));
    return otherwise;
  }
  Result<Look> result(Look look) const {
    if (!flaw_.empty()) return no_look(flaw_);
    return look;
  }

 private:
  void note(std::string flaw) {
    if (flaw_.empty()) flaw_ = std::move(flaw);
  }
  Query const& query_;
  std::string flaw_;
};

/// An error of the store is the answer, too.
Look of_document(std::function<Result<boost::json::object>(store::Store&)> make, std::string if_empty) {
  return [make = std::move(make), if_empty = std::move(if_empty)](config::Config const&,
                                                                  store::Store& store) -> cli::Answer {
    auto const document = make(store);
    if (!document) return cli::refusal(document.error());
    if (document->empty()) return cli::refusal(cli::kUsage, "usage", if_empty);
    return {.document = boost::json::serialize(*document)};
  };
}

Result<Look> search_in(Query const& query) {
  QueryReader reader{query, {"q", "limit"}};
  auto const part = std::string{trimmed(reader.text("q"))};
  auto const most = static_cast<std::size_t>(reader.number("limit", 50, 1, 200));
  return reader.result([part, most](config::Config const&, store::Store& store) {
    return cli::search_answer(store, part, most);
  });
}

Result<Look> person_in(Query const& query) {
  QueryReader reader{query, {"user", "at"}};
  auto const user = reader.needed("user");
  auto const at = reader.time("at");
  return reader.result(
      [user, at](config::Config const&, store::Store& store) { return cli::person_answer(store, user, at); });
}

cli::AccessQuestion question_in(QueryReader& reader) {
  return {.group = reader.needed("group"), .target = reader.text("target"), .at = reader.time("at")};
}

Result<Look> who_in(Query const& query) {
  QueryReader reader{query, {"group", "target", "at"}};
  auto const question = question_in(reader);
  return reader.result([question](config::Config const& config, store::Store& store) {
    return cli::who_answer(config, store, question);
  });
}

Result<Look> why_in(Query const& query) {
  QueryReader reader{query, {"user", "group", "target", "at"}};
  auto question = question_in(reader);
  question.user = reader.needed("user");
  return reader.result([question](config::Config const& config, store::Store& store) {
    return cli::why_answer(config, store, question);
  });
}

Result<Look> runs_in(Query const& query) {
  QueryReader reader{query, {"limit", "before"}};
  auto const limit = reader.number("limit", 100, 1, 1000);
  auto const before = RunId{reader.number("before", kLast, 1, kLast)};
  return reader.result(of_document(
      [limit, before](store::Store& store) { return cli::runs_document(store, limit, before); }, ""));
}

Result<Look> run_in(Query const& query) {
  QueryReader reader{query, {"run"}};
  reader.needed("run");
  auto const run = reader.number("run", 1, 1, kLast);
  return reader.result(
      of_document([run](store::Store& store) { return cli::run_document(store, RunId{run}); },
                  "no run " + std::to_string(run) + "; `dirsyncd runs` lists them"));
}

Result<Look> rows_in(Query const& query) {
  QueryReader reader{
      query, {"since", "until", "target", "group", "user", "run", "action", "outcome", "before", "limit"}};
  AuditFilter filter;
  filter.since = reader.time("since");
  filter.until = reader.time("until");
  filter.target = reader.text("target");
  filter.group = reader.text("group");
  filter.user = reader.text("user");
  filter.action = reader.text("action");
  filter.outcome = reader.text("outcome");
  if (auto const run = reader.number("run", -1, 0, kLast); run >= 0) filter.run = RunId{run};
  filter.before_sequence = reader.number("before", kLast, 1, kLast);
  filter.limit = reader.number("limit", 200, 1, 1000);
  return reader.result(
      [filter](config::Config const&, store::Store& store) { return cli::rows_answer(store, filter); });
}

Result<Look> days_in(Query const& query) {
  QueryReader reader{query, {"days"}};
  auto const days = static_cast<int>(reader.number("days", 30, 1, 366));
  return reader.result([days](config::Config const& config, store::Store& store) {
    return cli::days_answer(config, store, days, std::chrono::system_clock::now());
  });
}

constexpr char kHealthPath[] = "/v1/health";
constexpr std::array<std::pair<std::string_view, Result<Look> (*)(Query const&)>, 8> kLooks{
    {{"/v1/search", search_in},
     {"/v1/person", person_in},
     {"/v1/who", who_in},
     {"/v1/why", why_in},
     {"/v1/runs", runs_in},
     {"/v1/run", run_in},
     {"/v1/log", rows_in},
     {"/v1/days", days_in}}};

Result<Look> look_in(Request const& request, Looks::Certificates const& certificates) {
  if (request.path == kHealthPath) {
    QueryReader const reader{request.query, {}};
    return reader.result([ends = certificates()](config::Config const& config, store::Store& store) {
      return cli::health_answer(config, store, ends, std::chrono::system_clock::now());
    });
  }
  for (auto const& [path, look] : kLooks)
    if (path == request.path) return look(request.query);
  return no_look("there is no such look");
}

}  // namespace

Looks::Looks(asio::any_io_executor executor, config::Config config, store::StateFolder folder,
             Certificates certificates)
    : executor_(std::move(executor)),
      config_(std::make_shared<config::Config const>(std::move(config))),
      folder_(std::move(folder)),
      certificates_(std::move(certificates)) {}

Looks::~Looks() {
  // Else what has not begun would be waited for as well.
  readers_.stop();
  readers_.join();
}

void Looks::set_config(config::Config config) {
  config_ = std::make_shared<config::Config const>(std::move(config));
}

bool Looks::knows(std::string_view path) {
  return path == kHealthPath ||
         std::ranges::any_of(kLooks, [path](auto const& look) { return look.first == path; });
}

asio::awaitable<Page> Looks::answer(Request request) {
  if (request.method != "GET") co_return error_page(405, "method", request.path + " takes GET alone");
  auto look = look_in(request, certificates_);
  if (!look) co_return error_page(400, "malformed", text(look.error()));
  std::function<Page()> job = [config = config_, folder = folder_, make = *std::move(look)] {
    store::Options options{.folder = folder, .mode = store::Options::Mode::read_only};
    return page_of(answer_from(*config, std::move(options), make), AnswerForm{});
  };
  co_return co_await made_on(readers_, executor_, std::move(job));
}

}  // namespace dirsync::control
