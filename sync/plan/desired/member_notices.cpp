#include "sync/plan/desired/member_notices.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

Notice of_unread(UnreadEntry const& entry, std::string const& directory, std::string const& group) {
  auto const tell = [&](char const* code, std::string const& rest) -> Notice {
    return {.code = code,
            .group = group,
            .principal = std::string{entry.dn},
            .text = group + " names \"" + printable(entry.dn) + "\" of directory " + directory + rest};
  };
  if (entry.kind == UnreadEntry::Kind::alias)
    return tell("alias", ", an alias, which is not followed; name the entry that it stands for");
  auto const of_class = ", of class " + entry.object_class;
  if (entry.kind == UnreadEntry::Kind::group)
    return tell("unread-class", of_class + ", which is not read as a group; add the class to groups.classes");
  return tell("unread-class",
              of_class +
                  ", which is read neither as a group nor as a person; if it has members in an "
                  "attribute of its own, name them in the group itself, else take the value out");
}

}  // namespace

bool MemberNotices::is_new(SourceTree const& tree, Snapshot const& in, std::string_view dn) {
  return told_.emplace(tree.rule->target, in.directory(), dn).second;
}

std::vector<Notice> MemberNotices::of(SourceTree const& tree, std::string const& group) {
  std::vector<Notice> notices;
  for (auto const& node : tree.nodes) {
    auto const& snapshot = *node.in;
    auto const two = std::ranges::lower_bound(snapshot.two_lists(), node.group, {}, &TwoLists::group);
    auto const& entry = node.entry();
    if (two == snapshot.two_lists().end() || two->group != node.group || !is_new(tree, snapshot, entry.dn))
      continue;
    notices.push_back(
        {.code = "two-lists",
         .group = group,
         .principal = std::string{entry.dn},
         .text = "\"" + printable(entry.dn) + "\" of directory " + snapshot.directory() +
                 " lists its members more than once, and the lists differ: " + two->difference +
                 "; remove the list that is wrong, or name those that count in groups.member_attributes"});
  }
  for (auto const& [value, in] : tree.unresolved) {
    auto const key = normalized_dn(without_optional_uid(value));
    auto const* const entry = key ? in->unread_by_dn(*key) : nullptr;
    if (entry != nullptr && is_new(tree, *in, entry->dn))
      notices.push_back(of_unread(*entry, in->directory(), group));
  }
  return notices;
}

}  // namespace dirsync::plan
