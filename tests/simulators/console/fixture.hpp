#pragma once
// A running ConsoleSim without sockets, and a logged-in caller.
#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "tests/simulators/console/console_sim.hpp"

namespace dirsync::sim {

class ConsoleFixture : public testing::Test {
 protected:
  struct Got {
    int status = 0;
    json::value body;     // null when it is not JSON
    std::string text;     // the body as it came
    std::string message;  // grpc-message
  };

  /// Starts over and logs the service user in.
  void start(std::string_view state = "{}", ConsoleSim::Options options = {});
  void knob(std::string_view name, std::string_view value);
  void edit(std::string_view edits);
  void faults(std::string_view rules);

  Got get(std::string_view target) { return call("GET", target); }
  Got call(std::string_view method, std::string_view target, std::string_view body = {});
  /// With these headers and no others.
  Got bare(std::string_view method, std::string_view target, Fields headers, std::string_view body = {});
  Got log_in(std::string_view user, std::string_view password, std::string_view domain = {});

  std::int64_t mark(std::string const& name) const;
  json::object stored_user(std::string_view name) const;
  json::object stored_group(std::string_view name) const;
  std::string user_path(std::string_view name) const;
  std::string group_path(std::string_view name) const;
  /// The body of a PUT that would leave the user as it is, with `changes` over it.
  std::string user_update(std::string_view name, json::object const& changes = {}) const;
  std::string group_update(std::string_view name, json::object const& changes = {}) const;

  std::chrono::system_clock::time_point now_{std::chrono::seconds{1'700'000'000}};
  std::unique_ptr<ConsoleSim> sim_;
  std::string token_;
  std::string org_;  // sent as x-current-org-id, unless empty

 private:
  json::object stored(std::string_view list, std::string_view key, std::string_view name) const;
};

/// `{"a":[{"b":"x"}]}` read as texts(body, "a", "b") gives {"x"}.
std::vector<std::string> texts(json::value const& body, std::string_view list, std::string_view key);

}  // namespace dirsync::sim
