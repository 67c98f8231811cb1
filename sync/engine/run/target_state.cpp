#include <algorithm>

#include "sync/engine/run/stages.hpp"
#include "sync/model/text.hpp"

namespace dirsync::engine {
namespace {

/// Of the changes of one target.
struct Figures {
  bool pending = false;  // nobody tried it, and it does not just wait for further reads
  bool failed = false, waits = false, blocked = false;
};

TargetState::Kind kind_of(TargetPlan const& target, Figures const& figures) {
  using Kind = TargetState::Kind;
  if (target.verdict == Verdict::refuse) return Kind::unread;
  if (figures.failed || std::ranges::any_of(target.reasons, &Reason::fails)) return Kind::failed;
  if (figures.pending) return Kind::held;
  if (figures.blocked) return Kind::blocked;
  return figures.waits ? Kind::unconfirmed : Kind::ok;
}

}  // namespace

std::vector<TargetState> target_states(Report const& report, Time now) {
  std::map<std::string, Figures> figures;
  auto const settled = by_change(report.plan, report.outcomes);
  for (std::size_t at = 0; at < settled.size(); ++at) {
    auto const& change = report.plan.changes[at];
    auto& of_target = figures[change.target];
    of_target.waits = of_target.waits || change.unconfirmed;
    of_target.blocked = of_target.blocked || change.blocked;
    of_target.pending =
        of_target.pending || (settled[at] == nullptr && (is_to_send(change) || change.frozen));
    of_target.failed = of_target.failed || (settled[at] != nullptr && !is_success(settled[at]->outcome));
  }
  std::vector<TargetState> states;
  for (auto const& [name, target] : report.plan.targets) {
    TargetState state;
    state.target = name;
    state.run = report.run;
    state.time = now;
    state.kind = kind_of(target, figures[name]);
    for (auto const& notice : target.notices) {
      if (notice.code == "waiting") state.waiting.push_back(as_utf8(notice.principal));
      if (notice.code == "effective")
        state.effective.push_back({as_utf8(notice.group), as_utf8(notice.text)});
      if (notice.code == "unresolved")
        state.unresolved.push_back({as_utf8(notice.group), as_utf8(notice.text)});
    }
    states.push_back(std::move(state));
  }
  return states;
}

void count_managed(plan::Draft const& draft, bool adopted, Report& report) {
  for (auto const& group : draft.groups) {
    auto const managed = group.managed + (adopted ? group.adopted : 0);
    report.managed[{group.target, group.rule}] += managed;
    if (!group.group_id.empty()) report.managed_in[{group.target, group.group_id}] += managed;
  }
  for (auto const& [change, outcome, detail, delay] : report.outcomes) {
    if (change.principal.empty() || !is_success(outcome)) continue;
    auto const by = change.verb == Verb::add ? 1 : change.verb == Verb::remove ? -1 : 0;
    report.managed[{change.target, change.rule}] += by;
    report.managed_in[{change.target, change.group_id}] += by;
  }
}

}  // namespace dirsync::engine
