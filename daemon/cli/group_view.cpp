#include "daemon/cli/group_view.hpp"

#include <algorithm>
#include <iterator>
#include <span>

#include "daemon/cli/change_words.hpp"
#include "daemon/cli/layout.hpp"
#include "daemon/cli/plan_counts.hpp"
#include "daemon/cli/short_text.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"
#include "sync/model/width.hpp"

namespace dirsync::cli {
namespace {

using Changes = std::vector<Change const*>;

constexpr std::size_t kMembers = 50, kSources = 3;
constexpr std::size_t kWidestName = 32;     // columns up to which reasons stand below each other
constexpr std::size_t kLongestText = 2000;  // bytes of a text that is not verbose

std::string shown(std::string_view text, bool verbose) {
  return printable(text, verbose ? text.npos : kLongestText);
}

bool is_of_member(Change const* change) {
  return change->verb == Verb::add || change->verb == Verb::remove ||
         (change->verb == Verb::adopt && !change->principal.empty());
}

Paint reason_paint(Change const& change, Palette const& palette) {
  if (!change.blocked) return [palette](std::string_view text) { return palette.faint(text); };
  return [palette](std::string_view text) { return palette.warning(text); };
}

/// The groups that feed it, each once: DNs, or without `verbose` their names, of many the first few.
std::string sources_text(Changes const& changes, bool verbose) {
  std::vector<std::string> names;
  for (auto const* change : changes)
    for (auto const& dn : sources_of(*change)) {
      auto name = shown(verbose ? dn : name_in_dn(dn), verbose);
      if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
    }
  if (names.empty()) return {};
  auto const number = verbose ? names.size() : std::min(kSources, names.size());
  auto text = "from " + join(std::span{names}.first(number), verbose ? "; " : ", ");
  if (number < names.size()) text += " and " + grouped(names.size() - number) + " more";
  return text;
}

/// What is in the way, or waited for; and in a rehearsal whether it follows from the new settings alone.
std::string state_of(Change const& change, bool verbose) {
  std::string state = change.only_new ? "only-new" : "";
  auto const add = [&state](std::string const& words) { state += (state.empty() ? "" : ", ") + words; };
  if (change.blocked)
    add("blocked, " + change.blocked->code + ": " + shown(change.blocked->text, verbose));
  else if (change.frozen)
    add("frozen");
  else if (change.unconfirmed)
    add("waits for confirmation");
  return state;
}

struct Header {
  char sign = ' ';
  std::string act;                 // what happens to the group itself
  std::vector<std::string> words;  // about that
  bool is_blocked = false;
};

void describe(Change const& change, bool verbose, Header& header) {
  if (is_of_member(&change)) return;
  header.is_blocked = header.is_blocked || change.blocked;
  auto const add = [&header](std::string words) {
    if (!words.empty()) header.words.push_back(std::move(words));
  };
  switch (change.verb) {
    case Verb::create_group:
      header.sign = '+';
      header.act = "create group";
      if (!change.roles.empty()) add("roles " + printable(join(change.roles, ", "), kLongestText));
      add(state_of(change, verbose));  // the reason is its source group, which the header names
      return;
    case Verb::rename_group:
      header.sign = '~';
      header.act = "rename to " + shown(change.new_name, verbose);
      break;
    case Verb::adopt:
      header.sign = '=';
      header.act = "take over";
      break;
    default:
      header.sign = '-';
      header.act = "delete group";
  }
  add(reason_of(change, verbose));
}

std::string text_of(Header const& header, std::string const& sources) {
  auto text = header.act + (header.act.empty() || sources.empty() ? "" : ", ") + sources;
  for (auto const& words : header.words) text += (text.empty() ? "" : "; ") + words;
  return text;
}

std::string painted(char sign, std::string_view text, Palette const& palette) {
  if (sign == '+') return palette.added(text);
  if (sign == '-') return palette.removed(text);
  return sign == '~' ? palette.warning(text) : std::string{text};
}

std::string header_view(Changes const& changes, Presentation const& presentation) {
  auto const& first = *changes.front();
  Header header;
  for (auto const* change : changes) describe(*change, presentation.verbose, header);
  auto const& palette = presentation.palette;
  auto name = printable(first.target) + ": " + shown(first.group, presentation.verbose);
  if (!presentation.verbose && presentation.width > 0)
    name = cut_to(name, std::max<std::size_t>(presentation.width / 2, 16));
  LineStart const start{
      painted(header.sign, std::string{header.sign}, palette) + " " + palette.strong(name) + "  ",
      display_width(name) + 4};
  auto const text = text_of(header, sources_text(changes, presentation.verbose));
  return hanging(start, text, presentation.width, [&header, &palette](std::string_view line) {
    return header.is_blocked ? palette.warning(line) : painted(header.sign, line, palette);
  });
}

/// As a column, which a few very wide names do not push aside.
class NameColumn {
 public:
  NameColumn(std::span<Change const* const> members, Presentation const& presentation)
      : verbose_(presentation.verbose) {
    constexpr std::size_t kFewest = 12, kBeside = 38;  // columns of a name; of all that stands beside it
    auto const room = presentation.width > kBeside ? presentation.width - kBeside : 0;
    auto const most = std::max(kFewest, std::min(presentation.width / 2, room));
    most_ = verbose_ || presentation.width == 0 ? 0 : most;
    for (auto const* change : members)
      if (auto const width = display_width(name_of(*change)); width <= kWidestName)
        columns_ = std::max(columns_, width);
  }
  std::string name_of(Change const& change) const { return cut_to(shown(change.principal, verbose_), most_); }
  std::size_t columns() const { return columns_; }

