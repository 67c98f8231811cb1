#include "daemon/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>

#include "daemon/journal_entry.hpp"
#include "sync/model/record.hpp"
#include "sync/model/text.hpp"

namespace dirsync {
namespace {

spdlog::level::level_enum spdlog_level(Monitor::Level level) {
  switch (level) {
    case Monitor::Level::trace:
      return spdlog::level::trace;
    case Monitor::Level::debug:
      return spdlog::level::debug;
    case Monitor::Level::info:
      return spdlog::level::info;
    case Monitor::Level::warn:
      return spdlog::level::warn;
    case Monitor::Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

/// sd-daemon(3): "<3>" and so on at the start of a line tell the journal its level.
std::string journal_prefix(Monitor::Level level) {
  return "<" + std::to_string(journal_priority(level)) + ">";
}

std::string in_quotes(std::string_view value) {
  auto const plain = value.find_first_of(" \"=\\") == std::string_view::npos && !value.empty();
  auto shown = printable(value, 4000);
  if (plain && shown == value) return shown;
  std::string text = "\"";
  for (auto const c : shown) {
    if (c == '"' || c == '\\') text.push_back('\\');
    text.push_back(c);
  }
  return text + "\"";
}

}  // namespace

struct Log::Sink {
  std::shared_ptr<spdlog::logger> logger;
  bool json;
  std::string journal_socket;
  bool to_journal = writes_to_journal();
};

Log::Log(Options options) {
  auto logger =
      std::make_shared<spdlog::logger>("dirsyncd", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
  logger->flush_on(spdlog::level::trace);
  sink_ = std::make_unique<Sink>(Sink{std::move(logger), options.json, options.journal_socket});
  set_level(options.level);
}
Log::~Log() = default;

void Log::set_level(Level level) { sink_->logger->set_level(spdlog_level(level)); }

std::string logfmt(std::string_view event, std::span<Monitor::Field const> fields) {
  auto line = "event=" + std::string{event};
  for (auto const& [key, value] : fields)
    if (!value.empty()) line += " " + std::string{key} + "=" + in_quotes(value);
  return line;
}

std::string event_json(Monitor::Level level, std::string_view event, std::span<Monitor::Field const> fields) {
  auto const time = rfc3339(std::chrono::system_clock::now());
  boost::json::object object{{"time", time}, {"level", to_text(level)}, {"event", event}};
  for (auto const& [key, value] : fields)
    if (!value.empty()) object[key] = is_utf8(value) ? value : printable(value, 4000);
  return with_escaped_controls(boost::json::serialize(object));
}

void Log::event(Level level, std::string_view name, std::span<Field const> fields) {
  if (listener_.event) listener_.event(level, name, fields);
  auto const at = spdlog_level(level);
  if (!sink_->logger->should_log(at)) return;
  if (screen_.clear) screen_.clear();
  std::string line;
  if (sink_->json) {
    line = event_json(level, name, fields);
  } else {
    if (!sink_->to_journal) line += "time=" + rfc3339(std::chrono::system_clock::now()) + " ";
    line += "level=" + std::string{to_text(level)} + " " + logfmt(name, fields);
  }
  if (sink_->to_journal) {
    if (send_to_journal(sink_->journal_socket, journal_entry(level, name, fields, line))) return;
    line.insert(0, journal_prefix(level));
  }
  sink_->logger->log(at, "{}", line);
}

void Log::progress(std::string_view what, std::uint64_t done, std::uint64_t total) {
  if (screen_.progress) screen_.progress(what, done, total);
  if (listener_.progress) listener_.progress(what, done, total);
}

}  // namespace dirsync
