// Intervals of a file that kept none: what the audit trail tells, brought together with the grants of today.
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "store/interval_tables.hpp"
#include "store/interval_writer.hpp"
#include "sync/model/change.hpp"
#include "sync/model/text.hpp"

namespace dirsync::store {
namespace {

/// A row of the trail that tells of a membership or a group.
struct ToldChange {
  std::int64_t sequence = 0;
  std::string target, verb, group, result;
  Grant grant;
  IntervalCause cause;
};

/// The trail names groups and users by name, not by id.
class Replay {
 public:
  explicit Replay(Database& database) : database_(database) {}

  void take(ToldChange const& told) {
    last_ = told.cause;
    if (told.verb == to_text(Verb::rename_group)) return begin_renaming(told);
    if (told.verb == to_text(Verb::create_group)) return start_group(told);
    auto const group = group_of(told);
    if (told.verb == to_text(Verb::delete_group)) return delete_group(told, group);
    if (told.grant.principal.empty()) return;  // a group that was adopted
    auto const is_already = told.result == to_text(Outcome::already);
    if (told.verb == to_text(Verb::add))
      return begin(told, group,
                   is_already ? HeldInterval::Beginning::already : HeldInterval::Beginning::added);
    if (told.verb == "adopt") return begin(told, group, HeldInterval::Beginning::adopted);
    if (told.verb == "forget") return end(told, group, HeldInterval::End::by_others);
    end(told, group, is_already ? HeldInterval::End::already : HeldInterval::End::removed);
  }

  /// Grants of today last; whatever else the trail left open has ended, nobody knows when.
  void settle_with_grants() {
    static constexpr char kGrants[] =
        "SELECT target, group_id, group_name, principal, principal_id, entry_id, dn, rule FROM membership "
        "ORDER BY target, group_id, principal_folded, principal_id";
    std::vector<std::pair<std::string, Grant>> grants;
    {
      auto query = database_.query(kGrants);
      while (query.step())
        grants.emplace_back(query.text(0), Grant{.group_id = query.text(1),
                                                 .group = query.text(2),
                                                 .principal = query.text(3),
                                                 .principal_id = query.text(4),
                                                 .id = EntryId{query.text(5)},
                                                 .dn = query.text(6),
                                                 .rule = query.text(7)});
    }
    note_ids(grants);
    for (auto const& [target, grant] : grants) keep(target, grant);
    IntervalCause const nobody{
        .time = last_.time, .run = RunId{}, .plan = "", .actor = "", .path = "", .why = ""};
    for (auto const& [membership, number] : open_)
      end_intervals(database_, membership.first, {&number, 1}, nobody, HeldInterval::End::unknown);
  }

 private:
  using Name = std::pair<std::string, std::string>;         // target, folded name
  using Membership = std::pair<std::int64_t, std::string>;  // group, folded principal

  std::int64_t new_group(std::string const& target, std::string const& name, Time time) {
    static constexpr char kInsert[] = "INSERT INTO interval_group (target, group_id) VALUES (?, '')";
    database_.query(kInsert).with(target).run();
    auto const number = database_.last_row_id();
    name_interval_group(database_, number, name, time);
    groups_[{target, fold_case(name)}] = number;
    return number;
  }

  /// A name that nobody knows may be the one that a renamed group got: its row does not tell.
  std::int64_t group_of(ToldChange const& told) {
    Name const name{told.target, fold_case(told.group)};
    if (auto const known = groups_.find(name); known != groups_.end()) return known->second;
    auto const renamed = renamed_.find({told.target, told.grant.rule});
    if (renamed == renamed_.end() || renamed->second.size() != 1) {
      if (renamed != renamed_.end()) renamed_.erase(renamed);
      return new_group(told.target, told.group, told.cause.time);
    }
    auto const [group, time] = renamed->second.front();
    renamed_.erase(renamed);
    name_interval_group(database_, group, told.group, time);
    return groups_[name] = group;
  }

  void begin_renaming(ToldChange const& told) {
    auto const group = group_of(told);
    groups_.erase({told.target, fold_case(told.group)});
    renamed_[{told.target, told.grant.rule}].emplace_back(group, told.cause.time);
  }

  void start_group(ToldChange const& told) {
    if (!groups_.contains({told.target, fold_case(told.group)}))
      new_group(told.target, told.group, told.cause.time);
  }

  void delete_group(ToldChange const& told, std::int64_t group) {
    end_all_intervals(database_, group, told.cause, HeldInterval::End::group_deleted);
    std::erase_if(open_, [group](auto const& one) { return one.first.first == group; });
    groups_.erase({told.target, fold_case(told.group)});
  }

