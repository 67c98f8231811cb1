#include "daemon/cli/decision.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "daemon/cli/due_change.hpp"
#include "sync/engine/apply/strangers.hpp"
#include "sync/model/json.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

/// As they were asked for; by their id: as the target or, where it knows none, the directory names them.
std::string who(AccessFacts const& facts) {
  std::string_view dn;
  for (auto const& person : facts.names) {
    if (person.id.value() != facts.user) continue;
    if (person.target == facts.group.target && !person.principal.empty()) return printable(person.principal);
    dn = person.dn;
  }
  return printable(dn.empty() ? facts.user : dn);
}
std::string where(AccessFacts const& facts) {
  auto const target = facts.group.target.empty() ? std::string{} : " of " + facts.group.target;
  return "group " + printable(facts.group.name) + target;
}

std::string sentence(std::string text) {
  if (!text.empty() && text.back() != '.') text += '.';
  return text;
}

/// An older notice of somebody whom the target does not know yet has nothing but the name that they would
/// have there, often an address.
bool names_the_person(AccessFacts const& facts, json::object const& notice) {
  auto const principal = text_at(notice, "principal"), dn = text_at(notice, "dn");
  if (!dn.empty()) return facts.is_meant(principal, dn, "");
  return facts.is_meant(principal, principal, principal) ||
         facts.is_meant(principal.substr(0, principal.find('@')), "", "");
}

/// Notices that tell of a person, and what they come to.
std::optional<Standing> noticed(AccessFacts const& facts) {
  static constexpr std::array<std::pair<char const*, char const*>, 9> kCodes{
      {{"waiting", "waiting"},
       {"ambiguous", "ambiguous"},
       {"several-values", "ambiguous"},
       {"unnamed", "ambiguous"},
       {"unclear-account", "ambiguous"},
       {"not-joined", "ambiguous"},
       {"refused-name", "blocked"},
       {"unaddressable", "blocked"},
       {"protected", "blocked"}}};
  for (auto const& [code, decision] : kCodes)
    for (auto const& value : array_at(target_plan(facts), "notices")) {
      auto const& notice = object_in(value);
      auto const group = text_at(notice, "group");
      if (text_at(notice, "code") == code && !text_at(notice, "principal").empty() &&
          (group.empty() || facts.is_group(group)) && names_the_person(facts, notice))
        return Standing{decision, text_at(notice, "text")};
    }
  return std::nullopt;
}

/// What a notice or a blocked change says of the whole group; empty: nothing.
std::string told_of_group(AccessFacts const& facts, char const* list, std::string_view code) {
  for (auto const& value : array_at(target_plan(facts), list)) {
    auto const& row = object_in(value);
    if (text_at(row, "code") == code && facts.is_group(text_at(row, "group")))
      return text_at(row, std::string_view{list} == "notices" ? "text" : "detail");
  }
  return {};
}

/// Why nothing is changed in the group at all; empty: it is.
std::string stuck(AccessFacts const& facts) {
  static constexpr std::array<char const*, 11> kCodes{
      "protected", "damaged",      "unaddressable", "directory-group", "hidden-group", "refused-name",
      "ambiguous", "case-differs", "collision",     "rule-conflict",   "missing-group"};
  for (auto const& value : array_at(target_plan(facts), "notices")) {
    auto const& notice = object_in(value);
    if (std::ranges::find(kCodes, text_at(notice, "code")) != kCodes.end() &&
        text_at(notice, "principal").empty() && facts.is_group(text_at(notice, "group")))
      return text_at(notice, "text");
  }
  return {};
}

/// Somebody who may have been let in for somebody else, and whom a person is to take out.
Blocked const* stranger(AccessFacts const& facts) {
  auto const is_it = [&facts](Blocked const& one) {
    return one.code == engine::kStranger && facts.is_group(one.change.group) &&
           facts.is_meant(one.change.principal, one.change.dn, "");
  };
  auto const found = std::ranges::find_if(facts.blocked, is_it);
  return found == facts.blocked.end() ? nullptr : &*found;
}

bool is_among(AccessFacts const& facts, std::vector<EntryId> const& ids) {
  return std::ranges::any_of(ids, [&facts](EntryId const& id) { return facts.is_meant("", "", id.value()); });
}

bool is_foreign(AccessFacts const& facts) {
  return std::ranges::any_of(facts.foreign,
                             [&facts](std::string const& name) { return facts.is_meant(name, "", ""); });
}

bool is_known_user(AccessFacts const& facts) {
  if (!facts.names.empty() || is_foreign(facts)) return true;
  for (auto const& [name, target] : object_at(facts.plan, "targets"))
    for (auto const* const list : {"changes", "notices"})
      for (auto const& value : array_at(object_in(target), list)) {
        auto const& row = object_in(value);
        if (facts.is_meant(text_at(row, "principal"), text_at(row, "dn"), text_at(row, "id"))) return true;
      }
  return false;
}

bool is_known_group(AccessFacts const& facts) {
  if (facts.group.kept || !facts.left_out.disabled.empty() || !facts.left_out.excluded.empty()) return true;
  for (auto const* const list : {"changes", "notices"})
    for (auto const& value : array_at(target_plan(facts), list))
      if (facts.is_group(text_at(object_in(value), "group"))) return true;
  return false;
}

