#pragma once
// What both simulators share: control paths below /_sim/, faults, journal and counters.
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulators/common.hpp"
#include "tests/simulators/faults.hpp"

namespace dirsync::sim {

/// One request, as it was seen and answered.
struct Call {
  std::int64_t seq = 0;                      // from 1
  std::chrono::system_clock::time_point at;  // when the request was complete
  std::string method, target, path, route;
  int status = 0;                  // of the answer as sent, or as it would have been sent
  std::string caller;              // user name; empty before the logon
  bool write = false;              // asks to change groups, members or users
  bool changed = false;            // did change the state
  std::string body;                // of writes only: session calls carry passwords
  std::string fault;               // name of the rule that acted
  std::vector<std::string> marks;  // what else is counted about it
};

struct Counters {
  std::int64_t requests = 0, writes = 0, changes = 0, logons = 0;
  std::int64_t answer_bytes = 0;  // of bodies, before they are compressed
  std::map<std::string, std::int64_t> by_route;
  std::map<int, std::int64_t> by_status;
  std::map<std::string, std::int64_t> by_mark;  // in JSON beside `requests`, not below a key
};

/// Base of a simulator. Its public functions may be called from any thread.
class Simulator {
 public:
  virtual ~Simulator() = default;
  Simulator(Simulator const&) = delete;
  Simulator& operator=(Simulator const&) = delete;

  Response handle(Request const& request);

  std::vector<Call> journal() const;
  Counters counters() const;
  void forget_calls();  // empties journal and counters
  json::value state() const;
  // Each returns what is wrong, or nothing.
  std::optional<std::string> replace_state(json::value const& state);
  std::optional<std::string> replace_faults(json::value const& rules);
  std::optional<std::string> edit(json::value const& edit_or_list);

 protected:
  Simulator() = default;

  /// What the simulator knows of a request before it acts.
  struct Route {
    std::string name;  // "" when there is none such
    bool write = false;
    bool logon = false;
  };
  struct Answer {
    Response response;
    std::string caller;
    bool changed = false;
    std::vector<std::string> marks{};
  };

  // Called under the lock.
  virtual Route route_of(Request const& request) const = 0;
  virtual Answer answer(Request const& request) = 0;
  virtual json::value dump_state() const = 0;
  virtual std::optional<std::string> load_state(json::value const& state) = 0;
  /// One edit; its "op" says which.
  virtual std::optional<std::string> do_edit(json::object const& edit) = 0;
  /// Whether no careful client would send such a path; each is counted as `unfit_paths`.
  virtual bool is_unfit(std::string_view path) const { return leads_elsewhere(path); }
  /// Adds figures of its own to GET /_sim/counters.
  virtual void add_counters(json::object&) const {}

 private:
  Response control(Request const& request);
  Response answer_call(Request const& request);
  std::optional<std::string> run_edits(json::value const& edits);
  json::value counters_json() const;
  json::value journal_json() const;

  mutable std::mutex mutex_;
  FaultTable faults_;
  std::vector<Call> journal_;
  Counters counters_;
};

}  // namespace dirsync::sim
