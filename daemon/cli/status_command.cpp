// status.
#include <algorithm>
#include <iterator>
#include <span>

#include "daemon/cli/answer.hpp"
#include "daemon/cli/by_service.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/feed_view.hpp"
#include "daemon/cli/held_view.hpp"
#include "daemon/cli/output.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/unconfirmed_view.hpp"
#include "daemon/revocation_delay.hpp"
#include "sync/model/approvals.hpp"
#include "sync/model/join.hpp"
#include "sync/model/json.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/document.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

json::array by_group(std::vector<TargetState::OfGroup> const& of_groups) {
  json::array list;
  for (auto const& one : of_groups) list.push_back({{"group", one.group}, {"text", one.text}});
  return list;
}

json::object target_value(TargetState const& state) {
  json::array waiting;
  for (auto const& name : state.waiting) waiting.push_back(json::string{name});
  return {{"state", to_text(state.kind)},
          {"last_success", nullptr},
          {"set_aside", json::array{}},
          {"waiting", std::move(waiting)},
          {"effective", by_group(state.effective)},
          {"unresolved", by_group(state.unresolved)},
          {"in_sync", state.in_sync()}};
}

/// Of a target that no run had in its plan yet.
json::object unknown_target() {
  return {{"state", "never run"},     {"last_success", nullptr},    {"set_aside", json::array{}},
          {"waiting", json::array{}}, {"effective", json::array{}}, {"unresolved", json::array{}},
          {"in_sync", false}};
}

Result<json::object> targets_status(store::Store& store, config::Config const& config) {
  auto const states = store.target_states();
  if (!states) return states.error();
  json::object targets;
  for (auto const& [name, target] : config.targets) {
    auto const state = states->find(name);
    targets[name] = state == states->end() ? unknown_target() : target_value(state->second);
  }
  if (auto const successes = store.last_successes())
    for (auto const& [name, success] : *successes)
      if (targets.contains(name)) targets[name].as_object()["last_success"] = rfc3339(success.time);
  if (auto const aside = store.all_set_aside())
    for (auto const& object : *aside)
      if (targets.contains(object.target))
        targets[object.target].as_object()["set_aside"].as_array().push_back(
            {{"group", object.group},
             {"principal", object.principal},
             {"reason", object.reason},
             {"attempts", object.attempts},
             {"next_try", rfc3339(object.next_try)}});
  return targets;
}

/// `list`: "effective", who is in groups whose member is an LDAP group itself; "unresolved".
std::string by_group_view(json::object const& targets, char const* list) {
  std::string view;
  for (auto const& [name, target] : targets)
    for (auto const& value : array_at(object_in(target), list))
      view += std::string{name} + ", " + text_at(object_in(value), "group") + ": " +
              text_at(object_in(value), "text") + "\n";
  return view;
}

/// Who gets what they are due once the target knows them.
std::string waiting_view(json::object const& targets) {
  constexpr std::size_t kMost = 10;
  std::string view;
  for (auto const& [name, target] : targets) {
    auto const& waiting = array_at(object_in(target), "waiting");
    if (waiting.empty()) continue;
    auto const first = std::span{waiting.data(), std::min(kMost, waiting.size())};
    auto line = "waiting in " + std::string{name} + ": " +
                join(first, ", ", [](json::value const& who) { return std::string_view{who.as_string()}; });
    if (waiting.size() > kMost)
      line += " and " + std::to_string(waiting.size() - kMost) + " more; --json lists all";
    view += line + "\n";
  }
  return view;
}

/// Of the configured targets, in their order.
Result<std::vector<Blocked>> blocked_changes(store::Store& store, config::Config const& config) {
  std::vector<Blocked> all;
  for (auto const& [name, target] : config.targets) {
    auto blocked = store.blocked(name);
    if (!blocked) return blocked.error();
    std::ranges::move(*blocked, std::back_inserter(all));
  }
  return all;
}

json::array blocked_values(std::vector<Blocked> const& blocked) {
  json::array values;
  for (auto const& [change, code, reason, since] : blocked)
    values.push_back({{"n", values.size() + 1},
                      {"target", change.target},
                      {"verb", to_text(change.verb)},
                      {"group", as_utf8(change.group)},
                      {"principal", as_utf8(change.principal)},
                      {"dn", as_utf8(change.dn)},
                      {"id", change.id.value()},
                      {"rule", change.rule},
                      {"path", as_utf8(change.path)},
                      {"why", as_utf8(change.why)},
                      {"outcome", kBlocked},
                      {"detail", as_utf8(reason)},
                      {"code", code},
                      {"reason", as_utf8(reason)},
                      {"since", rfc3339(since)}});
  return values;
}

/// What is due and cannot be done, however many there are: nobody may overlook one.
std::string blocked_view(std::vector<Blocked> const& blocked) {
  std::vector<std::vector<std::string>> rows{
      {"BLOCKED IN", "SINCE", "VERB", "GROUP", "PRINCIPAL", "CODE", "REASON"}};
  for (auto const& [change, code, reason, since] : blocked)
    rows.push_back(
        {change.target, rfc3339(since), to_text(change.verb), change.group, change.principal, code, reason});
  return rows.size() > 1 ? table(rows) : std::string{};
}

std::string targets_view(json::object const& targets) {
  std::vector<std::vector<std::string>> rows{{"TARGET", "STATE", "LAST SUCCESS", "WAITING", "SET ASIDE"}};
  for (auto const& [name, value] : targets) {
    auto const& target = object_in(value);
    auto const success = text_at(target, "last_success");
    rows.push_back({std::string{name}, text_at(target, "state"), success.empty() ? "never" : success,
                    std::to_string(array_at(target, "waiting").size()),
                    std::to_string(array_at(target, "set_aside").size())});
  }
  return table(rows) + by_group_view(targets, "effective") + by_group_view(targets, "unresolved") +
         waiting_view(targets);
}