Decision of_member(AccessFacts const& facts) {
  auto const& held = *facts.held;
  Decision decision{.member = true, .code = "granted", .text = "", .rule = held.rule, .path = held.path};
  auto const by = held.rule.empty() ? std::string{} : " because of rule " + held.rule;
  auto const how = held.path.empty() ? std::string{} : ": " + printable(held.path, held.path.size());
  decision.text = sentence(who(facts) + " is in " + where(facts) + by + how);
  if (auto const* const removal = due_change(facts, "remove"); removal != nullptr) {
    auto const standing = standing_of(facts, *removal, "The removal");
    decision.code = standing.code;
    decision.text += " " + sentence(standing.text);
  } else if (auto const orphaned = told_of_group(facts, "notices", "orphaned"); !orphaned.empty()) {
    decision.code = "orphaned";
    decision.text += " " + sentence(orphaned);
  }
  return decision;
}

/// How an earlier membership ended, where there was one.
std::string former(AccessFacts const& facts) {
  auto const ended_by_then = [&facts](store::HeldInterval const& one) {
    return one.ended && (!facts.at || *one.ended <= *facts.at);
  };
  auto const last = std::find_if(facts.history.rbegin(), facts.history.rend(), ended_by_then);
  if (last == facts.history.rend()) return {};
  return " A membership ended at " + rfc3339(*last->ended) +
         (last->ended_why.empty() ? "" : ": " + last->ended_why) + ".";
}

Decision of_others(AccessFacts const& facts) {
  Decision decision;
  auto const because = [&decision, &facts](std::string code, std::string const& text) {
    decision.code = std::move(code);
    decision.text =
        sentence(who(facts) + (decision.member ? " is in " : " is not in ") + where(facts) + ": " + text) +
        (decision.member ? "" : former(facts));
    return decision;
  };
  if (auto const* const let_in = stranger(facts); let_in != nullptr) {
    decision.member = true;
    return because("blocked", let_in->reason);
  }
  if (is_foreign(facts)) {
    decision.member = true;
    if (auto const* const removal = due_change(facts, "remove"); removal != nullptr) {
      decision.rule = text_at(*removal, "rule");
      auto const standing = standing_of(facts, *removal, "the removal");
      return because(standing.code, "not because of dirsyncd; " + standing.text);
    }
    return because(
        "foreign",
        "not because of dirsyncd; somebody else put them there, and there they are left. Take them "
        "out in the target if they should not have it");
  }
  if (auto const* const addition = due_change(facts, "add"); addition != nullptr) {
    decision.rule = text_at(*addition, "rule");
    decision.path = text_at(*addition, "path");
    auto const standing = standing_of(facts, *addition, "the addition");
    return because(standing.code, standing.text);
  }
  auto const of_rule = [&decision, &facts, &because](std::string code, std::string const& text) {
    decision.rule = facts.rule;
    return because(std::move(code), text);
  };
  auto const rule = facts.rule.empty() ? std::string{"the rule"} : "rule " + facts.rule;
  if (auto const notice = noticed(facts)) return of_rule(notice->code, notice->text);
  if (is_among(facts, facts.left_out.excluded))
    return of_rule("excluded",
                   "its source groups name them, and exclude_people of " + rule + " leaves them out");
  if (is_among(facts, facts.left_out.disabled))
    return of_rule("disabled",
                   "its source groups name them, and their account is disabled, expired or locked; "
                   "they get it once the account can be used");
  if (auto const text = told_of_group(facts, "changes", "not-ours"); !text.empty())
    return because("not-ours", text);
  if (auto const text = told_of_group(facts, "notices", "orphaned"); !text.empty())
    return because("orphaned", text);
  if (auto const text = stuck(facts); !text.empty()) return of_rule("blocked", text);
  return because("not-selected",
                 facts.at
                     ? "no rule had given them this membership by then, or why not was not kept"
                     : "no source group of " + (facts.rule.empty() ? "a rule" : rule) +
                           " names them for it. Whoever should have it becomes a member of such a group");
}

}  // namespace

Decision decide_why(AccessFacts const& facts) {
  auto const unknown = [](char const* code, std::string text) {
    return Decision{.member = false, .code = code, .text = std::move(text), .rule = "", .path = ""};
  };
  if (!is_known_group(facts))
    return unknown("unknown-group",
                   "dirsyncd never had anything in a group \"" + printable(facts.group.name) +
                       "\" and plans nothing for one; give a group's name in the target, not "
                       "in the directory.");
  if (!is_known_user(facts))
    return unknown("unknown-user", "no directory that was read and no membership has a user \"" + who(facts) +
                                       "\"; give a name in the target, a DN, a uid or an immutable id.");
  auto decision = facts.held ? of_member(facts) : of_others(facts);
  if (!facts.unread.empty() && facts.run)
    decision.text += " Since run " + std::to_string(facts.run->id.value()) + " no run has read " +
                     facts.group.target + ": " + sentence(facts.unread);
  return decision;
}

}  // namespace dirsync::cli
