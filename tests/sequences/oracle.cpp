#include "tests/sequences/oracle.hpp"

#include <algorithm>

namespace dirsync::sequences {
namespace {

Wishes wishes_for(Said const& said, std::string const& target,
                  std::map<std::string, Settings> const& settings,
                  std::map<std::string, Followed> const& followed) {
  Wishes wishes;
  for (auto const& [rule, one] : settings) {
    if (one.target != target) continue;
    auto const known = followed.find(rule);
    add_wishes(said, rule, one, known == followed.end() ? Followed{} : known->second, wishes);
  }
  return wishes;
}

/// Of one with frozen changes nobody has seen all that it does.
bool is_frozen_in_part(Attempt const& attempt, std::string const& rule) {
  return attempt.report && std::ranges::any_of(attempt.report->plan.changes, [&rule](Change const& change) {
           return change.frozen && change.rule == rule;
         });
}

/// Everything that a person would have to approve is frozen.
bool nothing_is_asked(Plan const& plan) {
  return plan.held && keeps_back(plan) && std::ranges::none_of(plan.changes, [](Change const& change) {
           return is_to_send(change) && change.part == Part::rest;
         });
}

}  // namespace

void Oracle::complain(std::string what, Change const& change) {
  problems.push_back(change.target + " " + fake::in_words(change) + " (" + change.id.value() + ", rule " +
                     change.rule + ", because " + change.why + "): " + std::move(what));
}

Oracle::Case Oracle::look_at(Attempt const& attempt, Circumstances const& was) {
  Case one{.attempt = attempt, .was = was, .wishes = {}, .settled_wishes = {}};
  for (auto const* target : {"vault", "console"}) {
    one.wishes[target] = wishes_for(attempt.said, target, world_.settings, followed_);
    one.settled_wishes[target] = wishes_for(attempt.said, target, settled_, followed_);
  }
  auto const& report = attempt.report;
  // Of a run that died nobody knows under which approval it was.
  one.approved = report ? world_.approved.contains(report->plan.digest) || was.approve == report->plan.digest
                        : !world_.approved.empty() || was.approve;
  return one;
}

void Oracle::after_run(Attempt const& attempt, Circumstances const& was) {
  auto const one = look_at(attempt, was);
  count_absences(one);
  expect_nothing_unread(one);
  expect_frozen(one);
  expect_retried(one);
  expect_approvals(one);
  expect_few_removals(one);
  for (auto const& sent : attempt.sent) expect_justified(one, sent.change);
  ledger_.note(world_, attempt);
  note_unsure(one);
  hand_over(one);
  expect_told(one);
  settle(one);
  keep_sources(one);
  if (is_accepted(one)) keep_read(one);
}

/// Where the target did not show a member to the run that looked up what became of an interrupted addition,
/// not even on a closer look, nobody can know that it is ours.
void Oracle::note_unsure(Case const& one) {
  for (auto& [key, ours] : ledger_.memberships) {
    auto const fault = one.was.targets.find(ours.target);
    auto const is_faulty = fault != one.was.targets.end();
    if (ours.interrupted_before && is_faulty && fault->second.looks_fail && is_kept_from_view(one, ours))
      ours.certain = false;
    auto const looked_up = one.attempt.report && !one.was.plan_only && !(is_faulty && fault->second.unread);
    ours.interrupted_before = ours.interrupted || (ours.interrupted_before && !looked_up);
    ours.interrupted = false;
  }
}

/// Whoever has somebody else's user now, and is to be in the group, has the membership in their own right.
void Oracle::hand_over(Case const& one) {
  for (auto& [key, ours] : ledger_.memberships) {
    if (!is_applied(one, ours.target)) continue;
    auto const& there = one.attempt.before.at(ours.target);
    auto const* const group = find_group_by_id(there, ours.group_id);
    auto const user = std::ranges::find(there.observed.users, ours.user_id, &TargetUser::id);
    if (group == nullptr || user == there.observed.users.end()) continue;
    auto const* const now = bearer(one.attempt.said, ours.target, *user);
    auto const* const wish =
        ledger_.wish_of(one.wishes.at(ours.target), ours.target, ours.group_id, group->name);
    if (wish != nullptr && now != nullptr && wish->people.contains(now->id)) ours.person = now->id;
  }
}

/// What this run knows of the directory from now on.
void Oracle::keep_read(Case const& one) {
  auto const& report = one.attempt.report;
  if (report && one.approved &&
      std::ranges::find(report->plan.reasons, std::string{"nested-group-gone"}, &Reason::code) !=
          report->plan.reasons.end())
    group_dns_.clear();
  for (auto const& group : one.attempt.said.groups) {
    group_dns_.insert(group.dn);
    last_dn_[group.id] = group.dn;
  }
  // A value that was taken out is a decision of the directory; one that is written again names nobody.
  std::erase_if(group_dns_, [&one, this](std::string const& dn) {
    return one.attempt.report && one.attempt.said.group_at(dn) == nullptr && !is_still_named(one, dn);
  });
  for (auto const& person : one.attempt.said.people) last_dn_[person.id] = person.dn;
  for (auto const& [rule, settings] : world_.settings) {
    if (!settings.configured || one.was.plan_only) continue;
    auto const fault = one.was.targets.find(settings.target);
    if (fault != one.was.targets.end() && fault->second.unread) continue;
    auto followed = followed_[rule];
    follow(one.attempt.said, settings, followed);
    // Of a run that died nobody knows how far it came.
    auto const kept = world_.plant.journal.excludes(rule);
    for (auto const& [dn, id] : followed)
      if (one.attempt.report || (kept->contains(dn) && kept->at(dn).value() == id))
        followed_[rule].insert_or_assign(dn, id);
  }
}

bool Oracle::is_accepted(Case const& one) const {
  if (one.was.read_fails) return false;
  return !one.attempt.report || one.attempt.report->certificates.at("corp").complete();
}

/// Never fewer than the program may have counted.
void Oracle::count_absences(Case const& one) {
  if (!is_accepted(one) || one.was.plan_only) return;
  auto const note = [this, &one](std::string const& id, bool is_there) {
    auto& absent = absent_[id];
    auto const& confirm = world_.limits.confirm;
    auto const is_seen = is_there || (confirm.removals_above >= 10 && look_finds(one, id));
    // A run that died may not have kept what it saw.
    if (is_seen && one.attempt.report)
      absent = {};
    else if (is_seen)
      return;
    else if (absent.runs == 0 || one.attempt.time >= absent.counted + confirm.apart)
      absent = {absent.runs + 1, one.attempt.time};
  };
  for (auto const& [id, dns] : world_.dns_of)
    note(id, one.attempt.said.person(id) != nullptr || one.attempt.said.group(id) != nullptr);
}

bool Oracle::look_finds(Case const& one, std::string const& id) const {
  if (one.was.looks_fail || one.was.nowhere.contains(id) || one.was.nobody_knows.contains(id)) return false;
  auto const has_id = [&id](auto const& entry) { return entry.second.id == id; };
  return std::ranges::any_of(world_.truth.people, has_id) || std::ranges::any_of(world_.truth.groups, has_id);
}

bool Oracle::look_says_gone(Case const& one, std::string const& id) const {
  if (one.was.looks_fail || one.was.nobody_knows.contains(id)) return false;
  return one.was.nowhere.contains(id) || !look_finds(one, id);
}

/// By a value that names nobody else.
bool Oracle::is_still_named(Case const& one, std::string const& dn) const {
  auto const& said = one.attempt.said;
  if (said.person_at(dn) != nullptr || said.group_at(dn) != nullptr) return false;
  return std::ranges::any_of(said.groups, [&dn](Group const& group) {
    return std::ranges::find(group.values, dn) != group.values.end();
  });
}

bool Oracle::is_confirmed_gone(Case const& one, std::string const& id, std::string const& dn) const {
  auto const absent = absent_.find(id);
  auto const runs = absent == absent_.end() ? 0 : absent->second.runs;
  if (runs >= world_.limits.confirm.reads) return true;
  auto const last = last_dn_.find(id);
  auto const is_named =
      is_still_named(one, dn) || (last != last_dn_.end() && is_still_named(one, last->second));
  return look_says_gone(one, id) && !is_named;
}

void Oracle::expect_nothing_unread(Case const& one) {
  for (auto const& sent : one.attempt.sent) {
    auto const fault = one.was.targets.find(sent.change.target);
    if (one.was.read_fails || (fault != one.was.targets.end() && fault->second.unread))
      complain("sent, though a side was not read", sent.change);
    if (one.was.plan_only) complain("sent, though nothing was to be", sent.change);
  }
}

/// What waits for a person is sent only under an approval of exactly that.
void Oracle::expect_approvals(Case const& one) {
  auto const& report = one.attempt.report;
  for (auto const& sent : one.attempt.sent) {
    auto const& change = sent.change;
    if (one.approved) continue;
    if (report && report->plan.held && change.part == Part::rest)
      complain("sent from a plan that is held", change);
    if (!change.rule.empty() && !applied_.contains(change.rule)) complain("sent in a first plan", change);
  }
}

void Oracle::expect_few_removals(Case const& one) {
  if (one.approved) return;
  std::int64_t removals = 0, managed = 0;
  for (auto const& sent : one.attempt.sent) removals += sent.change.verb == Verb::remove;
  for (auto const& key : ledger_.ever) {
    auto const is_here = [&key](auto const& before) {
      for (auto const& group : before.second.observed.groups)
        for (auto const user : group.users)
          if (membership(before.first, group.id, before.second.observed.users[user].id) == key) return true;
      return false;
    };
    managed += std::ranges::any_of(one.attempt.before, is_here);
  }
  if (auto const allowed = world_.limits.removals.allowed(managed); removals > allowed)
    problems.push_back(std::to_string(removals) + " removals of " + std::to_string(managed) +
                       " memberships, and nobody approved more than " + std::to_string(allowed));
}

bool Oracle::is_decided(Case const& one, std::string const& target) const {
  auto const& report = one.attempt.report;
  if (one.was.plan_only || !one.was.cut.empty()) return false;
  if (!report) return one.approved;
  auto const found = report->plan.targets.find(target);
  if (found == report->plan.targets.end() || found->second.verdict == Verdict::refuse) return false;
  if (nothing_is_asked(report->plan)) return false;
  return !report->approval_stale && (!report->plan.held || one.approved);
}

bool Oracle::is_applied(Case const& one, std::string const& target) const {
  auto const& report = one.attempt.report;
  return is_decided(one, target) && !(report && keeps_back(report->plan, target));
}

void Oracle::settle(Case const& one) {
  for (auto const& [rule, settings] : world_.settings)
    if (settings.configured && is_decided(one, settings.target) && !is_frozen_in_part(one.attempt, rule))
      settled_[rule] = settings;
  for (auto const& sent : one.attempt.sent) applied_.insert(sent.change.rule);
  if (auto const& report = one.attempt.report) {
    if (report->exit == engine::Exit::held) world_.digests.push_back(report->plan.digest);
    if (is_decided(one, "vault") || is_decided(one, "console")) world_.approved.erase(report->plan.digest);
  }
  // It may have been recorded before the program died.
  if (!one.attempt.report && one.was.approve) world_.approved.insert(*one.was.approve);
}

void Oracle::keep_sources(Case const& one) {
  for (auto& [target, groups] : ledger_.groups) {
    for (auto& [id, ours] : groups) {
      if (!is_applied(one, target) && !ours.sources.empty()) continue;
      auto const* const group = find_group_by_id(world_.world_of(target), id);
      if (group == nullptr) continue;
      if (auto const wish = one.wishes.at(target).find(group->name); wish != one.wishes.at(target).end())
        ours.sources = wish->second.sources, ours.rule = wish->second.rule;
    }
  }
}

}  // namespace dirsync::sequences
