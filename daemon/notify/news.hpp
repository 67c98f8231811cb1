#pragma once
// What somebody who does not look is told: what is so at the end of a run, each once until it changes.
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sync/engine/report.hpp"

namespace dirsync::notify {

enum class Event { held, blocked, read_incomplete, failing, store_behind, chain_broken, frozen };
char const* to_text(Event event);  // "held", "read_incomplete": as in the configuration

struct News {
  Event event = Event::held;
  std::string subject;  // a plan's digest; "vault", or "vault: ops, ann"; a side
  std::string state;    // while this stays, it is the same news
  std::string text;     // for a person: what happened, and what to do next
  friend bool operator==(News const&, News const&) = default;
};

/// All that is so, in a fixed order.
struct Situation {
  std::vector<News> news;
  std::set<std::string> unread;  // targets of which nobody can say now what is so
  std::set<std::string>
      untried{};  // targets to which something is to be sent and was not, so nor whether it fails
};

/// After that run. Pure.
Situation situation_of(engine::Report const& report);

/// Thread: one at a time.
class Told {
 public:
  /// Those of `now` that were not so before, or were otherwise. What is so no more may be told again; what
  /// nobody can say now is taken to be as before.
  std::vector<News> fresh(Situation const& now);

 private:
  std::map<std::pair<Event, std::string>, std::string> states_;  // by event and subject
};

}  // namespace dirsync::notify
