#pragma once
// A change that is due, for the person and the group that `why` is asked about. Pure.
#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "daemon/cli/access_facts.hpp"

namespace dirsync::cli {

/// Of the group's target in the document of the run's plan; empty where it had no part.
boost::json::object const& target_plan(AccessFacts const& facts);

/// What the run planned for the person there and did not do; null: nothing. Lives as long as `facts`.
boost::json::object const* due_change(AccessFacts const& facts, std::string_view verb);

struct Standing {
  std::string code, text;  // code: as Decision::code
};
/// Why that change was not made, and what it waits for; `what`: in words, "the addition".
Standing standing_of(AccessFacts const& facts, boost::json::object const& change, std::string const& what);

}  // namespace dirsync::cli
