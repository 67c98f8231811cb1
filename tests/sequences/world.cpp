#include "tests/sequences/world.hpp"

#include <algorithm>

namespace dirsync::sequences {
namespace {

using Fate = fake::FakeTarget::Fate;

Error gone_wrong(char const* what) { return {make_error_code(boost::system::errc::connection_reset), what}; }

/// The same for the same change, whatever was sent before it.
unsigned scatter(unsigned seed, std::string const& words) {
  auto hash = seed * 2654435761U + 97U;
  for (unsigned char const letter : words) hash = (hash ^ letter) * 16777619U;
  return hash ^ (hash >> 15U);
}

bool is_effective(Fate fate) { return fate == Fate::works || fate == Fate::lost_but_done; }

}  // namespace

bool Circumstances::has_fault() const {
  auto const spoilt = [](auto const& one) {
    auto const& fault = one.second;
    return fault.unread || fault.looks_fail || fault.percent > 0 || !fault.unlisted.empty() ||
           !fault.missing.empty();
  };
  return read_fails || looks_fail || may_have_changed || !hidden.empty() || !hidden_attribute.empty() ||
         !lost_values.empty() || journal_fails_from > 0 || journal_fails_once > 0 ||
         std::ranges::any_of(targets, spoilt);
}

std::string membership(std::string const& target, std::string const& group_id, std::string const& user_id) {
  return target + " " + group_id + " " + user_id;
}

std::string user_of(fake::TargetWorld& world, Change const& change) {
  if (!change.principal_id.empty()) return change.principal_id;
  auto const* const user = world.find_user(change.principal);
  return user == nullptr ? "" : user->id;
}

TargetGroup const* find_group_by_id(fake::TargetWorld const& world, std::string const& id) {
  auto const found = std::ranges::find(world.observed.groups, id, &TargetGroup::id);
  return found == world.observed.groups.end() ? nullptr : &*found;
}

bool holds(fake::TargetWorld const& world, std::string const& group_id, std::string const& user_id) {
  auto const* const group = find_group_by_id(world, group_id);
  return group != nullptr && std::ranges::any_of(group->users, [&world, &user_id](auto const user) {
           return world.observed.users[user].id == user_id;
         });
}

World::World(unsigned seed) {
  Dice dice{seed};
  if (Dice other{seed + 2'000'000}; other.chance(3)) {
    auto& policy = plant.setup.directories.front().policy;
    policy.disabled.reset();
    policy.account_states.locked = other.chance(2);
    truth.account_rules.scheme = AccountScheme::openldap;
  }
  mends_references = !dice.chance(4);
  limits.first_plan = Limits::FirstPlan::hold;
  settings["vault"] = {.target = "vault", .prefix = ""};
  settings["console"] = {.target = "console", .prefix = ""};
  settings["extra"] = {.target = "vault", .prefix = "x-", .configured = dice.chance(3), .teams_only = true};
  for (auto& [name, one] : settings) {
    one.adopt = dice.chance(4);
    one.foreign_members = dice.chance(4) ? ForeignMembers::remove : ForeignMembers::report;
    one.source_gone = dice.chance(3) ? SourceGone::empty : SourceGone::keep;
    one.delete_groups = dice.chance(3) ? DeleteGroups::when_empty : DeleteGroups::never;
    one.no_contractors = dice.chance(4);
  }
  auto const provisions = dice.chance(2);
  if (provisions) plant.setup.targets.front().domains = {{"", "corp.example.com"}};
  for (int n = dice.below(9) + 3; n > 0; --n) {
    auto const uid = hire(fresh("p"));
    if (dice.chance(8)) truth.people.at(uid).attributes.insert(disabling());
    if (dice.chance(6)) truth.people.at(uid).attributes["title"] = "contractor";
    if (!provisions || dice.chance(2)) give_user("vault", uid);
    if (!dice.chance(8)) give_user("console", uid);
  }
  for (int n = dice.below(4) + 1; n > 0; --n) {
    auto const cn = make_group(fresh("g"));
    if (dice.chance(2)) truth.groups.at(cn).attributes["description"] = "team";
    for (int members = dice.below(6); members > 0; --members) truth.join(cn, dice.pick(truth.people).first);
    if (dice.chance(3)) truth.join(cn, "@" + dice.pick(truth.groups).first);
  }
  for (auto const* name : {"vault", "console"}) {
    auto& world = world_of(name);
    if (!dice.chance(4)) continue;
    auto const& cn = dice.pick(truth.groups).first;
    world.group(cn);
    for (int members = dice.below(3); members > 0 && !world.observed.users.empty(); --members)
      world.add(cn, dice.pick(world.observed.users).name);
  }
  for (auto const* name : {"vault", "console"}) {
    auto& fake = target(name);
    fake.on_send = [this](Change const& change) {
      ++sends_;
      attempt_->sent.push_back({change, false});
      auto const& crash = now.crash;
      if (!crash || sends_ != crash->nth) return;
      if (crash->at == Crash::At::before_call) die();
      if (crash->at == Crash::At::stop) plant.stop.request_stop();
      if (crash->at == Crash::At::cancel) plant.cancel.emit(boost::asio::cancellation_type::terminal);
    };
  }
}

std::string World::hire(std::string uid, std::string const& id) {
  auto& person = truth.person(uid);
  person.id = id.empty() ? fresh("id-") : id;
  dns_of[person.id].insert(person.dn);
  uids_of[person.id].insert(uid);
  return uid;
}

std::string World::make_group(std::string cn) {
  auto& group = truth.group(cn);
  group.id = fresh("gid-");
  dns_of[group.id].insert(group.dn);
  return cn;
}

void World::give_user(std::string const& name, std::string const& uid) {
  auto& world = world_of(name);
  if (name == "vault")
    world.user(uid, truth.people.at(uid).dn);
  else
    world.user(uid, "", UserSource::unknown);
}

void World::move(std::string const& from, std::string const& to) {
  if (!mends_references) return;
  for (auto& [cn, group] : truth.groups)
    for (auto& value : group.values)
      if (value == from) value = to;
}

void World::rename_uid(std::string const& from, std::string const& to) {
  if (!mends_references) return;
  for (auto& [cn, group] : truth.groups) {
    if (to.empty()) std::erase(group.uids, from);
    std::ranges::replace(group.uids, from, to);
  }
}

std::pair<std::string, std::string> World::disabling() const {
  if (truth.account_rules.scheme == AccountScheme::none) return {"employeeType", "disabled"};
  return {"pwdAccountLockedTime", kLockedForEver};
}

void World::drop_values(std::string const& dn) {
  for (auto& [cn, group] : truth.groups) std::erase(group.values, dn);
}

/// What the read of this run shows.
void World::show() {
  auto& corp = plant.corp;
  corp.world = truth;
  corp.world.name = "corp";
  corp.world.hidden = now.hidden;
  corp.world.may_have_changed = now.may_have_changed;
  for (auto const& [cn, values] : now.lost_values)
    if (auto const group = corp.world.groups.find(cn); group != corp.world.groups.end())
      std::erase_if(group->second.values, [&values](auto const& value) { return values.contains(value); });
  if (!now.hidden_attribute.empty())
    for (auto& [uid, person] : corp.world.people) person.attributes.erase(now.hidden_attribute);
  corp.failure.reset();
  corp.look_failure.reset();
  corp.presences.clear();
  if (now.read_fails) corp.failure = gone_wrong("the search was cut");
  if (now.looks_fail) corp.look_failure = gone_wrong("no second connection");
  for (auto const& id : now.nobody_knows) corp.presences[EntryId{id}] = Presence::unknown;
  for (auto const& id : now.nowhere) corp.presences[EntryId{id}] = Presence::gone;
}

void World::shape_target(std::string const& name) {
  auto& fake = target(name);
  auto const fault = now.targets[name];
  fake.read_failure.reset();
  fake.look_failure.reset();
  if (fault.unread) fake.read_failure = gone_wrong("the target is down");
  if (fault.looks_fail) fake.look_failure = gone_wrong("the look was refused");
  fake.hidden = fault.unlisted;
  fake.on_read = [missing = fault.missing](Observed& observed) {
    for (auto& group : observed.groups)
      if (auto const lost = missing.find(group.name); lost != missing.end())
        std::erase_if(group.users, [&lost, &observed](auto const user) {
          return lost->second.contains(observed.users[user].name);
        });
  };
  fake.fate = [this, fault](Change const& change) {
    if (dead_ || (now.crash && now.crash->at == Crash::At::journal && plant.journal.failed()))
      return Fate::lost_not_done;
    auto const key = scatter(fault.seed, change.target + fake::in_words(change));
    auto fate = Fate::works;
    if (static_cast<int>(key % 100U) < fault.percent) fate = fault.fates[key / 100U % fault.fates.size()];
    auto const is_it = [&change](Sent const& sent) {
      return sent.change.n == change.n && sent.change.target == change.target &&
             sent.change.verb == change.verb;
    };
    auto const sent = std::ranges::find_if(attempt_->sent, is_it);
    if (sent != attempt_->sent.end()) sent->took_effect = is_effective(fate);
    if (now.crash && now.crash->at == Crash::At::after_call && sends_ >= now.crash->nth) {
      die();
      if (sent != attempt_->sent.end()) sent->took_effect = true;
      return Fate::lost_but_done;
    }
    return fate;
  };
}

/// From here on nothing happens any more, wherever the program was.
void World::die() {
  dead_ = true;
  plant.journal.fail_from(1);
}

Attempt World::run() {
  Attempt attempt;
  attempt_ = &attempt;
  sends_ = 0;
  dead_ = false;
  plant.setup.rules.clear();
  for (auto const& [name, one] : settings)
    if (one.configured) plant.setup.rules.push_back(rule_of(name, one, limits));
  for (auto& rule : plant.setup.rules) rule.allow_empty = allows_empty;
  plant.setup.limits = limits;
  for (auto& target : plant.setup.targets) target.limits = limits;
  show();
  attempt.said = said_by(plant.corp.world, states());
  attempt.time = plant.clock.time;
  attempt.freezes = in_force(plant.journal.frozen, plant.clock.time);
  for (auto const* name : {"vault", "console"}) {
    attempt.before[name] = world_of(name);
    shape_target(name);
  }
  plant.journal.fail_from(now.crash && now.crash->at == Crash::At::journal ? now.crash->nth
                                                                           : now.journal_fails_from);
  plant.journal.fail_once(now.journal_fails_once);
  plant.stop = std::stop_source{};
  plant.request = {.apply = !now.plan_only,
                   .trigger = now.undo        ? "undo"
                              : now.by_daemon ? "daemon"
                                              : "sync",
                   .actor = "tester",
                   .cut = now.cut,
                   .approve = now.approve,
                   .accept_band = now.accept_band,
                   .proceed = {},
                   .is_expected = {},
                   .untried = {},
                   .undo = now.undo};
  try {
    auto report = plant.run_once();
    if (report)
      attempt.report = std::move(*report);
    else
      attempt.failure = text(report.error());
  } catch (boost::system::system_error const& cancelled) {
    attempt.failure = cancelled.what();
  }
  plant.journal.fail_from(0);
  plant.journal.fail_once(0);
  now = {};
  attempt_ = nullptr;
  return attempt;
}

}  // namespace dirsync::sequences
