#include "daemon/cli/decision.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "sync/model/joined_id.hpp"
#include "sync/model/json.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

std::string who(AccessFacts const& facts) { return printable(facts.user); }
std::string where(AccessFacts const& facts) {
  auto const target = facts.group.target.empty() ? std::string{} : " of " + facts.group.target;
  return "group " + printable(facts.group.name) + target;
}

json::object const& target_plan(AccessFacts const& facts) {
  return object_at(object_at(facts.plan, "targets"), facts.group.target);
}

bool is_done(json::object const& change) {
  auto const outcome = text_at(change, "outcome");
  return outcome == "done" || outcome == "already";
}

/// What the last run planned for the person there and did not do; null: nothing.
json::object const* due(AccessFacts const& facts, std::string_view verb) {
  for (auto const& value : array_at(target_plan(facts), "changes")) {
    auto const& change = object_in(value);
    if (text_at(change, "verb") == verb && facts.is_group(text_at(change, "group")) && !is_done(change) &&
        facts.is_meant(text_at(change, "principal"), text_at(change, "dn"), text_at(change, "id")))
      return &change;
  }
  return nullptr;
}

std::string sentence(std::string text) {
  if (!text.empty() && text.back() != '.') text += '.';
  return text;
}

SetAside const* set_aside(AccessFacts const& facts) {
  auto const is_it = [&facts](SetAside const& one) {
    return facts.is_group(one.group) && facts.is_meant(one.principal, "", "");
  };
  auto const found = std::ranges::find_if(facts.set_aside, is_it);
  return found == facts.set_aside.end() ? nullptr : &*found;
}

std::string digest_of(AccessFacts const& facts) { return text_at(facts.plan, "digest"); }

struct Standing {
  std::string code, text;
};

/// Why that change was not made; `what`: in words, "the addition".
Standing standing_of(AccessFacts const& facts, json::object const& change, std::string const& what) {
  auto const outcome = text_at(change, "outcome");
  auto const detail = text_at(change, "detail");
  auto const why = text_at(change, "why");
  if (outcome == "blocked")
    return {text_at(change, "code") == "not-ours" ? "not-ours" : "blocked",
            what + " is due and cannot be sent: " + detail};
  if (outcome == "unconfirmed")
    return {"unconfirmed", what + " waits until further reads confirm it: " + why};
  if (auto const* const aside = set_aside(facts); aside != nullptr)
    return {"set-aside",
            what + " failed and is tried again after " + rfc3339(aside->next_try) + ": " + aside->reason};
  if (!outcome.empty())
    return {"pending", what + " is due, and the last run ended with it " + outcome +
                           (detail.empty() ? "" : ": " + detail) + ". The next run tries it again"};
  auto const* const is_frozen = change.if_contains("frozen");
  for (auto const& reason : array_at(target_plan(facts), "reasons"))
    if (is_frozen != nullptr && text_at(object_in(reason), "code") == "frozen")
      return {"frozen", what + " is due, and changes are frozen: " + text_at(object_in(reason), "text")};
  if (text_at(target_plan(facts), "verdict") == "hold")
    return {"held", what + " is in the plan that waits for a person: `dirsyncd approve " +
                        digest_of(facts).substr(0, 8) + "`. " + why};
  return {"pending", what + " is due in the next run: " + why};
}

/// A notice of somebody whom the target does not know yet has nothing but the name that they would have
/// there, often an address.
bool names_the_person(AccessFacts const& facts, std::string const& principal) {
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
      auto const group = text_at(notice, "group"), principal = text_at(notice, "principal");
      if (text_at(notice, "code") == code && !principal.empty() && (group.empty() || facts.is_group(group)) &&
          names_the_person(facts, principal))
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
  if (auto const* const removal = due(facts, "remove"); removal != nullptr) {
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
  if (is_foreign(facts)) {
    decision.member = true;
    return because("foreign", "not because of dirsyncd; somebody else put them there");
  }
  if (auto const* const addition = due(facts, "add"); addition != nullptr) {
    decision.rule = text_at(*addition, "rule");
    decision.path = text_at(*addition, "path");
    auto const standing = standing_of(facts, *addition, "the addition");
    return because(standing.code, standing.text);
  }
  if (auto const notice = noticed(facts)) return because(notice->code, notice->text);
  if (is_among(facts, facts.left_out.excluded))
    return because("excluded", "its source groups name them, and exclude_people of the rule leaves them out");
  if (is_among(facts, facts.left_out.disabled))
    return because("disabled",
                   "its source groups name them, and their account is disabled, expired or locked");
  if (auto const text = told_of_group(facts, "changes", "not-ours"); !text.empty())
    return because("not-ours", text);
  if (auto const text = told_of_group(facts, "notices", "orphaned"); !text.empty())
    return because("orphaned", text);
  return because("not-selected",
                 facts.at ? "no rule had given them this membership by then, or why not was not kept"
                          : "no source group of a rule names them for it");
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
  return facts.held ? of_member(facts) : of_others(facts);
}

}  // namespace dirsync::cli
