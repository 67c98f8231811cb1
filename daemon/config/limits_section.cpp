#include <algorithm>
#include <array>
#include <limits>

#include "daemon/config/sections.hpp"

namespace dirsync::config {
namespace {

using namespace std::chrono_literals;

constexpr auto kMost = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kMostApprovals = 9;
constexpr std::array<std::pair<std::string_view, Limits::OnEmpty>, 2> kOnEmpty{
    {{"hold", Limits::OnEmpty::hold}, {"allow", Limits::OnEmpty::allow}}};
constexpr std::array<std::pair<std::string_view, Limits::Leavers>, 2> kLeavers{
    {{"first", Limits::Leavers::first}, {"with-plan", Limits::Leavers::with_plan}}};
constexpr std::array<std::pair<std::string_view, Limits::FirstPlan>, 2> kFirstPlan{
    {{"hold", Limits::FirstPlan::hold}, {"apply", Limits::FirstPlan::apply}}};

std::string spelled(PercentLimit const& limit) {
  if (limit.off) return quoted("off");
  std::string text = "{ ";
  if (limit.percent) text += "percent = " + config::spelled(*limit.percent) + ", ";
  text += "at_least = " + std::to_string(limit.at_least);
  if (limit.at_most) text += ", at_most = " + std::to_string(*limit.at_most);
  return text + " }";
}

std::string spelled(std::optional<std::int64_t> const& count) {
  return count ? std::to_string(*count) : quoted("off");
}

bool is_off(Node const& node) {
  auto const* const text = std::get_if<std::string>(&node.value);
  return text != nullptr && *text == "off";
}

constexpr std::string_view kPercentLimit =
    "a whole number, \"off\", or a table such as { percent = 10, at_least = 5, at_most = 500 }";

/// The limit as written: what is left out of a table does not count.
std::optional<PercentLimit> written_limit(Section& section, std::string_view key) {
  auto const* const node = section.find(key);
  if (node == nullptr) return std::nullopt;
  if (std::holds_alternative<Table>(node->value)) {
    auto table = section.section(key);
    PercentLimit limit;
    limit.percent = table.number("percent", 0, 100);
    auto const at_least = table.whole("at_least", 0, kMost);
    limit.at_least = at_least.value_or(0);
    limit.at_most = table.whole("at_most", 0, kMost);
    if (limit.percent || at_least || limit.at_most) return limit;
    table.problem(ConfigErrc::missing,
                  table.shown() + " names no figure; it must be " + std::string{kPercentLimit});
    return std::nullopt;
  }
  if (is_off(*node)) return PercentLimit{true, std::nullopt, 0, std::nullopt};
  if (!std::holds_alternative<std::int64_t>(node->value)) {
    section.wrong_type(key, kPercentLimit);
    return std::nullopt;
  }
  auto const count = section.whole(key, 0, kMost);
  return count ? std::optional{PercentLimit::exactly(*count)} : std::nullopt;
}

/// A count, or "off"; nothing when left out or reported.
std::optional<std::optional<std::int64_t>> written_count(Section& section, std::string_view key) {
  auto const* const node = section.find(key);
  if (node == nullptr) return std::nullopt;
  if (is_off(*node)) return std::optional<std::int64_t>{};
  if (!std::holds_alternative<std::int64_t>(node->value)) {
    section.wrong_type(key, "a whole number or \"off\"");
    return std::nullopt;
  }
  auto const count = section.whole(key, 0, kMost);
  if (!count) return std::nullopt;
  return count;
}

/// What `written` allows beyond `parent`, in words; empty when nothing.
std::string excess(PercentLimit const& written, PercentLimit const& parent) {
  if (parent.off) return {};
  if (written.off) return "\"off\"";
  auto const parent_cap = parent.percent ? parent.at_most : std::optional{parent.allowed(0)};
  if (!written.percent) {
    auto const count = written.allowed(0);
    if (count <= parent.allowed(0)) return {};
    return std::to_string(count) + (parent.percent ? " without a percent" : "");
  }
  if (parent.percent && *written.percent > *parent.percent)
    return "percent = " + config::spelled(*written.percent);
  if (written.at_least > parent.allowed(0)) return "at_least = " + std::to_string(written.at_least);
  if (written.at_most && parent_cap && *written.at_most > std::max(*parent_cap, parent.allowed(0))) {
    return "at_most = " + std::to_string(*written.at_most);
  }
  return {};
}

void report_loosening(Section& section, std::string_view key, std::string const& what,
                      std::string const& parent, std::string const& parent_name) {
  section.problem(ConfigErrc::loosens, key,
                  section.key_path(key) + " loosens: " + what + " allows more than " + parent + " of " +
                      parent_name + "; narrower limits may only be stricter");
}

PercentLimit narrowed(Section& section, std::string_view key, PercentLimit const& parent,
                      std::string const& parent_name) {
  auto limit = written_limit(section, key);
  if (limit) {
    if (auto const what = excess(*limit, parent); !what.empty()) {
      report_loosening(section, key, what, spelled(parent), parent_name);
      limit.reset();
    } else if (limit->percent && !limit->at_most && !parent.off) {
      // The parent's ceiling stays, also where a percentage alone was written.
      limit->at_most = parent.percent ? parent.at_most : std::optional{parent.allowed(0)};
    }
  }
  section.effective(key, spelled(limit.value_or(parent)));
  return limit.value_or(parent);
}

std::optional<std::int64_t> narrowed_count(Section& section, std::string_view key,
                                           std::optional<std::int64_t> const& parent,
                                           std::string const& parent_name) {
  auto const count = written_count(section, key);
  auto effective = count.value_or(parent);
  if (count && parent && (!*count || **count > *parent)) {
    report_loosening(section, key, spelled(*count), std::to_string(*parent), parent_name);
    effective = parent;
  }
  section.effective(key, spelled(effective));
  return effective;
}

template <class Value>
Value narrowed_choice(Section& section, std::string_view key, Value parent, Value strict,
                      std::span<std::pair<std::string_view, Value> const> values,
                      std::string const& parent_name) {
  auto const value = section.choice<Value>(key, parent, values);
  if (value == parent || value == strict) return value;
  auto const name = std::ranges::find(values, parent, &std::pair<std::string_view, Value>::second)->first;
  report_loosening(section, key, "this", quoted(name), parent_name);
  return parent;
}

Limits::Privileged narrowed_privileged(Section section, Limits::Privileged const& parent,
                                       std::string const& parent_name) {
  Limits::Privileged privileged = parent;
  auto const names = section.texts("names", {});
  for (auto const& name : names) {
    if (std::ranges::find(privileged.names, name) == privileged.names.end()) privileged.names.push_back(name);
  }
  section.effective("names", quoted(privileged.names));
  // Figures without a name bind nobody, so there is nothing to loosen.
  auto const binding = !parent.names.empty();
  auto const figure = [&section, &parent_name, binding](std::string_view key,
                                                        std::int64_t& figure_of_parent) {
    auto const written = section.whole(key, figure_of_parent, 0, kMost);
    if (written > figure_of_parent && binding) {
      report_loosening(section, key, std::to_string(written), std::to_string(figure_of_parent), parent_name);
      return;
    }
    figure_of_parent = written;
  };
  figure("removals", privileged.removals);
  figure("additions", privileged.additions);
  auto const approvals =
      static_cast<int>(section.whole("approvals", privileged.approvals, 1, kMostApprovals));
  if (approvals < privileged.approvals && binding)
    report_loosening(section, "approvals", std::to_string(approvals), std::to_string(privileged.approvals),
                     parent_name);
  else
    privileged.approvals = approvals;
  return privileged;
}

/// Flaps{} when left out; "off": none.
std::optional<Limits::Flaps> read_flaps(Section& section) {
  auto const* const node = section.find("flaps");
  if (node != nullptr && is_off(*node)) {
    section.effective("flaps", quoted("off"));
    return std::nullopt;
  }
  Limits::Flaps flaps;
  if (node != nullptr && !std::holds_alternative<Table>(node->value)) {
    section.wrong_type("flaps", R"("off", or a table such as { count = 3, within = "6h" })");
    return flaps;
  }
  auto table = section.section("flaps");
  flaps.count = static_cast<int>(table.whole("count", flaps.count, 1, 1000));
  flaps.within =
      std::chrono::duration_cast<std::chrono::seconds>(table.duration("within", flaps.within, 1min, 8760h));
  return flaps;
}

}  // namespace

Limits read_limits(Section section) {
  Limits limits;
  auto const percent = [&section](std::string_view key, PercentLimit& limit) {
    limit = written_limit(section, key).value_or(limit);
    section.effective(key, spelled(limit));
  };
  percent("removals", limits.removals);
  percent("removals_per_group", limits.removals_per_group);
  percent("additions", limits.additions);
  auto const count = [&section](std::string_view key, std::optional<std::int64_t>& limit) {
    limit = written_count(section, key).value_or(limit);
    section.effective(key, spelled(limit));
  };
  count("groups_created", limits.groups_created);
  count("groups_deleted", limits.groups_deleted);

  auto privileged = section.section("privileged_groups");
  limits.privileged.names = privileged.texts("names", {});
  limits.privileged.removals = privileged.whole("removals", limits.privileged.removals, 0, kMost);
  limits.privileged.additions = privileged.whole("additions", limits.privileged.additions, 0, kMost);
  limits.privileged.approvals =
      static_cast<int>(privileged.whole("approvals", limits.privileged.approvals, 1, kMostApprovals));

  limits.empty_group = section.choice<Limits::OnEmpty>("empty_group", limits.empty_group, kOnEmpty);
  auto confirm = section.section("confirm");
  limits.confirm.reads = static_cast<int>(confirm.whole("reads", limits.confirm.reads, 1, 100));
  limits.confirm.removals_above =
      static_cast<int>(confirm.whole("removals_above", limits.confirm.removals_above, 0, kMost));
  limits.confirm.apart = std::chrono::duration_cast<std::chrono::seconds>(
      confirm.duration("apart", limits.confirm.apart, 0s, 24h));
  limits.flaps = read_flaps(section);
  limits.leavers = section.choice<Limits::Leavers>("leavers", limits.leavers, kLeavers);
  limits.first_plan = section.choice<Limits::FirstPlan>("first_plan", limits.first_plan, kFirstPlan);
  limits.approval_ttl = std::chrono::duration_cast<std::chrono::seconds>(
      section.duration("approval_ttl", limits.approval_ttl, 1min, 8760h));
  limits.approvals = static_cast<int>(section.whole("approvals", limits.approvals, 1, kMostApprovals));
  return limits;
}

Limits narrowed_limits(Section section, Limits const& parent, std::string const& parent_name) {
  auto limits = parent;
  limits.removals = narrowed(section, "removals", parent.removals, parent_name);
  limits.removals_per_group = narrowed(section, "removals_per_group", parent.removals_per_group, parent_name);
  limits.additions = narrowed(section, "additions", parent.additions, parent_name);
  limits.groups_created = narrowed_count(section, "groups_created", parent.groups_created, parent_name);
  limits.groups_deleted = narrowed_count(section, "groups_deleted", parent.groups_deleted, parent_name);
  limits.privileged =
      narrowed_privileged(section.section("privileged_groups"), parent.privileged, parent_name);
  limits.empty_group = narrowed_choice<Limits::OnEmpty>(section, "empty_group", parent.empty_group,
                                                        Limits::OnEmpty::hold, kOnEmpty, parent_name);
  limits.first_plan = narrowed_choice<Limits::FirstPlan>(section, "first_plan", parent.first_plan,
                                                         Limits::FirstPlan::hold, kFirstPlan, parent_name);
  for (auto const* const key : {"confirm", "approval_ttl", "approvals", "leavers", "flaps"}) {
    if (!section.has(key)) continue;
    section.find(key);
    section.problem(ConfigErrc::conflict, key,
                    section.key_path(key) + " holds for a whole run; it belongs in [limits]");
  }
  return limits;
}

}  // namespace dirsync::config
