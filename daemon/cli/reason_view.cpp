#include "daemon/cli/reason_view.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "daemon/cli/layout.hpp"
#include "daemon/cli/plan_counts.hpp"
#include "daemon/cli/short_text.hpp"
#include "sync/model/text.hpp"
#include "sync/model/time.hpp"

namespace dirsync::cli {
namespace {

using Reasons = std::vector<Reason const*>;

/// Those whose text says nothing but figure, bound and place.
constexpr std::array<std::string_view, 5> kLimits{"removals", "additions", "groups-created", "groups-deleted",
                                                  "removals-per-group"};

bool is_limit(Reason const& reason) {
  return reason.count && reason.allowed && std::ranges::find(kLimits, reason.code) != kLimits.end();
}

std::string place_of(Reason const& reason) {
  if (!reason.group.empty()) return "in group " + reason.group + " of " + reason.target;
  if (!reason.rule.empty()) return "in rule " + reason.rule;
  return reason.target.empty() ? "over all targets" : "in target " + reason.target;
}

std::string number(std::int64_t value) {
  return grouped(static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0)));
}

std::string reason_words(Reason const& reason, Presentation const& presentation) {
  auto const words = is_limit(reason) ? number(*reason.count) + " > " + number(*reason.allowed) +
                                            " allowed without approval, " + place_of(reason)
                                      : with_command(with_short_digests(reason.text), presentation.command);
  return printable(words, presentation.verbose ? words.npos : 2000);
}

std::string lines_of(Reasons const& reasons, Presentation const& presentation) {
  std::size_t columns = 0;
  for (auto const* reason : reasons) columns = std::max(columns, reason->code.size());
  std::string view;
  for (auto const* reason : reasons) {
    LineStart const start{"  " + presentation.palette.warning(reason->code) +
                              std::string(columns - reason->code.size() + 2, ' '),
                          columns + 4};
    view += hanging(start, reason_words(*reason, presentation), presentation.width);
  }
  return view;
}

std::string part(std::string const& title, Reasons const& reasons, Presentation const& presentation) {
  if (reasons.empty()) return {};
  return hanging({}, title, presentation.width,
                 [&presentation](std::string_view text) { return presentation.palette.warning(text); }) +
         lines_of(reasons, presentation);
}

std::string title_of_holds(Plan const& plan, std::size_t reasons) {
  if (plan.approved)
    return "This plan was held, and approved by " + printable(plan.approved->by) + " at " +
           rfc3339(plan.approved->at) + ":";
  if (waits_for_a_person(plan))
    return "This plan waits for a person, for " + counted(reasons, "reason", "reasons") + ":";
  return "A person has to approve what is to be sent, once there is something:";
}

bool is_refused(Plan const& plan, Reason const& reason) {
  auto const target = plan.targets.find(reason.target);
  return target != plan.targets.end() && target->second.verdict == Verdict::refuse;
}

}  // namespace

std::string reasons_view(Plan const& plan, Presentation const& presentation) {
  Reasons frozen, refused, holds, fails, others;
  for (auto const& reason : plan.reasons) {
    auto& kind = reason.code == "frozen"    ? frozen
                 : is_refused(plan, reason) ? refused
                 : reason.holds             ? holds
                 : reason.fails             ? fails
                                            : others;
    kind.push_back(&reason);
  }
  auto view = part("Frozen by a person; not sent before that ends:", frozen, presentation) +
              part("Not read as it must be; nothing is planned or written there:", refused, presentation) +
              part(title_of_holds(plan, holds.size()), holds, presentation);
  if (waits_for_a_person(plan) && !plan.rehearsal)
    view += hanging(
        {}, "Look at the changes below. To let exactly them run: " + approve_command(plan, presentation),
        presentation.width);
  return view + part("Something that should be there is not:", fails, presentation) +
         part("What waits by itself:", others, presentation);
}

std::string reasons_of_code(Plan const& plan, std::string_view code, Presentation const& presentation) {
  Reasons found;
  for (auto const& reason : plan.reasons)
    if (reason.code == code) found.push_back(&reason);
  return lines_of(found, presentation);
}

std::string repeat_command(Plan const& plan, Presentation const& presentation) {
  return presentation.command + " " + (plan.command.empty() ? "sync" : plan.command);
}

std::string approve_command(Plan const& plan, Presentation const& presentation) {
  auto const digest = short_digest(plan.digest);
  return plan.command.empty() ? presentation.command + " approve " + digest
                              : repeat_command(plan, presentation) + " --approve " + digest;
}

}  // namespace dirsync::cli
