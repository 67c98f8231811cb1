#include "sync/plan/desired/crossing.hpp"

#include "sync/model/dn.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {

namespace {

template <class Person>
void add_all(std::vector<PersonIndex>& people, Person const& more) {
  people.insert(people.end(), more.begin(), more.end());
}

/// "uid=a,... and uid=b,..."
std::string dns_of(Snapshot const& snapshot, std::span<PersonIndex const> people) {
  return join(people, " and ",
              [&snapshot](PersonIndex person) { return std::string{snapshot.people()[person].dn}; });
}

/// Of a memberUid value that several entries of the groups' directory bear: whom these lead to.
Bridge::Crossing cross_shared(SourceTree const& tree, std::span<PersonIndex const> bearers) {
  Bridge::Crossing crossing{std::nullopt,
                            "several entries have it: " + dns_of(*tree.directory->snapshot, bearers), true};
  for (auto const bearer : bearers) {
    auto const one = tree.bridge->cross(bearer);
    if (one.person) crossing.perhaps.push_back(*one.person);
    add_all(crossing.perhaps, one.perhaps);
  }
  return crossing;
}

}  // namespace

CrossedPeople cross(SourceTree const& tree, std::vector<Reached> const& named,
                    std::vector<bool> const& disabled, UidBook const& uids) {
  CrossedPeople crossed;
  auto const& snapshot = *tree.directory->snapshot;
  auto const arrive = [&tree, &crossed](Bridge::Crossing const& crossing, Crossed from, std::string_view who,
                                        bool is_disabled) {
    if (!crossing.person) {
      crossed.all_crossed = false;
      if (!is_disabled) add_all(crossed.perhaps, crossing.perhaps);
      auto const name = std::string{who};
      crossed.notices.push_back(
          {.code = crossing.is_shared ? "ambiguous" : "not-joined",
           .group = "",
           .principal = name,
           .text = "rule " + tree.rule->name + ": " + name + " leads to nobody: " + crossing.why_not});
      return;
    }
    if (is_disabled) return;
    crossed.people.push_back({*crossing.person, static_cast<std::uint32_t>(crossed.ways.size())});
    crossed.ways.push_back(from);
  };
  for (auto const& [person, node] : named)
    arrive(tree.bridge->cross(person), {node, person}, snapshot.people()[person].dn, disabled[person]);
  for (std::uint32_t node = 0; node < tree.nodes.size(); ++node) {
    if (tree.nodes[node].in != &snapshot) continue;
    for (auto const value : snapshot.members(tree.nodes[node].group).unresolved) {
      auto const is_dn = normalized_dn(without_optional_uid(value)).has_value();
      auto const nowhere = "no entry of directory " + tree.directory->name + " has this DN";
      auto const several = is_dn ? std::span<PersonIndex const>{} : uids.bearers(value);
      arrive(is_dn             ? Bridge::Crossing{std::nullopt, nowhere}
             : several.empty() ? tree.bridge->cross_uid(value)
                               : cross_shared(tree, several),
             {node, std::nullopt, value}, value, false);
    }
  }
  return crossed;
}

Unclear find_unclear(SourceTree const& tree, std::string const& group, UidBook const& uids) {
  Unclear unclear;
  auto const& snapshot = *tree.people->snapshot;
  for (auto const& node : tree.nodes) {
    if (node.in != &snapshot) continue;
    for (auto const value : snapshot.members(node.group).unresolved) {
      auto const bearers = uids.bearers(value);
      if (bearers.empty()) continue;
      add_all(unclear.perhaps, bearers);
      unclear.notices.push_back(
          {.code = "ambiguous",
           .group = group,
           .principal = std::string{value},
           .text = std::to_string(bearers.size()) + " entries of directory " + tree.people->name +
                   " have the uid " + printable(value) + ", so that memberUid names none of them: " +
                   dns_of(snapshot, bearers) + "; who is in the group stays; make the uid unique"});
    }
  }
  return unclear;
}

}  // namespace dirsync::plan