  void begin(ToldChange const& told, std::int64_t group, HeldInterval::Beginning as) {
    Membership const membership{group, fold_case(told.grant.principal)};
    auto const before = open_.find(membership);
    std::vector<std::int64_t> replaced;
    if (before != open_.end()) replaced.push_back(before->second);
    open_[membership] =
        begin_interval(database_, group, told.sequence, told.target, told.grant, told.cause, as, replaced);
  }

  void end(ToldChange const& told, std::int64_t group, HeldInterval::End as) {
    auto const open = open_.find({group, fold_case(told.grant.principal)});
    if (open == open_.end()) return;
    end_intervals(database_, group, {&open->second, 1}, told.cause, as);
    open_.erase(open);
  }

  /// Of the groups that are known by name today.
  void note_ids(std::vector<std::pair<std::string, Grant>> const& grants) {
    static constexpr char kManaged[] =
        "SELECT target, group_id, group_name FROM managed_group ORDER BY target, group_id";
    std::map<std::pair<std::string, std::string>, std::string> names;  // by target and id
    for (auto const& [target, grant] : grants) names[{target, grant.group_id}] = grant.group;
    auto query = database_.query(kManaged);
    while (query.step()) names[{query.text(0), query.text(1)}] = query.text(2);
    for (auto const& [group, name] : names) note_id(group.first, group.second, name);
  }

  void note_id(std::string const& target, std::string const& id, std::string const& name) {
    static constexpr char kUpdate[] =
        "UPDATE interval_group SET group_id = ? WHERE number = ? AND group_id = ''";
    auto const known = groups_.find({target, fold_case(name)});
    if (known == groups_.end() || database_.query(kUpdate).with(id, known->second).run() == 0)
      interval_group(database_, target, id, name, last_.time);
  }

  /// The names under which a user was granted may be another spelling of today's.
  void keep(std::string const& target, Grant const& grant) {
    static constexpr char kUpdate[] =
        "UPDATE membership SET interval_number = ? WHERE target = ? AND group_id = ? "
        "AND principal_folded = ? AND principal_id = ?";
    auto const group = interval_group(database_, target, grant.group_id, grant.group, last_.time);
    auto const folded = fold_case(grant.principal);
    auto const open = open_.find({group, folded});
    auto number = open == open_.end() ? 0 : open->second;
    if (open == open_.end()) {
      number = begin_interval(database_, group, --unknown_, target, grant, {},
                              HeldInterval::Beginning::unknown, {});
    } else {
      identify(group, number, target, grant);
      open_.erase(open);
    }
    database_.query(kUpdate).with(number, target, grant.group_id, folded, grant.principal_id).run();
  }

  /// The trail does not tell the target's id of the user.
  void identify(std::int64_t group, std::int64_t number, std::string const& target, Grant const& grant) {
    static constexpr char kUpdate[] =
        "UPDATE membership_interval SET member = ? WHERE group_number = ? AND ended = ? AND number = ?";
    database_.query(kUpdate).with(member_number(database_, target, grant), group, kLasting, number).run();
  }

  Database& database_;
  std::map<Name, std::int64_t> groups_;
  std::map<Membership, std::int64_t> open_;
  /// By target and rule: groups whose new name is not known yet, and when they got it.
  std::map<std::pair<std::string, std::string>, std::vector<std::pair<std::int64_t, Time>>> renamed_;
  IntervalCause last_;
  std::int64_t unknown_ = 0;
};

}  // namespace

void intervals_from_audit(Database& database) {
  static constexpr char kSelect[] =
      "SELECT sequence, time, run, target, verb, group_name, principal, dn, id, rule, path, plan, actor, "
      "result, detail FROM audit WHERE phase IN ('change', 'recovered') AND result IN ('done', 'already') "
      "AND verb IN ('add', 'remove', 'adopt', 'forget', 'create-group', 'delete-group', 'rename-group') "
      "ORDER BY sequence";
  Replay replay{database};
  {
    auto query = database.query(kSelect);
    while (query.step()) {
      auto const time = parse_rfc3339(query.text(1));
      if (!time) continue;  // `log verify` tells of it
      replay.take({.sequence = query.integer(0),
                   .target = query.text(3),
                   .verb = query.text(4),
                   .group = query.text(5),
                   .result = query.text(13),
                   .grant = {.group_id = "",
                             .group = query.text(5),
                             .principal = query.text(6),
                             .principal_id = "",
                             .id = EntryId{query.text(8)},
                             .dn = query.text(7),
                             .rule = query.text(9)},
                   .cause = {.time = *time,
                             .run = RunId{query.integer(2)},
                             .plan = query.text(11),
                             .actor = query.text(12),
                             .path = query.text(10),
                             .why = query.text(14)}});
    }
  }
  replay.settle_with_grants();
}

}  // namespace dirsync::store
