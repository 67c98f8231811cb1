#include "daemon/cli/notice_view.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <string_view>

#include "daemon/cli/layout.hpp"
#include "daemon/cli/short_text.hpp"
#include "sync/model/anyone.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

using Alike = std::vector<Notice const*>;
constexpr std::size_t kExamples = 3, kLongestNotice = 2000;

std::string const& name_of(Notice const& notice) {
  return notice.principal.empty() ? notice.group : notice.principal;
}

/// The text without the name of whom it is about.
std::string common_text(Notice const& notice) { return about_anyone(notice.text, name_of(notice)); }

/// Each name once, in their order.
std::vector<std::string> names_of(Alike const& alike) {
  std::vector<std::string> names;
  for (auto const* notice : alike)
    if (auto name = printable(name_of(*notice)); !name.empty() && (names.empty() || names.back() != name))
      names.push_back(std::move(name));
  return names;
}

std::string folded(Alike const& alike) {
  auto const names = names_of(alike);
  auto const shown = std::span{names}.first(std::min(kExamples, names.size()));
  auto text = " " + grouped(alike.size());
  if (!shown.empty()) text += ": " + join(shown, ", ");
  if (names.size() > shown.size()) text += " and " + grouped(names.size() - shown.size()) + " more";
  auto const common = common_text(*alike.front());
  auto const is_common =
      std::ranges::all_of(alike, [&common](auto const* each) { return common_text(*each) == common; });
  auto const said = with_short_digests(is_common ? common : alike.front()->text);
  return text + (is_common ? ": " : "; the first: ") + printable(said, kLongestNotice);
}

std::string whole(Notice const& notice) {
  auto const name = notice.group.empty() || notice.principal.empty() ? name_of(notice)
                                                                     : notice.group + ", " + notice.principal;
  return (name.empty() ? "" : " " + printable(name, name.npos)) + ": " +
         printable(with_short_digests(notice.text), notice.text.npos);
}

/// `text`: what follows the code.
std::string notice_line(std::string const& code, std::string const& text, Presentation const& presentation) {
  auto const& palette = presentation.palette;
  return hanging({"  ", 2}, "note " + code + text, presentation.width,
                 [&palette](std::string_view line) { return palette.faint(line); });
}

}  // namespace

std::string notices_view(std::vector<Notice> const& notices, Presentation const& presentation) {
  std::map<std::string, Alike> by_code;
  for (auto const& notice : notices) by_code[notice.code].push_back(&notice);
  std::string view;
  auto is_shortened = false;
  for (auto const& [code, alike] : by_code) {
    if (!presentation.verbose && alike.size() > 1) {
      view += notice_line(code, folded(alike), presentation);
      is_shortened = true;
      continue;
    }
    for (auto const* notice : alike) view += notice_line(code, whole(*notice), presentation);
  }
  if (is_shortened) view += "  " + presentation.palette.faint("--verbose lists every note") + "\n";
  return view;
}

}  // namespace dirsync::cli
