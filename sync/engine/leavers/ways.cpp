#include "sync/engine/leavers/ways.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "sync/model/change_stamp.hpp"
#include "sync/plan/desired/flatten.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

/// Groups above a list that have more people are not read for those who came to it.
constexpr std::size_t kMostPeople = 1'000;

/// Null: not as it was, or nothing is sent there now.
Rule const* rule_of(ListSearch const& search, FedGroup const& fed, EntryId const& source,
                    std::set<std::string> const& targets) {
  auto const& rules = search.context.setup.rules;
  auto const is_it = [&fed](Rule const& rule) {
    return rule.name == fed.group.rule && rule.target == fed.target;
  };
  auto const found = std::ranges::find_if(rules, is_it);
  auto const is_certain = found != rules.end() && targets.contains(fed.target) && is_plain(*found) &&
                          found->directory == search.directory &&
                          search.book.was_selected(source, name_in_reads(*found));
  return is_certain ? &*found : nullptr;
}

/// Whether the rule still gives that name to the group of `names`, which are its target_names().
bool still_feeds(ListSearch const& search, Rule const& rule, std::map<std::string, std::string> const& names,
                 FedGroup const& fed) {
  auto const name = names.find(name_in_reads(rule));
  auto const& all = search.context.setup.targets;
  auto const target = std::ranges::find(all, fed.target, &SinkTarget::name);
  if (name == names.end() || target == all.end()) return false;
  auto const folds_case = target->target->traits().group_names_fold_case;
  return plan::group_key(folds_case, name->second) == plan::group_key(folds_case, fed.group.group);
}

std::vector<FedGroup> fed_by(LeaverBooks const& books, EntryId const& group) {
  auto const found = books.fed.find(group);
  return found == books.fed.end() ? std::vector<FedGroup>{} : found->second;
}

/// Groups above the list, and its own, where one of them feeds something and all may be read; else none.
std::vector<EntryId> groups_to_read(ListSearch const& search, ComparedList const& list,
                                    LeaverBooks const& books) {
  auto const feeds = [&books, &list](EntryId const& group) {
    return group != list.id && books.fed.contains(group);
  };
  auto const is_large = [&search](EntryId const& group) {
    auto const kept = search.book.kept(group);
    return !kept || kept->people > kMostPeople;
  };
  if (std::ranges::none_of(list.above, feeds) || std::ranges::any_of(list.above, is_large)) return {};
  return {list.above.begin(), list.above.end()};
}

/// From the source down to the list; nothing: there is none any more, or the rule does not go as far.
std::optional<Way> way_down(Snapshot const& read, GroupIndex source, Rule const& rule,
                            ComparedList const& list, FedGroup const& fed) {
  plan::NestingRules const nesting{rule.nested, rule.max_depth, {}};
  plan::Flattener flattener{read};
  auto const nodes = flattener.flatten(source, nesting).nodes;
  auto const is_list = [&list](plan::Node const& node) { return node.entry().id == list.id; };
  auto const found = std::ranges::find_if(nodes, is_list);
  if (found == nodes.end()) return std::nullopt;
  Way way{fed, std::string{read.groups()[source].dn}, {}, std::nullopt};
  for (auto const* node = &*found;; node = &nodes[node->parent]) {
    auto const& entry = node->entry();
    way.path = std::string{entry.dn} + (way.path.empty() ? "" : " > " + way.path);
    way.changed = later(way.changed, entry.changed.time());
    if (node->parent == plan::Node::kNoParent) return way;
  }
}

}  // namespace

asio::awaitable<Result<std::vector<Way>>> find_ways(ListSearch const& search,
                                                    SourceDirectory const& directory,
                                                    ComparedList const& list, LeaverBooks const& books) {
  auto const targets = targets_to_look_at(search.context, books);
  std::vector<Way> ways;
  for (auto const& fed : fed_by(books, list.id)) {
    auto const* const rule = rule_of(search, fed, list.id, targets);
    if (rule != nullptr && (!list.names || still_feeds(search, *rule, *list.names, fed)))
      ways.push_back({fed, list.dn, list.dn, list.changed});
  }
  auto ids = groups_to_read(search, list, books);
  if (ids.empty()) co_return ways;
  auto query = search.queries.at(search.directory);
  auto const read = co_await directory.directory->read_groups(std::move(query), std::move(ids));
  if (!read || !read->damages().empty()) co_return ways;
  auto const same = goes_on(*search.context.setup.journal, search.directory, *read);
  if (!same) co_return same.error();
  if (!*same) co_return ways;
  for (auto const& group : list.above) {
    auto const index = read->group_by_id(group);
    auto const kept = search.book.kept(group);
    if (group == list.id || !index || !kept || kept->dn != read->groups()[*index].dn) continue;
    auto const names = target_names(search, *read, *index);
    for (auto const& fed : fed_by(books, group)) {
      auto const* const rule = rule_of(search, fed, group, targets);
      if (rule == nullptr || !still_feeds(search, *rule, names, fed)) continue;
      if (auto way = way_down(*read, *index, *rule, list, fed)) ways.push_back(*std::move(way));
    }
  }
  co_return ways;
}

}  // namespace dirsync::engine
