#include "daemon/cli/output.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "sync/model/join.hpp"
#include "sync/model/text.hpp"
#include "sync/model/width.hpp"

namespace dirsync::cli {
namespace {

constexpr std::size_t kLongestCell = 2000;  // bytes

std::string sign_of(Change const& change, Palette const& palette) {
  switch (change.verb) {
    case Verb::create_group:
      return palette.added("create group");
    case Verb::rename_group:
      return palette.warning("rename to " + printable(change.new_name));
    case Verb::delete_group:
      return palette.removed("delete group");
    case Verb::add:
      return palette.added("+ " + printable(change.principal));
    case Verb::remove:
      return palette.removed("- " + printable(change.principal));
    case Verb::update_group:
      return palette.warning("update group");
  }
  return "";
}

/// `settled`: what became of it; null: nothing yet.
std::string change_line(Change const& planned, Settled const* settled, Palette const& palette) {
  auto const& change = settled != nullptr ? settled->change : planned;
  auto line = "    " + sign_of(change, palette) + "  " + palette.faint(printable(change.why, 400));
  if (!change.domain.empty())
    line += palette.faint(" [provisioned through " + printable(change.domain) + "]");
  if (auto words = outcome_text(change, settled); !words.empty()) {
    auto const good = settled != nullptr && is_success(settled->outcome);
    if (auto const detail = detail_text(change, settled); !detail.empty()) words += ": " + printable(detail);
    line += "  " + (good ? palette.strong(words) : palette.warning(words));
  }
  if (!change.path.empty() && change.verb == Verb::add)
    line += "\n        " + palette.faint(printable(change.path, 2000));
  return line + "\n";
}

std::string reason_line(Reason const& reason, Palette const& palette) {
  return "  " + palette.warning(reason.code) + ": " + printable(reason.text, 2000) + "\n";
}

/// Notices by code; of many alike, the names of the first few and a count.
std::string notices_view(std::vector<Notice> const& notices, Palette const& palette) {
  constexpr std::size_t kShown = 3;
  std::map<std::string, std::vector<Notice const*>> by_code;
  for (auto const& notice : notices) by_code[notice.code].push_back(&notice);
  auto const about = [](Notice const& notice) {
    return printable(notice.principal.empty() ? notice.group : notice.principal);
  };
  std::string view;
  for (auto const& [code, alike] : by_code) {
    for (std::size_t at = 0; at < std::min(kShown, alike.size()); ++at)
      view +=
          "  " +
          palette.faint("note " + code + " " + about(*alike[at]) + ": " + printable(alike[at]->text, 2000)) +
          "\n";
    if (alike.size() > kShown)
      view += "  " +
              palette.faint("note " + code + ": and " + std::to_string(alike.size() - kShown) +
                            " more; --json lists all") +
              "\n";
  }
  return view;
}

std::string counted(std::uint64_t count, char const* what) { return std::to_string(count) + " " + what; }

/// What was read, and what each rule came to.
std::string summary_view(Summary const& summary, Palette const& palette) {
  std::string view;
  for (auto const& [name, of] : summary.directories)
    view += palette.strong("read " + name) + ": " + counted(of.groups, "groups, ") +
            counted(of.people, "people (") + counted(of.disabled, "disabled), ") +
            counted(of.values, "values (") + counted(of.unresolved, "unresolved)\n");
  for (auto const& [name, of] : summary.rules)
    view += palette.strong("rule " + name) + ": " + counted(of.groups, "groups selected, ") +
            counted(of.names, "names (") + counted(of.refused, "refused), ") +
            counted(of.people, "people wanted (") + counted(of.waiting, "waiting, ") +
            counted(of.ambiguous, "ambiguous)\n");
  return view.empty() ? view : view + "\n";
}

std::string target_view(Plan const& plan, std::string const& name, TargetPlan const& target,
                        Palette const& palette) {
  auto view = palette.strong(name) + " (" + target.kind + "): " + to_text(target.verdict) + "\n";
  for (auto const& reason : target.reasons) view += reason_line(reason, palette);
  std::map<std::string, std::string> groups;
  std::vector<std::string> order;
  for (auto const& change : plan.changes) {
    if (change.target != name) continue;
    if (!groups.contains(change.group)) order.push_back(change.group);
    groups[change.group] += change_line(change, nullptr, palette);
  }
  std::ranges::sort(order);
  for (auto const& group : order) view += "  " + palette.strong(printable(group)) + "\n" + groups[group];
  return view + notices_view(target.notices, palette);
}

}  // namespace

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

Palette Palette::for_descriptor(int descriptor) {
  auto const* const refused = std::getenv("NO_COLOR");
  return Palette{is_terminal(descriptor) && (refused == nullptr || *refused == '\0')};
}

std::string Palette::paint(char const* code, std::string_view text) const {
  if (!on_) return std::string{text};
  return "\033[" + std::string{code} + "m" + std::string{text} + "\033[0m";
}

std::string table(std::vector<std::vector<std::string>> const& rows) {
  std::vector<std::size_t> widths;
  for (auto const& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t column = 0; column < row.size(); ++column)
      widths[column] = std::max(widths[column], display_width(printable(row[column], kLongestCell)));
  }
  std::string text;
  for (auto const& row : rows) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      auto const cell = printable(row[column], kLongestCell);
      line += cell;
      if (column + 1 < row.size()) line.append(widths[column] + 2 - display_width(cell), ' ');
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string plan_view(Plan const& plan, Palette const& palette) {
  auto view = summary_view(plan.summary, palette);
  for (auto const& [name, target] : plan.targets) view += target_view(plan, name, target, palette);
  for (auto const& reason : plan.reasons)
    if (reason.target.empty()) view += reason_line(reason, palette);
  std::map<Verb, int> counts;
  for (auto const& change : plan.changes) ++counts[change.verb];
  auto const summary =
      join(counts, ", ", [](auto const& of) { return std::to_string(of.second) + " " + to_text(of.first); });
  view += "\n" + palette.strong("verdict: ") + to_text(plan.verdict) +
          (summary.empty() ? "" : " (" + summary + ")") + "\ndigest:  " + plan.digest.value() + "\n";
  if (plan.verdict == Verdict::hold)
    view += palette.warning("This plan waits for a person.") + " To let it run: dirsyncd approve " +
            plan.digest.value() + "\n";
  return view;
}

std::string outcome_view(Plan const& plan, std::span<Settled const> outcomes, Palette const& palette) {
  auto const settled = by_change(plan, outcomes);
  std::map<std::string, int> counts;
  for (std::size_t at = 0; at < settled.size(); ++at) {
    auto const outcome = outcome_text(plan.changes[at], settled[at]);
    ++counts[outcome.empty() ? "not run" : outcome];
  }
  if (counts.empty()) return "Nothing to change.\n";
  auto const line =
      join(counts, ", ", [](auto const& of) { return std::to_string(of.second) + " " + of.first; });
  std::string view = palette.strong("result: ") + line + "\n";
  for (std::size_t at = 0; at < settled.size(); ++at) {
    auto const& change = plan.changes[at];
    auto const is_tried = settled[at] != nullptr;
    if (is_tried ? is_success(settled[at]->outcome) : is_to_send(change)) continue;
    view += "  " + printable(change.group) + change_line(change, settled[at], palette).substr(3);
  }
  return view;
}

boost::json::object error_document(std::string_view code, std::string_view text) {
  return {{"error", boost::json::object{{"code", code}, {"text", text}}}};
}

void ProgressLine::set(std::string_view what, std::uint64_t done, std::uint64_t total) {
  what_ = what;
  done_ = done;
  total_ = total;
}

void ProgressLine::tick() {
  using std::chrono::seconds;
  auto const elapsed = std::chrono::duration_cast<seconds>(std::chrono::steady_clock::now() - since_);
  if (!enabled_ || what_.empty() || elapsed < seconds{1}) return;
  auto const count = total_ > 0 ? " " + std::to_string(done_) + "/" + std::to_string(total_) : "";
  std::fprintf(stderr, "\r\033[K%s%s, %llds", printable(what_).c_str(), count.c_str(),
               static_cast<long long>(elapsed.count()));
  std::fflush(stderr);
  shown_ = true;
}

void ProgressLine::clear() {
  if (shown_) std::fputs("\r\033[K", stderr);
  shown_ = false;
  what_.clear();
}

}  // namespace dirsync::cli
