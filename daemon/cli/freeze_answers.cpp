// What freeze, thaw and retry do to the store, and say.
#include <algorithm>
#include <chrono>

#include "daemon/cli/context.hpp"
#include "daemon/cli/when.hpp"
#include "daemon/cli/wishes.hpp"
#include "daemon/witness.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/document.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;
using std::chrono::system_clock;

constexpr std::size_t kLongestReason = 500;  // bytes

Answer usage_mistake(std::string const& text) { return refusal(kUsage, "usage", text); }

std::optional<Answer> refuse_unknown_target(config::Config const& config, std::string const& target) {
  if (target.empty() || config.targets.contains(target)) return std::nullopt;
  return usage_mistake("--target: no target " + printable(target) + " in " + config.file +
                       "; there are: " + join(config.targets, ", ", [](auto const& item) {
                         return std::string_view{item.first};
                       }));
}

json::array freeze_values(std::vector<Freeze> const& freezes) {
  json::array values;
  for (auto const& freeze : freezes) values.push_back(plan::freeze_value(freeze));
  return values;
}

std::string freeze_lines(std::vector<Freeze> const& freezes, char const* before) {
  std::string lines;
  for (auto const& freeze : freezes) lines += before + text(freeze) + "\n";
  return lines;
}

std::string effect_of_freeze(Freeze const& freeze) {
  auto const end = "`dirsyncd " + thaw_command({&freeze, 1}) + "`" +
                   (freeze.until ? ", or " + rfc3339(*freeze.until) : "");
  auto const where = freeze.target.empty() ? std::string{} : " to " + freeze.target;
  return (freeze.removals_alone ? "Additions go on. No removal is sent" : "Nothing is sent") + where +
         " before " + end + ": people who are gone or disabled keep their access until then.\n";
}

}  // namespace

std::optional<std::string> flaw_of_reason(std::string const& reason) {
  if (reason.size() > kLongestReason)
    return "a reason has at most " + std::to_string(kLongestReason) + " bytes; this one has " +
           std::to_string(reason.size());
  if (printable(reason, kLongestReason) != reason) return "a reason is UTF-8 text without control characters";
  return std::nullopt;
}

std::optional<std::string> flaw_of_approval(std::string const& approve, std::string const& reason) {
  if (approve.empty() && !reason.empty())
    return "--reason: it is kept with an approval; give --approve DIGEST as well";
  auto const flaw = flaw_of_reason(reason);
  return flaw ? std::optional{"--reason: " + *flaw} : std::nullopt;
}

Answer freeze_answer(config::Config const& config, store::Store& store, FreezeWish const& wish,
                     std::string const& actor) {
  if (trimmed(wish.reason).empty()) return usage_mistake("--reason: say why; it is kept in the audit trail");
  if (auto const flaw = flaw_of_reason(wish.reason)) return usage_mistake("--reason: " + *flaw);
  if (auto unknown = refuse_unknown_target(config, wish.target)) return *std::move(unknown);
  auto const now = system_clock::now();
  Freeze freeze{.target = wish.target,
                .removals_alone = wish.removals_alone,
                .reason = wish.reason,
                .actor = actor,
                .since = now};
  if (!wish.until.empty()) {
    freeze.until = parse_later(wish.until, now);
    if (!freeze.until)
      return usage_mistake(
          "--until takes an RFC 3339 time such as 2026-11-21T08:00:00Z, or how long, such as 90m, 24h, 7d");
    if (*freeze.until <= now) return usage_mistake("--until: " + rfc3339(*freeze.until) + " is over already");
  }
  auto const before = store.freezes();
  if (!before) return refusal(before.error());
  if (auto const done = store.freeze(freeze); !done) return refusal(done.error());
  tell_chain_head(store);
  auto const all = store.freezes();
  if (!all) return refusal(all.error());
  json::object document{{"frozen", freeze_values(in_force(*all, now))}};
  auto words = "frozen: " + text(freeze) + "\n";
  // It may stop less, or end sooner, than what somebody else meant to stop.
  auto const in_force_before = in_force(*before, now);
  auto const replaced = std::ranges::find(in_force_before, wish.target, &Freeze::target);
  if (replaced != in_force_before.end()) {
    document["replaced"] = plan::freeze_value(*replaced);
    words += "it takes the place of: " + text(*replaced) + "\n";
  }
  return {.document = json::serialize(document), .text = words + effect_of_freeze(freeze)};
}

Answer thaw_answer(config::Config const& config, store::Store& store, std::string const& target,
                   std::string const& actor) {
  auto const now = system_clock::now();
  auto const ended = store.thaw(target, actor, now);
  if (!ended) return refusal(ended.error());
  if (!ended->empty()) tell_chain_head(store);
  auto const all = store.freezes();
  if (!all) return refusal(all.error());
  auto left = in_force(*all, now);
  if (ended->empty()) {
    // What is frozen may be of a target that is configured no more; else the name is a slip.
    if (auto unknown = refuse_unknown_target(config, target)) return *std::move(unknown);
    auto const of_all = std::ranges::find(left, std::string{}, &Freeze::target);
    if (!target.empty() && of_all != left.end())
      return refusal(kUsage, "frozen",
                     "nothing but all targets together is frozen: " + text(*of_all) +
                         "; `dirsyncd thaw` ends that for all of them");
  }
  return {
      .document =
          json::serialize(json::object{{"thawed", freeze_values(*ended)}, {"frozen", freeze_values(left)}}),
      .text = (ended->empty() ? std::string{"nothing was frozen there\n"} : freeze_lines(*ended, "ended: ")) +
              freeze_lines(left, "still frozen: ")};
}

Answer retry_answer(config::Config const& config, store::Store& store, store::RetryWish const& wish,
                    std::string const& actor, bool comes_at_once) {
  if (auto unknown = refuse_unknown_target(config, wish.target)) return *std::move(unknown);
  auto const meant = store.retry(wish, actor, system_clock::now());
  if (!meant) return refusal(meant.error());
  if (!meant->empty()) tell_chain_head(store);
  json::array values;
  std::string lines;
  for (auto const& object : *meant) {
    values.push_back({{"target", object.target},
                      {"group", as_utf8(object.group)},
                      {"principal", as_utf8(object.principal)},
                      {"reason", as_utf8(object.reason)},
                      {"attempts", object.attempts}});
    lines += object.target + ": " + object.group + (object.principal.empty() ? "" : ", " + object.principal) +
             " is tried in the next run\n";
  }
  if (meant->empty()) lines = "nothing that fits is set aside\n";
  if (comes_at_once)
    lines += "the service makes a run now, which also tries the directories and " +
             (wish.target.empty() ? std::string{"targets"} : "target " + wish.target) +
             " if they were left out because they could not be read\n";
  return {
      .document = json::serialize(json::object{{"retried", std::move(values)}, {"at_once", comes_at_once}}),
      .text = std::move(lines)};
}

}  // namespace dirsync::cli
