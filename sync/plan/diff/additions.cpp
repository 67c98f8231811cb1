#include "sync/plan/diff/additions.hpp"

#include <algorithm>

#include "sync/plan/diff/change_time.hpp"

namespace dirsync::plan {
namespace {

/// "cn=a,... > uid=x,..."; with a bridge "cn=a,... > uid=x,... = uid=y,o=hr (employeeNumber 17)".
std::string path_of(DesiredGroup const& group, DesiredMember const& member) {
  auto const& tree = tree_of(group, member);
  auto const& entry = entry_of(group, member);
  auto const down_to = [&tree, node = node_of(tree, member)](std::string_view end) {
    return path_text(tree.nodes, node, end);
  };
  if (tree.bridge == nullptr) return down_to(entry.dn);
  auto const& crossed = tree.crossed[member.way];
  return (crossed.group_side ? down_to(tree.directory->snapshot->people()[*crossed.group_side].dn)
                             : down_to("memberUid " + std::string{crossed.uid})) +
         " = " + std::string{entry.dn} + " (" + tree.bridge->key_text(member.person) + ")";
}

std::string why_added(DesiredGroup const& group, DesiredMember const& member) {
  auto const& tree = tree_of(group, member);
  auto const source = std::string{tree.source().dn};
  auto const node = node_of(tree, member);
  if (node == 0) return "member of " + source;
  return "member of " + source + " through nested group " + std::string{tree.nodes[node].entry().dn};
}

/// As an address book shows them; the name itself where the entry tells nothing else.
NewUser new_user_of(Entry const& entry, std::string const& name) {
  auto const first_of = [&entry, &name](std::initializer_list<char const*> attributes) {
    for (auto const* attribute : attributes)
      if (auto const values = entry.values(attribute); !values.empty()) return std::string{values.front()};
    return name;
  };
  return {first_of({"displayname", "cn"}), first_of({"mail"})};
}

/// Groups and people are read one after the other. A value that names a DN which another entry had in the
/// last read may still mean that one, unless nothing changed meanwhile; the next read tells.
std::optional<Notice> may_mean_another(Context const& context, DesiredGroup const& desired,
                                       DesiredMember const& member) {
  auto const& tree = tree_of(desired, member);
  auto const& view = tree.bridge == nullptr ? *tree.people : *tree.directory;
  auto const person =
      tree.bridge == nullptr ? std::optional{member.person} : tree.crossed[member.way].group_side;
  // Two directories are never read at one moment.
  if (!person || !(tree.is_branch || view.snapshot->certificate().may_have_changed)) return std::nullopt;
  auto const& entry = view.snapshot->people()[*person];
  auto const* const known = context.book.known_as_or_ask(view.name, std::string{entry.normalized_dn});
  if (known == nullptr || known->id == entry.id) return std::nullopt;
  auto const dn = std::string{entry.dn};
  return Notice{.code = "waiting",
                .group = desired.name,
                .principal = dn,
                .text = dn +
                        " was another entry at the last read, "
                        "and the directory may have changed during this one; "
                        "added when the next read shows them in the group as well"};
}

/// Why nothing is given to that person, by whatever name the target calls them.
Notice about(DesiredGroup const& desired, DesiredMember const& wanted, Notice why) {
  why.dn = std::string{entry_of(desired, wanted).dn};
  return why;
}

Change addition(Context const& context, DesiredGroup const& desired, DesiredMember const& wanted,
                WritableMember const& member, MatchedBy by) {
  auto change = member_change(context, Verb::add, member, tree_of(desired, wanted).rule->name);
  change.dn = std::string{entry_of(desired, wanted).dn};
  change.id = context.identities().id_of(ref_of(desired, wanted));
  change.path = path_of(desired, wanted);
  change.why = why_added(desired, wanted);
  change.matched = by;
  change.changed_at = named_since(desired, wanted);
  return change;
}

}  // namespace

GroupDraft additions(Context const& context, DesiredGroup const& desired, WritableGroup const& group,
                     Wanted const& wanted) {
  GroupDraft draft;
  auto const add = [&draft](Change change) { draft.changes.push_back({.change = std::move(change)}); };
  for (auto const& [user, member, by, is_shared] : wanted.users) {
    if (is_shared || std::ranges::binary_search(group.read().users, user)) continue;
    auto const writable = context.hands_off.user_to_add(group, context.user(user));
    if (auto doubt = may_mean_another(context, desired, *member))
      draft.notices.push_back(*std::move(doubt));
    else if (!writable)
      draft.notices.push_back(about(desired, *member, writable.error()));
    else
      add(addition(context, desired, *member, *writable, by));
  }
  for (auto const& [member, match] : wanted.newcomers) {
    if (auto doubt = may_mean_another(context, desired, *member)) {
      draft.notices.push_back(*std::move(doubt));
      continue;
    }
    auto const newcomer = context.hands_off.newcomer(group, match->name, "");
    if (!newcomer) {
      draft.notices.push_back(about(desired, *member, newcomer.error()));
      continue;
    }
    auto change = addition(context, desired, *member, *newcomer, MatchedBy::new_user);
    change.domain = match->domain;
    if (context.target.traits.refuse_user_name) {
      change.new_user = new_user_of(entry_of(desired, *member), match->name);
      change.why += "; no such user yet: one is created, a local login with a password of its own";
    }
    add(std::move(change));
  }
  return draft;
}

}  // namespace dirsync::plan
