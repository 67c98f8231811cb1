#include "daemon/cli/by_service.hpp"

#include <charconv>

#include "daemon/account.hpp"
#include "daemon/cli/answer.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/presentation.hpp"
#include "daemon/cli/progress_line.hpp"
#include "daemon/cli/question.hpp"
#include "daemon/cli/run_ask.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/control/bodies.hpp"
#include "daemon/control/client.hpp"
#include "daemon/control/headers.hpp"
#include "sync/model/json.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

using control::Reply;
constexpr std::chrono::seconds kPatience{60};  // of a store that others write to

/// The service's reply, or why there is none and the command goes on by itself, or ends.
struct Asked {
  std::optional<Reply> reply;
  ServiceAnswer instead{};
};

std::string reply_header(Reply const& reply, char const* name) {
  auto const found = reply.headers.find(name);
  return found == reply.headers.end() ? std::string{} : found->second;
}

std::size_t number_in(std::string const& text, std::size_t otherwise) {
  std::size_t number = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

control::Call call_to(char const* method, char const* path, Arguments const& arguments,
                      config::Config const& config) {
  control::Call call{.method = method, .target = path};
  call.headers = {{"accept", arguments.json ? "application/json" : "text/plain"},
                  {control::kStateHeader, config.service.state_dir},
                  {control::kFileHeader, printable(arguments.config, std::string::npos)},
                  {control::kPersonHeader, invoking_person()}};
  auto const presentation = Presentation::for_descriptor(1, arguments);
  if (presentation.palette.is_on()) call.headers.emplace_back(control::kColourHeader, "on");
  if (presentation.verbose) call.headers.emplace_back(control::kVerboseHeader, "on");
  call.headers.emplace_back(control::kColumnsHeader, std::to_string(presentation.width));
  return call;
}

/// What a command does when the service ends before it has answered.
enum class AfterEnd {
  ends,     // nobody knows what was done
  goes_on,  // by itself: it changes nothing
};

Asked ask_service(Arguments const& arguments, config::Config const& config, control::Call const& call,
                  AfterEnd after, std::optional<control::Watcher> watcher = std::nullopt) {
  auto reply = control::call(config.service.control_socket, call, std::move(watcher));
  if (!reply) {
    if (reply.error().code == control::make_error_code(control::ClientErrc::no_service)) return {};
    if (after == AfterEnd::goes_on &&
        reply.error().code == control::make_error_code(control::ClientErrc::ended))
      return {.reply = {}, .instead = {.exit = {}, .why_not = text(reply.error())}};
    print_error(arguments, reply.error());
    return {.reply = {}, .instead = {.exit = kInternal}};
  }
  if (!reply_header(*reply, control::kExitHeader).empty()) return {.reply = std::move(*reply)};
  auto const document = parse_json(reply->body).value_or(boost::json::value{});
  auto const& error = object_at(object_in(document), "error");
  constexpr int kConflict = 409;
  if (reply->status == kConflict)
    return {.reply = {}, .instead = {.exit = {}, .why_not = text_at(error, "text")}};
  auto const code = text_at(error, "code"), text = text_at(error, "text");
  print_error(arguments, code.empty() ? "service" : code,
              "the service answered " + std::to_string(reply->status) + (text.empty() ? "" : ": " + text));
  return {.reply = {}, .instead = {.exit = kInternal}};
}

int show_reply(Arguments const& arguments, Reply const& reply, std::string_view body) {
  Answer answer;
  answer.exit = static_cast<int>(number_in(reply_header(reply, control::kExitHeader), kInternal));
  answer.message = reply_header(reply, control::kMessageHeader);
  auto const is_error = reply.status >= 400;
  if (arguments.json)
    answer.document = body.substr(0, body.find_last_not_of('\n') + 1);
  else if (!is_error)
    answer.text = body;
  return show_answer(arguments, answer, Palette::for_descriptor(1));
}

ServiceAnswer shown(Arguments const& arguments, Asked const& asked) {
  if (!asked.reply) return asked.instead;
  return {.exit = show_reply(arguments, *asked.reply, asked.reply->body)};
}

/// Waits for a run, with a line of progress for a person.
Asked ask_for_run(Arguments const& arguments, config::Config const& config, RunAsk const& ask) {
  auto call = call_to("POST", "/v1/sync", arguments, config);
  call.headers.emplace_back(control::kConfigurationHeader, config.digest);
  call.headers.emplace_back("content-type", "application/json");
  call.body = control::body_of(ask);
  ProgressLine progress{is_terminal(2)};
  std::optional<control::Watcher> watcher;
  if (is_terminal(2))
    watcher = control::Watcher{[&progress](std::string_view what, std::uint64_t done, std::uint64_t total) {
                                 progress.set(what, done, total);
                               },
                               [&progress] { progress.tick(); }};
  auto asked = ask_service(arguments, config, call, AfterEnd::ends, std::move(watcher));
  progress.clear();
  return asked;
}

ServiceAnswer asked_of_service(Arguments const& arguments, config::Config const& config, char const* path,
                               boost::json::object const& body) {
  auto call = call_to("POST", path, arguments, config);
  call.headers.emplace_back("content-type", "application/json");
  call.body = boost::json::serialize(body);
  call.patience = kPatience;
  return shown(arguments, ask_service(arguments, config, call, AfterEnd::ends));
}

void warn_of_settings(Arguments const& arguments, config::Config const& config) {
  Log log{log_options(arguments, config, true)};
  for (auto const& warning : config.warnings) {
    Monitor::Field const fields[] = {{"text", warning}};
    log.event(Monitor::Level::warn, "insecure_setting", fields);
  }
}

}  // namespace

