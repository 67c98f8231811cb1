#include "daemon/cli/undo_view.hpp"

#include <algorithm>
#include <span>

#include "daemon/cli/group_view.hpp"
#include "daemon/cli/layout.hpp"
#include "daemon/cli/short_text.hpp"
#include "sync/model/text.hpp"
#include "sync/model/width.hpp"

namespace dirsync::cli {
namespace {

constexpr std::size_t kLeftShown = 20;

std::string left_line(LeftChange const& left, Presentation const& presentation) {
  auto const& palette = presentation.palette;
  auto const place = printable(left.change.target) + ": " + printable(left.change.group);
  LineStart const start{"  " + palette.strong(place) + " " + sign_of(left.change, palette) + "  ",
                        display_width(place + sign_of(left.change, Palette::plain())) + 5};
  return hanging(start, printable(left.because, 2000), presentation.width);
}

}  // namespace

std::string undo_view(Plan const& plan, Presentation const& presentation) {
  if (!plan.undoes) return {};
  auto const run = "run " + std::to_string(plan.undoes->value());
  auto const title = "Undo of " + run + ":";
  auto const taken = plan.changes.size(), left = plan.left.size();
  auto const words =
      (taken == 0 ? "nothing of it can be taken back"
                  : counted(taken, "change takes it back", "changes take it back")) +
      (left == 0 ? std::string{"."} : "; " + counted(left, "is left as it is", "are left as they are") + ":");
  auto view =
      hanging({presentation.palette.strong(title) + " ", title.size() + 1}, words, presentation.width);
  auto const shown = presentation.verbose ? left : std::min(kLeftShown, left);
  for (auto const& one : std::span{plan.left}.first(shown)) view += left_line(one, presentation);
  if (shown < left) view += "  and " + grouped(left - shown) + " more; --verbose lists all\n";
  return view;
}

}  // namespace dirsync::cli
