#include "daemon/cli/change_words.hpp"

#include <algorithm>
#include <span>
#include <string_view>

#include "daemon/cli/short_text.hpp"
#include "sync/model/join.hpp"

namespace dirsync::cli {
namespace {

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    auto const end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + separator.size());
  }
}

/// "DN, DN": a DN may itself be written with spaces behind its commas, but has several parts.
std::vector<std::string_view> several_dns(std::string_view text) {
  auto const parts = split(text, ", ");
  auto const is_whole = [](std::string_view part) { return part.find(',') != part.npos; };
  return std::ranges::all_of(parts, is_whole) ? parts : std::vector{text};
}

void replace_all(std::string& text, std::string_view what, std::string const& with) {
  if (what.empty()) return;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

void drop_start(std::string& text, std::string_view start) {
  if (text.starts_with(start)) text.erase(0, start.size());
}

/// The groups between the source group and the person.
std::string way_of(Change const& change) {
  auto const steps = split(change.path, " > ");
  if (steps.size() < 3) return {};
  return "via " + join(std::span{steps}.subspan(1, steps.size() - 2), " > ", name_in_dn);
}

/// What the planner says beyond that somebody is a member.
std::string beyond_membership(Change const& change) {
  auto const more = change.why.find("; ");
  return more == std::string::npos ? std::string{} : change.why.substr(more + 2);
}

}  // namespace

std::string short_why(Change const& change) {
  if (change.verb == Verb::add && change.why.starts_with("member of ")) {
    auto const way = way_of(change), more = beyond_membership(change);
    return way + (way.empty() || more.empty() ? "" : "; ") + more;
  }
  auto why = change.why;
  auto const left = "no longer a member of " + change.path;
  if (why.starts_with(left + " or of a group in it")) {
    why.replace(0, left.size() + std::string_view{" or of a group in it"}.size(), "no longer a member");
    return why;
  }
  if (!change.dn.empty()) drop_start(why, change.dn + " is ");
  replace_all(why, change.dn, name_in_dn(change.dn));
  for (auto const step : split(change.path, " > "))
    for (auto const dn : several_dns(step)) replace_all(why, dn, name_in_dn(dn));
  return why;
}

std::vector<std::string> sources_of(Change const& change) {
  std::vector<std::string> sources;
  // The path of a member that is a group may be its own.
  if (is_group_principal(change.principal_id)) return sources;
  auto const is_of_member = change.verb == Verb::add || change.verb == Verb::remove ||
                            (change.verb == Verb::adopt && !change.principal.empty());
  auto const& way = change.path.empty() && !is_of_member ? change.dn : change.path;
  if (way.empty()) return sources;
  for (auto const dn : several_dns(split(way, " > ").front())) sources.emplace_back(dn);
  return sources;
}

}  // namespace dirsync::cli
