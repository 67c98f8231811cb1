#include "sync/plan/desired/unresolved_notice.hpp"

#include "sync/model/counted.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

constexpr std::size_t kShown = 3, kLongest = 100;

struct Found {
  std::size_t count = 0;
  std::string examples;
  std::vector<std::string_view> groups;  // DNs of those in which the values stand
};

void add_values(SourceTree const& tree, Node const& node, Found& found) {
  if (tree.bridge != nullptr) return;
  auto const before = found.count;
  for (auto const value : node.in->members(node.group).unresolved) {
    if (found.count++ >= kShown) continue;
    found.examples += (found.examples.empty() ? "\"" : ", \"") + printable(value, kLongest) + "\"";
  }
  if (found.count > before) found.groups.push_back(node.entry().dn);
}

std::string names_of(std::vector<std::string_view> const& groups) {
  std::string names;
  for (auto const group : std::span{groups}.first(std::min(groups.size(), kShown)))
    names += (names.empty() ? "" : " and ") + printable(group);
  return names + (groups.size() > kShown
                      ? " and " + number_of(groups.size() - kShown, "more group", "more groups")
                      : "");
}

}  // namespace

std::optional<Notice> unresolved_notice(DesiredGroup const& group) {
  Found found;
  std::set<std::pair<Snapshot const*, GroupIndex>> seen;  // sources may have nested groups in common
  for (auto const& tree : group.trees)
    for (auto const& node : tree.nodes)
      if (seen.emplace(node.in, node.group).second) add_values(tree, node, found);
  if (found.count == 0) return std::nullopt;
  auto const one = found.count == 1;
  return Notice{.code = "unresolved",
                .group = group.name,
                .principal = "",
                .text = std::to_string(found.count) + (one ? " member value of " : " member values of ") +
                        names_of(found.groups) + (one ? " names" : " name") +
                        " nobody and no group that was read: " + found.examples +
                        (found.count > kShown ? ", ..." : "") + "; correct " + (one ? "it" : "them") +
                        " in the directory, or widen users.base, groups.base and their filters"};
}

}  // namespace dirsync::plan
