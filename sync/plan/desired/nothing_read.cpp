#include "sync/plan/desired/nothing_read.hpp"

#include <algorithm>
#include <span>

#include "sync/model/bound_filter.hpp"
#include "sync/model/counted.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

constexpr char const* kAllowed = ", or set allow_empty = true in the rule if it may be so";

std::string quoted(std::string_view text) { return "\"" + printable(text) + "\""; }

NothingRead made(char const* code, std::string text, Rule const& rule, std::uint64_t count) {
  NothingRead made;
  made.reason = {.code = code,
                 .text = std::move(text),
                 .target = rule.target,
                 .rule = rule.name,
                 .group = "",
                 .count = static_cast<std::int64_t>(count),
                 .allowed = std::nullopt,
                 .holds = false,
                 .fails = true};
  made.rules = {rule.name};
  return made;
}

std::string selection_in_words(Rule const& rule) {
  if (auto const* matching = std::get_if<MatchingGroups>(&rule.selection))
    return "groups = " + quoted(matching->filter);
  if (auto const* below = std::get_if<GroupsBelow>(&rule.selection))
    return "members_of = " + quoted(below->dn);
  auto const& dns = std::get<NamedGroups>(rule.selection).dns;
  return "dn = [" + join(dns, ", ", [](std::string const& dn) { return quoted(dn); }) + "]";
}

/// Tests of the rule's filter that fit no entry: they are why, where there is one.
std::string undefined_in(Rule const& rule, Schema const& schema) {
  auto const* const matching = std::get_if<MatchingGroups>(&rule.selection);
  if (matching == nullptr) return "";
  auto const filter = Filter::parse(matching->filter);
  if (!filter) return "";
  auto const bound = BoundFilter::bind(*filter, schema);
  if (!bound || bound->undefined_parts().empty()) return "";
  return ". " + join(bound->undefined_parts(), "; ");
}

std::string beside(Census const* census) { return census == nullptr ? "" : ". " + in_words(*census); }

}  // namespace

NothingRead no_source(Rule const& rule, DirectoryView const& view) {
  auto const groups = view.snapshot->groups();
  auto text = "rule " + rule.name + ": " + selection_in_words(rule) + " selects none of the " +
              number_of(groups.size(), "group that was", "groups that were") + " read of directory " +
              view.name;
  if (!groups.empty()) text += ", such as " + quoted(groups.front().dn);
  text += undefined_in(rule, view.snapshot->schema()) + beside(view.snapshot->beside_groups()) +
          ". Correct the rule, or groups.base and groups.filter of the directory" + kAllowed;
  return made("no-source", std::move(text), rule, groups.size());
}

NothingRead no_people(Rule const& rule, DirectoryView const& view) {
  auto const& snapshot = *view.snapshot;
  auto text = "no person was found in directory " + view.name + ", whose " +
              number_of(snapshot.groups().size(), "group has ", "groups have ") +
              number_of(snapshot.value_count(), "member value", "member values");
  if (auto const example = snapshot.example_unresolved(); !example.empty())
    text += ", such as " + quoted(example);
  text +=
      beside(snapshot.beside_people()) + ". Correct users.base or users.filter of the directory" + kAllowed;
  auto nothing = made("no-people", std::move(text), rule, 0);
  nothing.reason.rule.clear();
  return nothing;
}

NothingRead nobody_in(Rule const& rule, std::vector<NobodyIn> const& groups, std::string const& people) {
  constexpr std::size_t kShown = 3;
  auto const shown = std::span{groups}.first(std::min(kShown, groups.size()));
  auto text = "rule " + rule.name + ": no value names a person of directory " + people + " in " +
              join(shown, ", ", [](NobodyIn const& one) {
                return printable(one.group) + " (" + number_of(one.values, "value", "values") + ", such as " +
                       quoted(one.example) + ")";
              });
  if (groups.size() > kShown)
    text += " and " + number_of(groups.size() - kShown, "more group", "more groups");
  text += ". Correct the members, or users.base and users.filter of the directory";
  auto nothing = made("nobody", std::move(text) + kAllowed, rule, groups.size());
  if (groups.size() == 1) nothing.reason.group = groups.front().group;
  for (auto const& one : groups) nothing.groups.insert(one.group);
  return nothing;
}

NothingRead no_names(Rule const& rule, std::uint64_t selected, std::string const& example) {
  auto text = "rule " + rule.name + ": none of the " + number_of(selected, "group", "groups") +
              " that it selects gets a name that can be used. The first: " + example;
  return made("no-names", std::move(text), rule, selected);
}

}  // namespace dirsync::plan