 private:
  bool verbose_;
  std::size_t most_ = 0, columns_ = 0;
};

std::string detail_line(char const* what, std::string const& text, Presentation const& presentation) {
  auto const label = padded(what, 6);
  auto const& palette = presentation.palette;
  return hanging({std::string(8, ' ') + palette.faint(label), 14}, text, presentation.width,
                 [&palette](std::string_view piece) { return palette.faint(piece); });
}

std::string member_view(Change const& change, NameColumn const& column, Presentation const& presentation) {
  auto const& palette = presentation.palette;
  auto const is_added = change.verb == Verb::add;
  auto const name = column.name_of(change);
  auto const gap =
      std::string(std::max(column.columns(), display_width(name)) - display_width(name) + 2, ' ');
  auto const sign = is_added ? '+' : change.verb == Verb::adopt ? '=' : '-';
  auto const signed_name = std::string{sign} + " " + name;
  LineStart const start{"    " + painted(sign, signed_name, palette) + gap,
                        4 + display_width(signed_name) + gap.size()};
  auto view = hanging(start, reason_of(change, presentation.verbose), presentation.width,
                      reason_paint(change, palette));
  if (!presentation.verbose) return view;
  auto const is_in_path = is_added && !change.path.empty();
  if (is_in_path) view += detail_line("path", printable(change.path, change.path.npos), presentation);
  if (!is_in_path && !change.dn.empty())
    view += detail_line("dn", printable(change.dn, change.dn.npos), presentation);
  return view;
}

}  // namespace

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
    case Verb::adopt:
      return change.principal.empty() ? "take over" : "= " + printable(change.principal);
  }
  return "";
}

std::string reason_of(Change const& change, bool verbose) {
  std::vector<std::string> words;
  if (auto state = state_of(change, verbose); !state.empty()) words.push_back(std::move(state));
  if (auto why = shown(verbose ? change.why : short_why(change), verbose); !why.empty())
    words.push_back(std::move(why));
  if (!change.domain.empty()) words.push_back("provisioned through " + printable(change.domain));
  return join(words, "; ");
}

std::string group_view(std::vector<Change const*> const& changes, Presentation const& presentation) {
  auto view = header_view(changes, presentation);
  Changes members;
  std::ranges::copy_if(changes, std::back_inserter(members), is_of_member);
  auto const number = presentation.verbose ? members.size() : std::min(kMembers, members.size());
  auto const first = std::span<Change const* const>{members}.first(number);
  NameColumn const column{first, presentation};
  for (auto const* change : first) view += member_view(*change, column, presentation);
  if (number == members.size()) return view;
  PlanCounts rest;
  for (auto const* change : std::span{members}.subspan(number)) rest.count(*change);
  auto const text =
      "and " + grouped(members.size() - number) + " more (" + words_of(rest) + "); --verbose lists all";
  return view + hanging({"    ", 4}, text, presentation.width, [&presentation](std::string_view piece) {
           return presentation.palette.strong(piece);
         });
}

}  // namespace dirsync::cli
