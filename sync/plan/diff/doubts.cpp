#include "sync/plan/diff/doubts.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

void find_lost_groups(Context const& context, DesiredGroup const& group, GroupDoubts& doubts) {
  for (auto const& tree : group.trees)
    for (auto const& [value, in] : tree.unresolved) {
      auto const& lost = context.unresolved.at(in->directory()).lost_groups;
      auto const dn = lost.empty() ? std::nullopt : normalized_dn(without_optional_uid(value));
      auto const found = dn ? lost.find(*dn) : lost.end();
      if (found != lost.end()) doubts.lost_groups.emplace(std::pair{in->directory(), *dn}, found->second);
    }
}

void find_lost_sources(Context const& context, DesiredGroup const& group, ManagedGroup const& managed,
                       GroupDoubts& doubts) {
  auto const is_fed_by = [&group](EntryId const& id) {
    return std::ranges::any_of(group.trees, [&id](auto const& tree) { return tree.source().id == id; });
  };
  for (auto const& source : managed.sources) {
    if (is_fed_by(source)) continue;
    auto const lost = !source_is_there(context.input, source) &&
                      !absence_of_group(context, group.rule().directory, source).confirmed;
    if (lost || context.desired.unnamed_sources.contains(source)) doubts.lost_sources.push_back(source);
  }
}

/// The entry that had the DN at the last read, in the directory whose group names it or in one below whose
/// base it lies.
KnownEntry const* known_somewhere(Context const& context, DirectoryView const& own, std::string const& dn) {
  auto const& facts = context.book.facts();
  if (auto const* const known = known_as(facts, own.name, dn)) return known;
  for (auto const* other : others_with(context.input.views, own, dn))
    if (auto const* const known = known_as(facts, other->name, dn)) return known;
  return nullptr;
}

/// Somebody who moved between two searches, or whose user name is hidden, looks like somebody who left. So do
/// the people of a nested group that moved, and whoever a value named until somebody else came to bear their
/// name. A value that has long named nobody says nothing of who leaves now.
void note_young(Context const& context, SourceTree const& tree, Node const& node, std::string_view value,
                GroupDoubts& doubts) {
  auto const& view = context.input.views.at(node.in->directory());
  auto const dn = normalized_dn(without_optional_uid(value));
  auto const* const known = dn ? known_somewhere(context, view, *dn) : nullptr;
  if (known != nullptr && !known->is_group) doubts.named_before.insert(known->id);
  // A bridge looks user names up elsewhere and has doubts of its own.
  auto const is_user = !dn && tree.bridge == nullptr;
  doubts.names_users = doubts.names_users || is_user;
  // A DN elsewhere is nobody's who was to be read here.
  auto const ours = is_user || (dn && is_below(*dn, view.normalized_base));
  if (known == nullptr && ours && node.in->certificate().may_have_changed) doubts.may_have_changed = true;
  if (doubts.young_value.empty() && (dn || is_user))
    doubts.young_value = std::string{node.entry().dn} + " names \"" + printable(value, 100) +
                         "\", which is nobody and no group that was read, and was not so at the last read";
}

/// How long it has been so says nothing: a search that an access rule stops finds nobody for ever.
void note_hidden_members(SourceTree const& tree, GroupDoubts& doubts) {
  std::set<Snapshot const*> directories;
  for (auto const& node : tree.nodes) directories.insert(node.in);
  for (auto const* const in : directories)
    for (auto const& damage : in->damages()) {
      if (!damage.hides_members || !doubts.hidden_members.empty()) continue;
      auto const is_it = [in, &damage](Node const& node) {
        return node.in == in && node.group == damage.number;
      };
      if (std::ranges::any_of(tree.nodes, is_it))
        doubts.hidden_members = std::string{entry_of(*in, damage).dn} + " " + damage.what;
    }
}

void note_values(Context const& context, SourceTree const& tree, Node const& node, GroupDoubts& doubts) {
  for (auto const value : node.in->members(node.group).unresolved)
    if (auto dn = normalized_dn(without_optional_uid(value))) doubts.nobodys_dns.insert(*std::move(dn));
  auto const& young = context.unresolved.at(node.in->directory()).young;
  auto const found = young.find(node.group);
  if (found == young.end()) return;
  for (auto const value : found->second) note_young(context, tree, node, value, doubts);
}

/// Of a bridge that does not lead to the person any more.
std::string doubt_of_bridge(SourceTree const& tree, std::span<PersonRef const> entries) {
  for (auto const& ref : entries) {
    if (ref.view != tree.people || tree.excludes(ref.person)) continue;
    if (auto const why = tree.bridge->doubt(ref.person, tree.all_crossed); !why.empty())
      return "no longer joined to a member of " + std::string{tree.source().dn} + ", and " + why;
  }
  return {};
}

}  // namespace

GroupDoubts doubts_of(Context const& context, DesiredGroup const& group, ManagedGroup const* managed) {
  GroupDoubts doubts;
  find_lost_groups(context, group, doubts);
  if (managed != nullptr) find_lost_sources(context, group, *managed, doubts);
  for (auto const& tree : group.trees) {
    if (tree.is_branch) continue;  // its nodes are those of the tree before it
    note_hidden_members(tree, doubts);
    for (auto const& node : tree.nodes) note_values(context, tree, node, doubts);
  }
  return doubts;
}

std::string doubt_about(Context const& context, DesiredGroup const& group, GroupDoubts const& doubts,
                        std::span<PersonRef const> entries, std::string const& last_dn) {
  if (!doubts.hidden_members.empty()) return doubts.hidden_members;
  auto const sources = source_names(group);
  for (auto const& tree : group.trees)
    for (auto const* view : {tree.directory, tree.people})
      if (context.book.facts().other_server.contains(view->name))
        return "directory " + view->name +
               " was read from another server than the last time, which may lag behind";
  if (doubts.may_have_changed)
    return sources +
           " or a group in it names somebody who was not read, and the directory may have changed meanwhile";
  if (auto const dn = normalized_dn(last_dn); dn && !dn->empty() && doubts.nobodys_dns.contains(*dn))
    return last_dn + ", to which it was granted, is still named in " + sources;
  for (auto const& ref : entries) {
    auto const dn = std::string{ref.entry().dn};
    if (doubts.named_before.contains(ref.entry().id))
      return dn + " is still named in " + sources + ", by the DN that it had";
    if (doubts.names_users && ref.entry().values("uid").empty())
      return dn + " shows no uid, and " + sources + " names users who are nobody";
  }
  for (auto const& tree : group.trees)
    if (tree.bridge != nullptr)
      if (auto why = doubt_of_bridge(tree, entries); !why.empty()) return why;
  return doubts.young_value;
}

Absence count_doubt(Context const& context, GroupDoubts const& doubts, std::string const& directory,
                    AbsenceKey const& key) {
  // Not counted meanwhile: another doubt that stands when it is mended begins then.
  if (!doubts.hidden_members.empty()) return {false, "nobody is taken out for that until it is mended"};
  return context.book.count(directory, key);
}

}  // namespace dirsync::plan