/// What people have frozen, first of all.
std::string frozen_view(std::vector<Freeze> const& freezes) {
  std::string view;
  for (auto const& freeze : freezes)
    view +=
        "FROZEN: " + text(freeze) + "\n  to let it go on: `dirsyncd " + thaw_command({&freeze, 1}) + "`\n";
  return view;
}

/// How many of the approvals that it takes are there.
json::object approvals_value(StoredPlan const& plan, std::chrono::seconds approval_ttl, Time now) {
  json::array given;
  for (auto const& one : valid_approvals(plan, approval_ttl, now))
    given.push_back({{"by", as_utf8(one.actor)}, {"at", rfc3339(one.at)}, {"reason", as_utf8(one.reason)}});
  return {{"needed", plan.approvals_needed}, {"given", std::move(given)}};
}

json::array held_values(std::vector<StoredPlan> const& held, config::Config const& config,
                        store::Store& store) {
  auto const now = std::chrono::system_clock::now();
  json::array values;
  for (auto const& plan : held) {
    auto const full = store.find_plan(plan.digest);
    auto const document =
        full && *full ? parse_json((*full)->document_json).value_or(json::value{}) : json::value{};
    values.push_back({{"digest", plan.digest.value()},
                      {"since", rfc3339(plan.first_seen)},
                      {"approvals", approvals_value(plan, config.limits.approval_ttl, now)},
                      {"command", command_of(plan)},
                      {"reasons", array_at(object_in(document), "reasons")}});
  }
  return values;
}

/// Of removals of the last day.
Result<RevocationDelay> delay_of_late(store::Store& store, config::Config const& config, Time now) {
  auto const delays = store.removal_delays(now - std::chrono::hours{24});
  if (!delays) return delays.error();
  return revocation_delay(*delays, config.schedule.revocation_target);
}

json::object instance_value(std::optional<store::InstanceLock::Holder> const& instance) {
  if (!instance) return {{"running", false}, {"pid", nullptr}, {"since", nullptr}};
  return {{"running", true}, {"pid", instance->pid}, {"since", rfc3339(instance->since)}};
}

std::string instance_line(std::optional<store::InstanceLock::Holder> const& instance) {
  if (!instance) return "no instance running\n";
  return "instance running, pid " + std::to_string(instance->pid) + "\n";
}

json::object delay_value(RevocationDelay const& delay) {
  auto const ms = [](std::optional<std::chrono::milliseconds> const& value) {
    return value ? json::value(value->count()) : json::value{};
  };
  return {{"p50_ms", ms(delay.p50)},
          {"p99_ms", ms(delay.p99)},
          {"worst_ms", ms(delay.worst)},
          {"over_target", delay.over_target ? json::value(*delay.over_target) : json::value{}}};
}

}  // namespace

Answer status_answer(config::Config const& config, store::Store& store,
                     std::optional<store::InstanceLock::Holder> const& instance,
                     watch::FeedStates const& feeds) {
  auto const held = store.held_plans();
  if (!held) return refusal(held.error(), kInternal);
  auto targets = targets_status(store, config);
  if (!targets) return refusal(targets.error(), kInternal);
  auto const blocked = blocked_changes(store, config);
  if (!blocked) return refusal(blocked.error(), kInternal);
  auto unconfirmed = unconfirmed_changes(store, config);
  if (!unconfirmed) return refusal(unconfirmed.error(), kInternal);
  auto const all_freezes = store.freezes();
  if (!all_freezes) return refusal(all_freezes.error(), kInternal);
  auto const now = std::chrono::system_clock::now();
  auto const delay = delay_of_late(store, config, now);
  if (!delay) return refusal(delay.error(), kInternal);
  auto const freezes = in_force(*all_freezes, now);
  json::array frozen;
  for (auto const& freeze : freezes) frozen.push_back(plan::freeze_value(freeze));
  Answer answer;
  answer.text = frozen_view(freezes) + targets_view(*targets) + blocked_view(*blocked) +
                unconfirmed_view(*unconfirmed) + feeds_view(feeds) +
                held_view(*held, config.limits.approval_ttl, now) + revocation_line(*delay) +
                instance_line(instance);
  answer.document = json::serialize(json::object{{"targets", std::move(*targets)},
                                                 {"held", held_values(*held, config, store)},
                                                 {"blocked", blocked_values(*blocked)},
                                                 {"unconfirmed", *std::move(unconfirmed)},
                                                 {"freeze", frozen.empty() ? json::value{} : frozen.front()},
                                                 {"frozen", frozen},
                                                 {"revocation_delay", delay_value(*delay)},
                                                 {"feed", feed_values(config, feeds)},
                                                 {"daemon", instance_value(instance)}});
  return answer;
}

Answer held_plans_answer(config::Config const& config, store::Store& store) {
  auto const held = store.held_plans();
  if (!held) return refusal(held.error(), kInternal);
  return {.document = json::serialize(json::object{{"plans", held_values(*held, config, store)}}),
          .text = held_view(*held, config.limits.approval_ttl, std::chrono::system_clock::now())};
}

int show_status(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto const by_service = status_by_service(arguments, *config);
  if (by_service.exit) return *by_service.exit;
  auto state = open_state(*config, StateUse::read);
  if (!state) {
    auto error = state.error();
    if (!by_service.why_not.empty()) error.context += "; " + by_service.why_not;
    return refuse_state(arguments, error);
  }
  auto const instance = store::InstanceLock::holder(state->folder);
  return show_answer(arguments, status_answer(*config, state->store, instance, {}), Palette::plain());
}

}  // namespace dirsync::cli
