// Intents, outcomes, and what is ours because of them.
#include <utility>

#include "store/columns.hpp"
#include "store/grants.hpp"
#include "store/packing.hpp"
#include "store/write.hpp"
#include "sync/model/joined_id.hpp"

namespace dirsync::store {
namespace {

constexpr char kNotRecorded[] = "an outcome cannot be recorded";

void note_made_user(Database& database, std::string const& target, MadeUser const& user) {
  static constexpr char kUpsert[] =
      "INSERT INTO made_user (target, user_id, name) VALUES (?, ?, ?) "
      "ON CONFLICT (target, user_id) DO UPDATE SET name = excluded.name";
  database.query(kUpsert).with(target, user.id, user.name).run();
}

/// `sequence`: of the audit row of the change.
void take_effect(Database& database, Settled const& settled, std::int64_t sequence,
                 IntervalCause const& cause) {
  if (!is_success(settled.outcome)) return;
  using Beginning = HeldInterval::Beginning;
  using End = HeldInterval::End;
  auto const& change = settled.change;
  auto const is_done = settled.outcome == Outcome::done;
  switch (change.verb) {
    case Verb::add:
      if (change.made_by_us) note_made_user(database, change.target, {change.principal_id, change.principal});
      return put_grant(database, change.target, grant_of(change), sequence, cause,
                       is_done ? Beginning::added : Beginning::already);
    case Verb::remove:
      // An undo finds the group by the name that the row has, also where somebody gave it that by hand.
      name_known_group(database, change.target, change.group_id, change.group, cause.time);
      return drop_grant(database, change.target, grant_of(change), cause,
                        is_done ? End::removed : End::already);
    case Verb::create_group: {
      if (change.rule.empty()) return;  // a person's own group
      ManagedGroup group{.group_id = change.group_id,
                         .group = change.group,
                         .rule = change.rule,
                         .created_by_us = is_done,
                         .sources = {}};
      if (!change.id.value().empty()) group.sources = parts_of(change.id);
      return put_group(database, change.target, group, cause.time);
    }
    case Verb::delete_group:
      return drop_group(database, change.target, change.group_id, cause);
    case Verb::rename_group:
      // Else a read might take our own renaming for one by hand, which keeps the name under which it is ours.
      // Intents of older versions do not say the new name.
      if (change.rule.empty() || change.new_name.empty()) return;
      return rename_group(database, change.target, change.group_id, change.new_name, cause.time);
    case Verb::update_group:  // nothing of what is kept here
    case Verb::adopt:         // claim() writes it
      return;
  }
}
}  // namespace

Result<std::vector<std::int64_t>> Store::intend(RunId run, PlanDigest const& plan, std::string const& actor,
                                                std::span<Change const> batch) {
  static constexpr char kInsert[] =
      "INSERT INTO intent (run, plan, actor, n, target, verb, phase, group_name, group_id, principal, "
      "principal_id, dn, entry_id, domain, roles, rule, path, why, source, new_name) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  // Once this run has sent something, a store from before it must not pass.
  if (marked_run_ < run) {
    if (auto const here = check_in_place(); !here) return here.error();
    if (auto const marked = move_mark(); !marked) return marked.error();
  }
  return write(
      "intents cannot be recorded", [this, run, &plan, &actor, batch]() -> Result<std::vector<std::int64_t>> {
        std::vector<std::int64_t> intents;
        for (auto const& change : batch) {
          auto const roles = pack_texts(change.roles);
          database_->query(kInsert)
              .with(run, plan, actor, change.n, change.target, to_text(change.verb),
                    static_cast<int>(change.phase), change.group, change.group_id, change.principal,
                    change.principal_id, change.dn, change.id, change.domain, Blob{roles}, change.rule,
                    change.path, change.why, source_text(change.source), change.new_name)
              .run();
          intents.push_back(database_->last_row_id());
        }
        return intents;
      });
}

Result<void> Store::close_intent(std::int64_t intent, Settled const& settled, char const* phase) {
  static constexpr char kSelect[] = "SELECT run, plan, actor FROM intent WHERE id = ?";
  static constexpr char kDelete[] = "DELETE FROM intent WHERE id = ?";
  // A call of unknown fate waits for a look that tells; of this one no later look will.
  auto const last_look = settled.change.verb == Verb::update_group && std::string_view{phase} == "recovered";
  auto const waits = settled.outcome == Outcome::unknown && !last_look;
  auto query = database_->query(kSelect);
  if (!query.with(intent).step())
    return Error{StoreErrc::no_such_intent, database_->path().string() + ": intent " +
                                                std::to_string(intent) +
                                                " is not open. Report this as a bug"};
  if (waits) return {};
  auto const& change = settled.change;
  IntervalCause const cause{.time = options_.clock->now(),
                            .run = RunId{query.integer(0)},
                            .plan = query.text(1),
                            .actor = query.text(2),
                            .path = change.path,
                            .why = change.why};
  auto const sequence = append_row(
      *database_, change_row(cause.run, PlanDigest{cause.plan}, cause.actor, settled, phase, cause.time));
  take_effect(*database_, settled, sequence, cause);
  database_->query(kDelete).with(intent).run();
  return {};
}

Result<void> Store::settle_all(std::span<Answered const> answered) {
  return write(kNotRecorded, [this, answered]() -> Result<void> {
    for (auto const& [intent, settled] : answered)
      if (auto const closed = close_intent(intent, *settled, "change"); !closed) return closed;
    return {};
  });
}

Result<void> Store::recover(OpenIntent const& intent, Outcome outcome, std::string detail) {
  Settled const settled{intent.change, outcome, std::move(detail)};
  return write(kNotRecorded, [&] { return close_intent(intent.intent, settled, "recovered"); });
}

Result<std::vector<OpenIntent>> Store::open_intents() {
  static constexpr char kSelect[] =
      "SELECT id, run, plan, actor, n, target, verb, phase, group_name, group_id, principal, "
      "principal_id, dn, entry_id, domain, roles, rule, path, why, source, new_name FROM intent ORDER BY id";
  return database_->attempt("intents cannot be read", [this]() -> Result<std::vector<OpenIntent>> {
    std::vector<OpenIntent> intents;
    auto query = database_->query(kSelect);
    while (query.step()) {
      OpenIntent intent{.intent = query.integer(0),
                        .run = RunId{query.integer(1)},
                        .plan = PlanDigest{query.text(2)},
                        .actor = query.text(3),
                        .change = {}};
      auto& change = intent.change;
      auto roles = unpack_texts(query.blob(15));
      auto const phase = query.integer(7);
      if (!roles || phase < static_cast<int>(Phase::revocation) || phase > static_cast<int>(Phase::tidying))
        damaged("intent " + std::to_string(intent.intent));
      change.n = static_cast<int>(query.integer(4));
      change.target = query.text(5);
      change.verb = verb_of(query.text(6));
      change.phase = static_cast<Phase>(phase);
      change.group = query.text(8);
      change.group_id = query.text(9);
      change.principal = query.text(10);
      change.principal_id = query.text(11);
      change.dn = query.text(12);
      change.id = EntryId{query.text(13)};
      change.domain = query.text(14);
      change.roles = *std::move(roles);
      change.rule = query.text(16);
      change.path = query.text(17);
      change.why = query.text(18);
      change.source = source_of(query.text(19));
      change.new_name = query.text(20);
      intents.push_back(std::move(intent));
    }
    return intents;
  });
}

Result<void> Store::record_unsent(RunId run, PlanDigest const& plan, std::string const& actor,
                                  Change const& change, std::string why) {
  return append(unsent_row(run, plan, actor, change, std::move(why), options_.clock->now()));
}

Result<Managed> Store::managed(std::string const& target) {
  static constexpr char kGrants[] =
      "SELECT group_id, group_name, principal, principal_id, entry_id, dn, rule, source FROM membership "
      "WHERE target = ? ORDER BY group_id, principal, principal_id";
  static constexpr char kGroups[] =
      "SELECT group_id, group_name, rule, created_by_us, sources FROM managed_group WHERE target = ? "
      "ORDER BY group_id";
  static constexpr char kMade[] = "SELECT user_id, name FROM made_user WHERE target = ? ORDER BY user_id";
  return database_->reading("what is managed cannot be read", [this, &target]() -> Result<Managed> {
    Managed managed;
    auto grants = database_->query(kGrants);
    for (grants.with(target); grants.step();)
      managed.grants.push_back({.group_id = grants.text(0),
                                .group = grants.text(1),
                                .principal = grants.text(2),
                                .principal_id = grants.text(3),
                                .id = EntryId{grants.text(4)},
                                .dn = grants.text(5),
                                .rule = grants.text(6),
                                .source = source_of(grants.text(7))});
    auto groups = database_->query(kGroups);
    for (groups.with(target); groups.step();) {
      auto const sources = unpack_texts(groups.blob(4));
      if (!sources) damaged("managed group " + groups.text(0));
      ManagedGroup group{.group_id = groups.text(0),
                         .group = groups.text(1),
                         .rule = groups.text(2),
                         .created_by_us = groups.integer(3) != 0,
                         .sources = {}};
      for (auto const& source : *sources) group.sources.emplace_back(source);
      managed.groups.push_back(std::move(group));
    }
    auto made = database_->query(kMade);
    for (made.with(target); made.step();) managed.made_users.push_back({made.text(0), made.text(1)});
    return managed;
  });
}

Result<void> Store::adopt(RunId run, std::string const& target, std::string const& actor,
                          std::span<ManagedGroup const> groups, std::span<Grant const> grants) {
  return write(
      "adoptions cannot be recorded", [this, run, &target, &actor, groups, grants]() -> Result<void> {
        auto const now = options_.clock->now();
        for (auto const& group : groups) {
          put_group(*database_, target, group, now);
          Grant const whole{.group_id = group.group_id,
                            .group = group.group,
                            .principal = "",
                            .principal_id = "",
                            .id = EntryId{},
                            .dn = "",
                            .rule = group.rule};
          append_row(*database_, found_row(run, target, actor, "adopt", whole, now));
        }
        for (auto const& grant : grants) {
          auto const row = append_row(*database_, found_row(run, target, actor, "adopt", grant, now));
          put_grant(*database_, target, grant, row,
                    {.time = now, .run = run, .plan = "", .actor = actor, .path = "", .why = ""},
                    HeldInterval::Beginning::adopted);
        }
        return {};
      });
}

Result<void> Store::claim(ClaimCause const& cause, ClaimsByTarget const& claims) {
  return write("what was claimed cannot be recorded", [this, &cause, &claims]() -> Result<void> {
    IntervalCause const why{.time = options_.clock->now(),
                            .run = cause.run,
                            .plan = cause.plan.value(),
                            .actor = cause.actor,
                            .path = "",
                            .why = cause.detail};
    for (auto const& [target, of_target] : claims) {
      for (auto const& group : of_target.groups) {
        put_group(*database_, target, group, why.time);
        append_row(*database_, claim_row(cause, target, group, why.time));
      }
      for (auto const& grant : of_target.grants) {
        auto const row = append_row(*database_, claim_row(cause, target, grant, why.time));
        put_grant(*database_, target, grant, row, why, HeldInterval::Beginning::adopted);
      }
      for (auto const& user : of_target.made_users) note_made_user(*database_, target, user);
      for (auto const& grant : of_target.forgotten) {
        drop_grant(*database_, target, grant, why, HeldInterval::End::unknown);
        append_row(*database_, claim_row(cause, target, grant, why.time, "forget"));
      }
    }
    return {};
  });
}

Result<void> Store::forget(RunId run, std::string const& target, std::string const& actor,
                           std::span<Grant const> grants) {
  return write("lost grants cannot be recorded", [this, run, &target, &actor, grants]() -> Result<void> {
    auto const now = options_.clock->now();
    IntervalCause const cause{.time = now,
                              .run = run,
                              .plan = "",
                              .actor = actor,
                              .path = "",
                              .why = "somebody else ended it in the target"};
    for (auto const& grant : grants) {
      drop_grant(*database_, target, grant, cause, HeldInterval::End::by_others);
      append_row(*database_, found_row(run, target, actor, "forget", grant, now));
    }
    return {};
  });
}

Result<void> Store::update_groups(std::string const& target, std::span<ManagedGroup const> groups) {
  return write("managed groups cannot be updated", [this, &target, groups]() -> Result<void> {
    auto const now = options_.clock->now();
    for (auto const& group : groups)
      if (!update_group(*database_, target, group, now))
        return Error{StoreErrc::no_such_group, database_->path().string() + ": " + target + " group " +
                                                   group.group_id + " is not managed. Report this as a bug"};
    return {};
  });
}

}  // namespace dirsync::store