ServiceAnswer status_by_service(Arguments const& arguments, config::Config const& config) {
  auto call = call_to("GET", "/v1/status", arguments, config);
  call.patience = kPatience;
  return shown(arguments, ask_service(arguments, config, call, AfterEnd::goes_on));
}

ServiceAnswer decide_by_service(Arguments const& arguments, config::Config const& config) {
  auto const approves = arguments.command == Command::approve;
  boost::json::object body{{"digest", arguments.digest}};
  if (!arguments.reason.empty()) body["reason"] = arguments.reason;
  return asked_of_service(arguments, config, approves ? "/v1/approve" : "/v1/reject", body);
}

ServiceAnswer freeze_by_service(Arguments const& arguments, config::Config const& config,
                                FreezeWish const& wish) {
  boost::json::object body{{"reason", wish.reason}, {"removals", wish.removals_alone}};
  if (!wish.target.empty()) body["target"] = wish.target;
  if (!wish.until.empty()) body["until"] = wish.until;
  return asked_of_service(arguments, config, "/v1/freeze", body);
}

ServiceAnswer thaw_by_service(Arguments const& arguments, config::Config const& config) {
  boost::json::object body;
  if (!arguments.target.empty()) body["target"] = arguments.target;
  return asked_of_service(arguments, config, "/v1/thaw", body);
}

ServiceAnswer retry_by_service(Arguments const& arguments, config::Config const& config,
                               store::RetryWish const& wish) {
  boost::json::object body;
  if (!wish.target.empty()) body["target"] = wish.target;
  if (!wish.group.empty()) body["group"] = wish.group;
  if (!wish.user.empty()) body["user"] = wish.user;
  return asked_of_service(arguments, config, "/v1/retry", body);
}

ServiceAnswer run_by_service(Arguments const& arguments, config::Config const& config) {
  auto ask = run_ask_of(arguments);
  ask.asks = !ask.dry_run && asks_first(arguments);
  auto asked = ask_for_run(arguments, config, ask);
  if (!asked.reply) return asked.instead;
  warn_of_settings(arguments, config);
  auto const question = reply_header(*asked.reply, control::kQuestionHeader);
  if (question.empty()) return shown(arguments, asked);
  auto const palette = Palette::for_descriptor(1);
  auto const& body = asked.reply->body;
  auto const first =
      std::min(body.size(), number_in(reply_header(*asked.reply, control::kShownFirstHeader), 0));
  show_painted(stdout, std::string_view{body}.substr(0, first), palette);
  std::fflush(stdout);
  if (!asks_yes(question))
    return {.exit = show_reply(arguments, *asked.reply, std::string_view{body}.substr(first))};
  ask.asks = false;
  // The first run has taken the read as the new level; nobody has looked at the next one. So an approval of
  // that read is used up, and would be taken for one of an older plan. A message tells that it names no read.
  ask.accept_band = false;
  if (reply_header(*asked.reply, control::kMessageHeader).empty()) {
    ask.approve.clear();
    ask.reason.clear();
  }
  ask.expect = reply_header(*asked.reply, control::kExpectHeader);
  auto const done = ask_for_run(arguments, config, ask);
  if (done.reply || done.instead.exit) return shown(arguments, done);
  print_error(arguments, "service",
              "the service is gone, or has another configuration now; nothing was sent. Run again");
  return {.exit = kInternal};
}

}  // namespace dirsync::cli
