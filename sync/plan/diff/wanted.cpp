#include "sync/plan/diff/wanted.hpp"

#include <algorithm>

#include "sync/model/text.hpp"
#include "sync/plan/diff/change_time.hpp"

namespace dirsync::plan {
namespace {

/// Why nobody can tell whether the member's account is usable; with a bridge, on either side. Empty: it is.
std::string unclear_account(Context const& context, DesiredGroup const& group, DesiredMember const& member) {
  auto const check = [&context](PersonRef const& ref) -> std::string {
    auto const& unclear = context.desired.accounts.at(ref.view->name).unclear;
    auto const doubt = unclear.find(ref.person);
    return doubt == unclear.end() ? "" : std::string{ref.entry().dn} + " " + doubt->second;
  };
  auto const& tree = tree_of(group, member);
  auto doubt = check(ref_of(group, member));
  if (!doubt.empty() || tree.bridge == nullptr) return doubt;
  auto const group_side = tree.crossed[member.way].group_side;
  return group_side ? check({tree.directory, *group_side}) : std::string{};
}

void add_entries(EntrySet& entries, Identities const& identities, PersonRef const& person) {
  entries.insert(person.entry().id.value());
  for (auto const& ref : identities.joined(person)) entries.insert(ref.entry().id.value());
}

/// A user whom two people fit is given nothing, and keeps what it has. The one with the smaller id stands for
/// both, in whatever order they were read.
void keep_one_of_namesakes(Context const& context, DesiredGroup const& group, Wanted& wanted) {
  auto const order = [&group](WantedUser const& one) {
    return std::pair{one.user, std::string_view{entry_of(group, *one.member).id.value()}};
  };
  std::ranges::sort(wanted.users, {}, order);
  auto const same_user = [](WantedUser const& one, WantedUser const& other) {
    return one.user == other.user;
  };
  for (auto first = wanted.users.begin(); first != wanted.users.end();) {
    auto next = std::next(first);
    for (; next != wanted.users.end() && same_user(*first, *next); ++next) {
      first->is_shared = true;
      auto const& name = context.user(next->user).name;
      add_entries(wanted.unclear, context.identities(), ref_of(group, *next->member));
      wanted.notices.push_back({.code = "ambiguous",
                                .group = "",
                                .principal = name,
                                .text = std::string{entry_of(group, *next->member).dn} + " and " +
                                        std::string{entry_of(group, *first->member).dn} +
                                        " fit the same user, so that it is given nothing; correct one of "
                                        "their names",
                                .dn = std::string{entry_of(group, *next->member).dn}});
    }
    first = next;
  }
  auto const rest = std::ranges::unique(wanted.users, same_user);
  wanted.users.erase(rest.begin(), rest.end());
}

void add_person(Context const& context, DesiredGroup const& group, DesiredMember const& member,
                Matches& matches, Wanted& wanted) {
  auto const person = ref_of(group, member);
  auto const dn = [&person] { return std::string{person.entry().dn}; };
  auto const leave = [&wanted, &context, &person](Notice why) {
    add_entries(wanted.unclear, context.identities(), person);
    wanted.notices.push_back(std::move(why));
  };
  add_entries(wanted.entries, context.identities(), person);
  // Neither given anything nor parted from what they have.
  if (auto const doubt = unclear_account(context, group, member); !doubt.empty())
    return leave({.code = "unclear-account", .group = "", .principal = dn(), .text = doubt});
  auto const& match = matches.of(group, member);
  switch (match.kind) {
    case Match::Kind::user:
      wanted.users.push_back({match.user, &member, match.by});
      return;
    case Match::Kind::provision:
      wanted.newcomers.push_back({&member, &match});
      return;
    case Match::Kind::waiting:
      wanted.notices.push_back(
          {.code = "waiting", .group = "", .principal = match.name, .text = match.text, .dn = dn()});
      return;
    case Match::Kind::ambiguous:
      wanted.unclear_names.insert(fold_case(match.name));
      return leave({.code = "ambiguous",
                    .group = "",
                    .principal = match.name,
                    .text = dn() + ": " + match.text,
                    .dn = dn()});
    case Match::Kind::several_values: {
      auto const& tree = tree_of(group, member);
      for (auto const& name : tree.names->names_of(member.person))
        wanted.unclear_names.insert(fold_case(name));
      return leave({.code = "several-values", .group = "", .principal = dn(), .text = match.text});
    }
    case Match::Kind::unnamed:
      return leave({.code = "unnamed", .group = "", .principal = dn(), .text = match.text});
  }
}

/// Whom a value may mean that several entries bear, but for those who may have nothing anyway.
void add_unclear(Context const& context, SourceTree const& tree, Wanted& wanted) {
  auto const& disabled = context.desired.accounts.at(tree.people->name).disabled;
  for (auto const person : tree.perhaps) {
    PersonRef const ref{tree.people, person};
    if (disabled[person] || tree.excludes(person)) continue;
    add_entries(wanted.unclear, context.identities(), ref);
  }
}

}  // namespace

Match const& Matches::of(DesiredGroup const& group, DesiredMember const& member) {
  auto const& tree = tree_of(group, member);
  auto& matches = by_names_[tree.names];
  if (matches.empty()) matches.resize(tree.names->names.size());
  auto& match = matches[member.person];
  if (!match) {
    NamedPerson const person{{tree.people, tree.names}, member.person, &tree.member_name->text()};
    match = std::make_unique<Match const>(match_user(context_.match, person, context_.book));
  }
  return *match;
}

Match const* Matches::known(NameBook const* names, PersonIndex person) const {
  auto const matches = by_names_.find(names);
  return matches == by_names_.end() ? nullptr : matches->second[person].get();
}

bool contains_any(EntrySet const& entries, EntryId const& person) {
  return std::ranges::any_of(parts_of(person),
                             [&entries](EntryId const& id) { return entries.contains(id.value()); });
}

DesiredMember const* Wanted::find(std::uint32_t user) const {
  auto const found = std::ranges::lower_bound(users, user, {}, &WantedUser::user);
  return found == users.end() || found->user != user ? nullptr : found->member;
}

Wanted wanted_in(Context const& context, DesiredGroup const& group, Matches& matches) {
  Wanted wanted;
  wanted.sources_changed = last_change_of_sources(group);
  if (group.rule().as == MembersAs::group) {
    for (auto const& tree : group.trees) wanted.entries.insert(tree.source().id.value());
    for (auto const& member : group.members)
      add_entries(wanted.behind, context.identities(), ref_of(group, member));
    return wanted;
  }
  wanted.users.reserve(group.members.size());
  wanted.entries.reserve(group.members.size());
  for (auto const& member : group.members) add_person(context, group, member, matches, wanted);
  for (auto const& tree : group.trees) add_unclear(context, tree, wanted);
  keep_one_of_namesakes(context, group, wanted);
  return wanted;
}

}  // namespace dirsync::plan
