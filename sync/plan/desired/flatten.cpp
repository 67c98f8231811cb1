#include "sync/plan/desired/flatten.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace dirsync::plan {
namespace {

bool is_excluded(NestingRules const& rules, Snapshot const& in, GroupIndex group) {
  if (rules.excluded.empty()) return false;
  auto const here = rules.excluded.find(in.directory());
  return here != rules.excluded.end() && group < here->second.size() && here->second[group];
}

}  // namespace

Flattener::Flattener(Snapshot const& own, Others others) : own_(own), others_(std::move(others)) {}

Flattener::Marks& Flattener::marks_of(Snapshot const& snapshot) {
  auto& marks = marks_[&snapshot];
  marks.group_round.resize(snapshot.groups().size());
  marks.person_round.resize(snapshot.people().size());
  return marks;
}

void Flattener::reach(std::uint32_t node, Snapshot const& in, PersonIndex person, Flattened& result) {
  if (std::exchange(marks_of(in).person_round[person], round_) == round_) return;
  (&in == &own_ ? result.people : result.elsewhere[in.directory()]).push_back({person, node});
}

void Flattener::enter(std::uint32_t node, Snapshot const& in, GroupIndex group, NestingRules const& rules,
                      Flattened& result) {
  if (is_excluded(rules, in, group) || std::exchange(marks_of(in).group_round[group], round_) == round_)
    return;
  result.nodes.push_back({group, node, &in});
  if (&in != &own_) result.elsewhere.try_emplace(in.directory());
}

void Flattener::add_elsewhere(std::uint32_t node, bool enters, NestingRules const& rules, Flattened& result) {
  auto const [group, parent, from] = result.nodes[node];
  for (auto const& member : from->elsewhere(group)) {
    auto const there = others_.find(member.directory);
    auto const* const in = member.directory == own_.directory() ? &own_
                           : there == others_.end()             ? nullptr
                                                                : there->second;
    if (in == nullptr) continue;
    if (!member.entry.is_group)
      reach(node, *in, member.entry.number, result);
    else if (enters)
      enter(node, *in, member.entry.number, rules, result);
  }
}

Flattened Flattener::flatten(GroupIndex source, NestingRules const& rules) {
  Flattened result;
  if (is_excluded(rules, own_, source)) return result;
  ++round_;
  marks_of(own_).group_round[source] = round_;
  result.nodes.push_back({source, Node::kNoParent, &own_});
  // Breadth first, level by level: the first way found to a group or person is a shortest one.
  std::size_t level_end = 1;
  int depth = 0;
  for (std::uint32_t at = 0; at < result.nodes.size(); ++at) {
    if (at == level_end) {
      level_end = result.nodes.size();
      ++depth;
    }
    auto const& in = *result.nodes[at].in;
    auto const members = in.members(result.nodes[at].group);
    auto& marks = marks_of(in);
    auto& people = &in == &own_ ? result.people : result.elsewhere[in.directory()];
    for (auto const person : members.people)
      if (std::exchange(marks.person_round[person], round_) != round_) people.push_back({person, at});
    result.unresolved_count += members.unresolved.size();
    if (result.example.empty() && !members.unresolved.empty()) result.example = members.unresolved.front();
    auto const enters = rules.nested && (rules.max_depth == 0 || depth < rules.max_depth);
    auto const first_of_level = result.nodes.size();
    add_elsewhere(at, enters, rules, result);
    if (!enters) continue;
    for (auto const value : members.unresolved) result.unresolved.push_back({value, &in});
    for (auto const group : members.groups) enter(at, in, group, rules, result);
    // By DN, so that the way to a person does not depend on the order in which a server delivers.
    std::ranges::sort(result.nodes.begin() + static_cast<std::ptrdiff_t>(first_of_level), result.nodes.end(),
                      {}, [](Node const& node) {
                        return std::tuple{node.entry().normalized_dn, std::string_view{node.in->directory()}};
                      });
  }
  std::ranges::sort(result.people, {}, &Reached::person);
  for (auto& [directory, people] : result.elsewhere) std::ranges::sort(people, {}, &Reached::person);
  return result;
}

std::string path_text(std::vector<Node> const& nodes, std::uint32_t node, std::string_view member) {
  std::vector<std::string_view> way{member};
  for (auto at = node; at != Node::kNoParent; at = nodes[at].parent) way.push_back(nodes[at].entry().dn);
  std::string text;
  for (auto step = way.rbegin(); step != way.rend(); ++step) {
    if (!text.empty()) text += " > ";
    text += *step;
  }
  return text;
}

}  // namespace dirsync::plan
