#pragma once
// How `dirsyncd console` shows groups: as JSON, and for people.
#include <boost/json.hpp>
#include <optional>
#include <string>

#include "daemon/cli/arguments.hpp"
#include "sync/console/by_hand/group_admin.hpp"
#include "sync/model/strong.hpp"

namespace dirsync::cli {

/// What a command ends with.
struct ConsoleAnswer {
  boost::json::object document;
  std::string text;
  int exit_code = 0;
};

ConsoleAnswer list_answer(std::string const& target, ConsoleArguments const& asked,
                          console::GroupList const& list);
ConsoleAnswer group_answer(std::string const& target, console::GroupDetails const& details);
ConsoleAnswer users_answer(std::string const& target, console::GroupDetails const& details);
/// `run`: under which the change stands in the audit trail; none when nothing was sent.
ConsoleAnswer change_answer(Settled const& settled, std::optional<RunId> run);

}  // namespace dirsync::cli
