#pragma once
// The fate of changes that were announced and whose outcome nobody recorded.
#include <boost/asio/awaitable.hpp>
#include <map>
#include <string>
#include <vector>

#include "sync/engine/setup.hpp"

namespace dirsync::engine {

/// What an interrupted change came to, by the fresh read and, where that does not list the group or the
/// member, by a look at the group alone.
struct Fate {
  Outcome outcome = Outcome::unknown;  // done, failed, or unknown: nobody can tell so far
  std::string words;                   // one sentence for the audit trail
  Change change;                       // with the group's id and, where it was provisioned, the member's
  std::vector<Stranger> strangers;     // who may have been let in instead
};

/// A group that was to be created is ours only when it bears the mark that dirsyncd gives its groups; a
/// change by hand makes nothing ours. A group that the read does not list may be hidden: only the target's
/// own word says that it is gone. `ours`: in that target.
boost::asio::awaitable<Fate> fate_of(Change change, Target& target, Observed const& observed,
                                     Managed const& ours);

/// `managed` as it is once `change` was made.
void overlay(Managed& managed, Change const& change);

}  // namespace dirsync::engine
