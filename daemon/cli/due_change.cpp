#include "daemon/cli/due_change.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "sync/model/join.hpp"
#include "sync/model/json.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

bool is_done(json::object const& change) {
  auto const outcome = text_at(change, "outcome");
  return outcome == "done" || outcome == "already";
}

SetAside const* set_aside(AccessFacts const& facts, json::object const& change) {
  // Without a principal it is the group that cannot be made.
  auto const is_it = [&facts, principal = text_at(change, "principal")](SetAside const& one) {
    return facts.is_group(one.group) &&
           (one.principal.empty() || one.principal == principal || facts.is_meant(one.principal, "", ""));
  };
  auto const found = std::ranges::find_if(facts.set_aside, is_it);
  return found == facts.set_aside.end() ? nullptr : &*found;
}

/// What keeps the change back for a person's sake, in words; nothing: nothing does.
std::optional<std::string> freeze_of(AccessFacts const& facts, json::object const& change) {
  if (facts.freezes) {
    Change of_kind;
    of_kind.target = facts.group.target;
    of_kind.verb = text_at(change, "verb") == "remove" ? Verb::remove : Verb::add;
    auto const* const freeze = dirsync::freeze_of(*facts.freezes, of_kind);
    if (freeze == nullptr) return std::nullopt;
    return text(*freeze) + ". `dirsyncd thaw` lets it go on";
  }
  if (!flag_at(change, "frozen")) return std::nullopt;
  for (auto const& reason : array_at(target_plan(facts), "reasons"))
    if (text_at(object_in(reason), "code") == "frozen") return text_at(object_in(reason), "text");
  return std::nullopt;
}

/// Why the plan waits: all that holds it, in words.
std::string holds_of(AccessFacts const& facts) {
  static constexpr std::array<std::string_view, 2> kHoldNothing{"frozen", "unconfirmed"};
  std::vector<std::string> holds;
  for (auto const& value : array_at(facts.plan, "reasons")) {
    auto const& reason = object_in(value);
    if (std::ranges::find(kHoldNothing, text_at(reason, "code")) == kHoldNothing.end())
      holds.push_back(text_at(reason, "text"));
  }
  return holds.empty() ? std::string{} : ", because " + join(holds, "; ");
}

/// A target that is frozen has that verdict whatever else there is.
bool is_held(AccessFacts const& facts) {
  auto const& target = target_plan(facts);
  auto const is_frozen = [](json::value const& reason) {
    return text_at(object_in(reason), "code") == "frozen";
  };
  return text_at(target, "verdict") == "hold" &&
         (!holds_of(facts).empty() || std::ranges::none_of(array_at(target, "reasons"), is_frozen));
}

/// Of a change that a held plan has, as persons have decided of that plan since.
Standing held(AccessFacts const& facts, std::string const& what, std::string const& why) {
  auto const digest = text_at(facts.plan, "digest").substr(0, 8);
  auto const by = [&facts] {
    return facts.decided->decided_by +
           (facts.decided->decided ? " at " + rfc3339(*facts.decided->decided) : std::string{});
  };
  if (facts.decided && facts.decided->state == StoredPlan::State::approved)
    return {"pending", what + " is in plan " + digest + ", which was approved by " + by() +
                           "; the next run makes it: " + why};
  if (facts.decided && facts.decided->state == StoredPlan::State::rejected)
    return {"held", what + " is in plan " + digest + ", which was rejected by " + by() +
                        (facts.decided->decided_why.empty() ? "" : ": " + facts.decided->decided_why) +
                        ". It waits until the plan changes, or for `dirsyncd approve " + digest +
                        "`: " + why};
  return {"held", what + " is in the plan that waits for a person" + holds_of(facts) +
                      ". Look at it with `dirsyncd plan`, and let it run with `dirsyncd approve " + digest +
                      "`: " + why};
}

}  // namespace

json::object const& target_plan(AccessFacts const& facts) {
  return object_at(object_at(facts.plan, "targets"), facts.group.target);
}

json::object const* due_change(AccessFacts const& facts, std::string_view verb) {
  for (auto const& value : array_at(target_plan(facts), "changes")) {
    auto const& change = object_in(value);
    if (text_at(change, "verb") == verb && facts.is_group(text_at(change, "group")) && !is_done(change) &&
        facts.is_meant(text_at(change, "principal"), text_at(change, "dn"), text_at(change, "id")))
      return &change;
  }
  return nullptr;
}

Standing standing_of(AccessFacts const& facts, json::object const& change, std::string const& what) {
  auto const outcome = text_at(change, "outcome");
  auto const detail = text_at(change, "detail");
  auto const why = text_at(change, "why");
  if (outcome == "blocked")
    return {text_at(change, "code") == "not-ours" ? "not-ours" : "blocked",
            what + " is due and cannot be sent: " + detail};
  if (outcome == "unconfirmed")
    return {"unconfirmed", what + " waits until further reads confirm it: " + why};
  if (auto const freeze = freeze_of(facts, change)) return {"frozen", what + " is due, and " + *freeze};
  if (auto const* const aside = set_aside(facts, change); aside != nullptr)
    return {"set-aside", what + " failed and is tried again after " + rfc3339(aside->next_try) +
                             ", or by `dirsyncd sync` at once: " + aside->reason};
  if (!outcome.empty())
    return {"pending", what + " is due, and the last run ended with it " + outcome +
                           (detail.empty() ? "" : ": " + detail) + ". The next run tries it again"};
  if (!flag_at(change, "frozen") && is_held(facts)) return held(facts, what, why);
  return {"pending", what + " is due in the next run: " + why};
}

}  // namespace dirsync::cli
