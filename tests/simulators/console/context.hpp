#pragma once
// One request as its handler sees it, and what handlers share.
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulators/console/knobs.hpp"
#include "tests/simulators/console/sessions.hpp"
#include "tests/simulators/console/state.hpp"
#include "tests/simulators/server.hpp"

namespace dirsync::sim::console {

namespace json = boost::json;

struct Refusal {
  int status = 500;
  std::string text;  // goes into grpc-message and the body
  // With constructors, so that a lone number does not convert to one.
  Refusal() = default;
  Refusal(int http_status, std::string why) : status{http_status}, text{std::move(why)} {}
};

inline Refusal not_found() { return {404, "No records found"}; }

template <class T>
using Checked = boost::system::result<T, Refusal>;

/// The body of a 200; null stands for an answer without a body.
using Reply = Checked<json::value>;

struct Context {
  Request const& request;
  std::int64_t now = 0;  // milliseconds since 1970
  std::string id{};      // {id} of the path
  json::object body{};   // of a write
  std::string caller{};  // user id; empty on paths that need no login
  std::string org{};     // current organization
  // Set by handlers.
  bool changed = false;              // the state is another now
  std::vector<std::string> marks{};  // counted apart, see README-console.md
};

/// What the server holds. Handlers read `seen`, and change the state through `edit` once nothing can go
/// wrong.
class Model {
 public:
  Model(Knobs initial_knobs, State state) : knobs{std::move(initial_knobs)}, state_{std::move(state)} {}

  Knobs knobs;
  Sessions sessions;

  State const& state() const { return state_; }
  void replace(State state);
  /// The state of `stale_reads_ms` ago.
  State const& seen(std::int64_t now) const;
  State& edit(std::int64_t now);

 private:
  struct Past {
    std::int64_t until;
    State state;
  };
  State state_;
  std::deque<Past> past_;
};

}  // namespace dirsync::sim::console
