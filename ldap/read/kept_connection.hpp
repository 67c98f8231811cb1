#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "ldap/connect/stop.hpp"
#include "ldap/read/opened.hpp"
#include "ldap/settings.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::ldap {

/// The connection of one directory on which one look at single entries follows another, with what is known of
/// its server: flavour, schema and rules of accounts. It is opened anew when it stood idle for kLongestIdle,
/// after kLongestUse, when a read found another schema, and where the server does not tell when its schema
/// changed. Thread: the directory's own.
class KeptConnection {
 public:
  /// Shorter than what is on the way to a server waits before it forgets a connection without a word.
  static constexpr std::chrono::minutes kLongestIdle{3};
  /// What is known of the server, and as whom we are known to it, is as old at most.
  static constexpr std::chrono::minutes kLongestUse{15};

  /// What `work` gives on the connection that is kept. Nothing: there is none of use, or the server answered
  /// nothing on it, which may be the connection's fault. After an error none is kept. Blocks. Errors: those
  /// of `work`.
  template <class T>
  std::optional<Result<T>> use_kept(Settings const& settings, DirectoryQuery const& query, Stop& stop,
                                    std::function<Result<T>(Opened&)> const& work) {
    if (!take_up_kept(settings, query, stop)) return std::nullopt;
    auto result = work(*opened_);
    auto const is_lost = !result && !opened_->connection.has_answered() && !stop.requested();
    leave(result.has_value() && !stop.requested());
    if (is_lost) return std::nullopt;
    return result;
  }

  /// The same; on a new connection where that gives nothing. Errors: those of open_to_read() as well.
  template <class T>
  Result<T> use(Settings const& settings, DirectoryQuery const& query, Stop& stop,
                std::function<Result<T>(Opened&)> const& work) {
    if (auto result = use_kept<T>(settings, query, stop, work)) return *std::move(result);
    if (auto const opened = open(settings, query, stop); !opened) return opened.error();
    auto result = work(*opened_);
    leave(result.has_value() && !stop.requested());
    return result;
  }

  /// After a whole read: only a connection to the same server (a URI) is of use; empty: none is.
  void stay_with(std::string const& server);
  void drop_if_idle();

 private:
  /// Whether there is one that may be used.
  bool take_up_kept(Settings const& settings, DirectoryQuery const& query, Stop& stop);
  Result<void> open(Settings const& settings, DirectoryQuery const& query, Stop& stop);
  void leave(bool keep);

  std::optional<Opened> opened_;
  std::string schema_version_;  // as SchemaMemory::version was then
  Instant since_, used_;
};

}  // namespace dirsync::ldap
