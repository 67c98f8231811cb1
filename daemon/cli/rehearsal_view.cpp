#include "daemon/cli/rehearsal_view.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "daemon/cli/group_view.hpp"
#include "daemon/cli/layout.hpp"
#include "daemon/cli/short_text.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"
#include "sync/model/width.hpp"

namespace dirsync::cli {
namespace {

constexpr std::size_t kChanges = 50;  // that are listed without --verbose

std::uint64_t count_of(std::span<Change const> changes, std::string const& rule, bool only_marked) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(changes, [&rule, only_marked](Change const& change) {
        return change.rule == rule && (!only_marked || change.only_new);
      }));
}

std::string rule_words(std::string const& name, RehearsedRule const& rule, Plan const& plan) {
  std::string words = to_text(rule.state);
  if (rule.state == RehearsedRule::State::not_compared) return words + ": " + printable(rule.remark, 2000);
  if (!rule.keys.empty()) words += ": " + printable(join(rule.keys, ", "), 2000);
  return words + "; " + grouped(count_of(plan.changes, name, true)) + " only-new, " +
         grouped(count_of(plan.rehearsal->only_old, name, false)) + " only-old";
}

}  // namespace

std::string rehearsal_view(Plan const& plan, Presentation const& presentation) {
  if (!plan.rehearsal) return {};
  auto const only_new = static_cast<std::uint64_t>(std::ranges::count(plan.changes, true, &Change::only_new));
  auto view =
      hanging({},
              "A rehearsal: this configuration is not in force. " +
                  counted(only_new, "change follows", "changes follow") + " from it alone (only-new), " +
                  counted(plan.rehearsal->only_old.size(), "follows", "follow") +
                  " from the one in force alone (only-old). Nothing is written or kept.",
              presentation.width);
  for (auto const& [name, rule] : plan.rehearsal->rules) {
    auto const title = "rule " + printable(name);
    LineStart const start{"  " + presentation.palette.strong(title) + "  ", display_width(title) + 4};
    view += hanging(start, rule_words(name, rule, plan), presentation.width);
  }
  return view;
}

std::string only_old_view(Plan const& plan, Presentation const& presentation) {
  if (!plan.rehearsal || plan.rehearsal->only_old.empty()) return {};
  auto const& palette = presentation.palette;
  auto view = hanging({}, "Only by the settings in force (only-old):", presentation.width,
                      [&palette](std::string_view text) { return palette.strong(text); });
  std::span<Change const> const all = plan.rehearsal->only_old;
  auto const shown = all.first(presentation.verbose ? all.size() : std::min(kChanges, all.size()));
  for (auto const& change : shown) {
    auto const place = printable(change.target) + ": " + printable(change.group);
    auto const plain = sign_of(change, Palette::plain());
    LineStart const start{"  " + place + "  " + sign_of(change, palette) + "  ",
                          display_width(place) + display_width(plain) + 6};
    view += hanging(start, reason_of(change, presentation.verbose), presentation.width);
  }
  if (shown.size() < all.size())
    view += hanging({"  ", 2}, "and " + grouped(all.size() - shown.size()) + " more; --verbose lists all",
                    presentation.width);
  return view;
}

}  // namespace dirsync::cli
