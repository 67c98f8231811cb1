#include "daemon/cli/summary_view.hpp"

#include "daemon/cli/layout.hpp"
#include "daemon/cli/short_text.hpp"
#include "sync/model/text.hpp"
#include "sync/model/width.hpp"

namespace dirsync::cli {
namespace {

std::string summary_line(std::string const& what, std::string const& name, std::string const& figures,
                         Presentation const& presentation) {
  auto const title = what + " " + printable(name);
  LineStart const start{presentation.palette.strong(title) + ": ", display_width(title) + 2};
  return hanging(start, figures, presentation.width);
}

std::string figures_of(DirectorySummary const& of) {
  return counted(of.groups, "group", "groups") + ", " + counted(of.people, "person", "people") + " (" +
         grouped(of.disabled) + " disabled), " + counted(of.values, "value", "values") + " (" +
         grouped(of.unresolved) + " unresolved)";
}

std::string figures_of(RuleSummary const& of) {
  return counted(of.groups, "group", "groups") + " selected, " + counted(of.names, "name", "names") + " (" +
         grouped(of.refused) + " refused), " + counted(of.people, "person", "people") + " wanted (" +
         grouped(of.waiting) + " waiting, " + grouped(of.ambiguous) + " ambiguous)";
}

}  // namespace

std::string summary_view(Summary const& summary, Presentation const& presentation) {
  std::string view;
  for (auto const& [name, of] : summary.directories)
    view += summary_line("read", name, figures_of(of), presentation);
  for (auto const& [name, of] : summary.rules)
    view += summary_line("rule", name, figures_of(of), presentation);
  return view;
}

std::string wanted_words(Summary const& summary) {
  RuleSummary all;
  for (auto const& [name, of] : summary.rules) {
    all.names += of.names;
    all.people += of.people;
    all.waiting += of.waiting;
    all.ambiguous += of.ambiguous;
  }
  auto words = counted(summary.rules.size(), "rule", "rules") + ", " + counted(all.names, "group", "groups") +
               ", " + counted(all.people, "person", "people") + " wanted in them";
  if (all.waiting + all.ambiguous > 0)
    words += " (" + grouped(all.waiting) + " waiting, " + grouped(all.ambiguous) + " ambiguous)";
  return words;
}

}  // namespace dirsync::cli
