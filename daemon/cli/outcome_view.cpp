#include "daemon/cli/outcome_view.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "daemon/cli/group_view.hpp"
#include "daemon/cli/layout.hpp"
#include "daemon/cli/plan_counts.hpp"
#include "daemon/cli/reason_view.hpp"
#include "daemon/cli/short_text.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"
#include "sync/model/width.hpp"

namespace dirsync::cli {
namespace {

constexpr std::size_t kFailures = 50;

struct Ended {
  std::map<Verb, std::uint64_t> done;
  std::uint64_t already = 0;               // of the done ones
  std::map<Outcome, std::uint64_t> other;  // neither done nor already
  std::vector<Settled const*> failures;    // the same
  std::uint64_t not_sent = 0;
};

Ended ended(Plan const& plan, std::span<Settled const> outcomes) {
  auto const settled = by_change(plan, outcomes);
  Ended all;
  for (std::size_t at = 0; at < settled.size(); ++at) {
    auto const* const one = settled[at];
    if (one == nullptr) {
      all.not_sent += is_to_send(plan.changes[at]) ? 1U : 0U;
    } else if (is_success(one->outcome)) {
      ++all.done[plan.changes[at].verb];
      all.already += one->outcome == Outcome::already ? 1U : 0U;
    } else {
      ++all.other[one->outcome];
      all.failures.push_back(one);
    }
  }
  return all;
}

/// One that came while changes were being sent: the plan, which was shown before, does not tell of it.
bool is_left_by_freeze(Settled const* settled) {
  return settled->outcome == Outcome::skipped && settled->detail.find(" frozen by ") != std::string::npos;
}

std::string result_words(Plan const& plan, Ended const& all, RunEnd const& end) {
  std::vector<std::string> parts;
  if (auto done = done_words(all.done); !done.empty())
    parts.push_back(done + (all.already > 0 ? " (" + grouped(all.already) + " so already)" : ""));
  else
    parts.emplace_back("nothing was changed");
  if (!all.other.empty())
    parts.push_back(
        join(all.other, ", ", [](auto const& of) { return grouped(of.second) + " " + to_text(of.first); }));
  auto const waits = waits_for_a_person(plan) && !end.declined;
  if (all.not_sent > 0)
    parts.push_back(waits ? counted(all.not_sent, "waits", "wait") + " for a person"
                          : grouped(all.not_sent) + " not sent");
  auto waiting = counts_of(plan.changes);
  waiting.to_send.clear();
  if (waiting.has_any()) parts.push_back(words_of(waiting));
  return join(parts, "; ") + ".";
}

std::string failure_line(Settled const& settled, Presentation const& presentation) {
  auto const& change = settled.change;
  auto const& palette = presentation.palette;
  auto const place = printable(change.target) + ": " + printable(change.group);
  LineStart const start{"  " + palette.strong(place) + " " + sign_of(change, palette) + "  ",
                        display_width(place + sign_of(change, Palette::plain())) + 5};
  auto const detail = printable(with_short_digests(settled.detail), 2000);
  return hanging(start, to_text(settled.outcome) + (detail.empty() ? "" : ": " + detail), presentation.width,
                 [&palette](std::string_view text) { return palette.warning(text); });
}

std::vector<std::string> steps_after(Plan const& plan, Ended const& all, RunEnd const& end,
                                     Presentation const& presentation) {
  auto const& command = presentation.command;
  std::vector<std::string> steps;
  if (end.declined)
    steps.push_back("Nothing was sent. To apply it: " + repeat_command(plan, presentation));
  else if (plan.undoes && (end.stopped || !all.failures.empty()))
    steps.push_back("What was not taken back stays as it is; to try it again: " +
                    repeat_command(plan, presentation));
  else if (end.stopped)
    steps.push_back("Ended early; what was not sent is planned again by the next run: " + command + " sync");
  else if (!all.failures.empty())
    steps.push_back("The next run plans again what was not achieved: " + command + " sync" +
                    (end.run.value() == 0
                         ? std::string{}
                         : "; every outcome: " + command + " run show " + std::to_string(end.run.value())));
  if (waits_for_a_person(plan))
    steps.push_back("The rest waits for a person. To let it run: " + approve_command(plan, presentation));
  if (counts_of(plan.changes).blocked > 0)
    steps.push_back("What is blocked stays so until somebody mends it: " + command +
                    " status tells what and how");
  return steps;
}

}  // namespace

std::string outcome_view(Plan const& plan, std::span<Settled const> outcomes, RunEnd const& end,
                         Presentation const& presentation) {
  auto const all = ended(plan, outcomes);
  auto view = hanging({presentation.palette.strong("Result:") + " ", 8}, result_words(plan, all, end),
                      presentation.width);
  auto const number = presentation.verbose ? all.failures.size() : std::min(kFailures, all.failures.size());
  for (auto const* failure : std::span{all.failures}.first(number))
    view += failure_line(*failure, presentation);
  if (number < all.failures.size())
    view += "  and " + grouped(all.failures.size() - number) + " more; --verbose lists all\n";
  view += reasons_of_code(plan, "ended-early", presentation);
  if (std::ranges::any_of(all.failures, is_left_by_freeze))
    view += reasons_of_code(plan, "frozen", presentation);
  for (auto const& step : steps_after(plan, all, end, presentation))
    view += hanging({}, step, presentation.width);
  return view;
}

}  // namespace dirsync::cli
