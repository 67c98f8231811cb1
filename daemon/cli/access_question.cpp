#include "daemon/cli/access_question.hpp"

#include <map>
#include <utility>

#include "daemon/cli/context.hpp"
#include "sync/model/join.hpp"

namespace dirsync::cli {

Result<std::optional<AskedGroup>> asked_group(Arguments const& arguments, config::Config const& config,
                                              store::Intervals const& intervals, std::optional<Time> at) {
  auto found = intervals.find_groups(arguments.group, arguments.target, at);
  if (!found) return found.error();
  // A group that was deleted and made again is the last one.
  std::map<std::string, store::HeldGroup> by_target;
  for (auto& group : *found) {
    auto& last = by_target[group.target];
    if (last.number < group.number) last = std::move(group);
  }
  if (by_target.size() > 1) {
    auto const name = [](auto const& one) { return std::string_view{one.first}; };
    print_error(arguments, "usage",
                "several targets have a group \"" + arguments.group + "\": " + join(by_target, ", ", name) +
                    "; name one with --target");
    return std::optional<AskedGroup>{};
  }
  if (!by_target.empty()) {
    auto const& [target, group] = *by_target.begin();
    return AskedGroup{target, group.name, group};
  }
  if (!arguments.target.empty() && !config.targets.contains(arguments.target)) {
    print_error(arguments, "usage",
                "no target \"" + arguments.target +
                    "\" is configured, and dirsyncd never had one of that name; "
                    "`dirsyncd status` lists those that are");
    return std::optional<AskedGroup>{};
  }
  auto const only = config.targets.size() == 1 ? config.targets.begin()->first : std::string{};
  return AskedGroup{arguments.target.empty() ? only : arguments.target, arguments.group, std::nullopt};
}

}  // namespace dirsync::cli
