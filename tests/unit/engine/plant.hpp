#pragma once
// A whole engine on bare ports: a directory, a Vault, a console, a journal that outlives the engine.
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

#include "sync/engine/engine.hpp"
#include "tests/support/fakes/fake_clock.hpp"
#include "tests/support/fakes/fake_directory.hpp"
#include "tests/support/fakes/fake_target.hpp"
#include "tests/support/fakes/memory_journal.hpp"
#include "tests/support/fakes/recording_monitor.hpp"

namespace dirsync::engine {

class Plant {
 public:
  /// Rules "vault" and "console" over all groups of "corp", members by uid; nothing is limited or held.
  Plant();

  boost::asio::io_context io;  // of every run; a real target may live on it
  fake::FakeClock clock;
  fake::MemoryJournal journal{clock};
  fake::RecordingMonitor monitor;
  fake::FakeDirectory corp;
  fake::FakeTarget vault{fake::vault_traits()}, console{fake::console_traits()};
  Setup setup;
  RunRequest request;  // apply, by "tester"

  Rule& rule(std::string const& name);
  void hold_first_plans();
  /// As if a plan had been applied under the settings that the rules have now.
  void accept_settings();
  /// People in the directory, the Vault and the console.
  void people(std::vector<std::string> const& uids);
  /// One run, as after a restart.
  Result<Report> run_once();
  /// The same, which must succeed.
  Report run();
  Report plan_only();
  std::stop_source stop;                    // of every run
  boost::asio::cancellation_signal cancel;  // of the current run, which then ends with an exception

  std::size_t writes() const { return vault.calls.size() + console.calls.size(); }
  void forget_calls();
  /// "phase target verb group principal result" of each row, empty parts left out.
  std::vector<std::string> audit(std::string const& phase) const;
};

std::vector<std::string> outcomes(Report const& report);  // "vault add ops ann: done"

}  // namespace dirsync::engine
