#pragma once
// From a configuration to what a run needs: real directories and targets.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <vector>

#include "daemon/config/config.hpp"
#include "sync/console/target.hpp"
#include "sync/engine/setup.hpp"
#include "sync/http/writes_in_hand.hpp"
#include "sync/ports/journal.hpp"

namespace dirsync {

/// Opens no connection yet. `clock`, `monitor` and `writes`, which may be null, must outlive it. Errors: a
/// setting that only the library can judge (URL).
Result<std::unique_ptr<console::ConsoleTarget>> open_console(boost::asio::any_io_executor executor,
                                                             console::Settings const& settings,
                                                             Clock const& clock, Monitor& monitor,
                                                             http::WritesInHand* writes = nullptr);

/// Owns the sides of one configuration. `journal`, `clock`, `monitor` and `writes` must outlive it.
class Wiring {
 public:
  /// Opens no connection yet. Errors: a setting that only the library can judge (CA file, URL).
  static Result<std::unique_ptr<Wiring>> make(boost::asio::any_io_executor executor,
                                              config::Config const& config, Journal& journal,
                                              Clock const& clock, Monitor& monitor,
                                              http::WritesInHand& writes);
  /// Lives as long as this.
  engine::Setup const& setup() const { return setup_; }
  /// Until the next run: as Target::forget_read(), of each.
  void forget_reads();
  /// Ends the targets' sessions, all at the same time.
  boost::asio::awaitable<void> close();

 private:
  std::vector<std::unique_ptr<Directory>> directories_;
  std::vector<std::unique_ptr<Target>> targets_;
  engine::Setup setup_;
};

}  // namespace dirsync
