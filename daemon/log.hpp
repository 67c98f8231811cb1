#pragma once
#include <functional>
#include <memory>
#include <string>

#include "daemon/journal_entry.hpp"
#include "sync/ports/monitor.hpp"

namespace dirsync {

/// Events as logfmt or JSON lines on standard error. Where that is the journal they become entries of it with
/// fields; while journald does not take those, lines with the service manager's level prefixes.
/// Thread: any.
class Log final : public Monitor {
 public:
  struct Options {
    Level level = Level::info;
    bool json = false;
    std::string journal_socket = kJournalSocket;
  };
  explicit Log(Options options);
  ~Log() override;
  /// Takes a progress line away before a log line is written, and shows progress to a person.
  struct Screen {
    std::function<void()> clear;
    std::function<void(std::string_view what, std::uint64_t done, std::uint64_t total)> progress;
  };
  void set_screen(Screen screen) { screen_ = std::move(screen); }
  /// Hears all events, whatever the level of the log, on the thread that tells them.
  struct Listener {
    std::function<void(Level, std::string_view name, std::span<Field const>)> event;
    std::function<void(std::string_view what, std::uint64_t done, std::uint64_t total)> progress;
  };
  /// Before other threads use the log.
  void set_listener(Listener listener) { listener_ = std::move(listener); }
  void set_level(Level level);

  void event(Level level, std::string_view name, std::span<Field const> fields) override;
  void progress(std::string_view what, std::uint64_t done, std::uint64_t total) override;

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
  Screen screen_;
  Listener listener_;
};

/// "key=value key2=\"with spaces\""; the form of docs/architecture.md, "Logs".
std::string logfmt(std::string_view event, std::span<Monitor::Field const> fields);
/// The same as a JSON object on one line, with time and level.
std::string event_json(Monitor::Level level, std::string_view event, std::span<Monitor::Field const> fields);

}  // namespace dirsync
