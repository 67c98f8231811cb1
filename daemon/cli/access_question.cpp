#include "daemon/cli/access_question.hpp"

#include <map>
#include <utility>

#include "sync/model/join.hpp"

namespace dirsync::cli {

std::string flaw_of_several(std::string const& group, std::string const& targets) {
  return "several targets have a group \"" + group + "\": " + targets + "; name one with --target";
}

Result<AskedGroup> asked_group(AccessQuestion const& question, config::Config const& config,
                               store::Intervals const& intervals) {
  auto found = intervals.find_groups(question.group, question.target, question.at);
  if (!found) return found.error();
  // A group that was deleted and made again is the last one.
  std::map<std::string, store::HeldGroup> by_target;
  for (auto& group : *found) {
    auto& last = by_target[group.target];
    if (last.number < group.number) last = std::move(group);
  }
  AskedGroup asked{.target = question.target, .name = question.group, .kept = std::nullopt};
  if (by_target.size() > 1) {
    auto const name = [](auto const& one) { return std::string_view{one.first}; };
    asked.flaw = flaw_of_several(question.group, join(by_target, ", ", name));
    return asked;
  }
  if (!by_target.empty()) {
    auto const& [target, group] = *by_target.begin();
    return AskedGroup{.target = target, .name = group.name, .kept = group};
  }
  if (!question.target.empty() && !config.targets.contains(question.target)) {
    asked.flaw = "no target \"" + question.target +
                 "\" is configured, and dirsyncd never had one of that name; `dirsyncd status` lists those "
                 "that are";
    return asked;
  }
  if (asked.target.empty() && config.targets.size() == 1) asked.target = config.targets.begin()->first;
  return asked;
}

}  // namespace dirsync::cli
