#pragma once
#include <boost/json/fwd.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/net/certificates.hpp"
#include "tests/support/process/process.hpp"

namespace dirsync::test {

/// By group name, who is in it: names as the target writes them.
using Memberships = std::map<std::string, std::set<std::string>>;

/// A simulator as a process of its own, driven over its control paths (tests/simulators/README.md).
/// Throws std::runtime_error.
class SimulatorProcess {
 public:
  enum class Kind { vault, console };
  /// `options`: words of the command line that choose a release and its knobs; none: pam-14.4 or doc-2.0.2.
  SimulatorProcess(Kind kind, std::filesystem::path const& folder, CertificateFiles const& certificates,
                   std::string const& state, std::vector<std::string> options = {});

  /// Ends it and starts it again at the same port with what it then holds; sessions and faults are gone.
  void restart();
  std::string url() const;
  std::uint16_t port() const { return port_; }
  /// GET /_sim/WHAT: counters, journal, state.
  boost::json::value get(std::string const& what) const;
  void replace_faults(std::string const& rules) const;
  void edit(std::string const& edits) const;
  void put_state(std::string const& state) const;
  void forget_calls() const;

  std::int64_t requests() const;
  std::int64_t writes() const;
  Memberships memberships() const;

 private:
  boost::json::value call(std::string const& method, std::string const& what, std::string const& body) const;

  void start(std::string const& state);

  Kind kind_;
  std::filesystem::path folder_, ca_file_, state_file_;
  std::vector<std::string> words_;
  std::optional<Process> process_;
  std::uint16_t port_ = 0;
};

}  // namespace dirsync::test
