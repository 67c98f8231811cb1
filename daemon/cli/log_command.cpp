// log.
#include "daemon/cli/context.hpp"
#include "daemon/cli/log_follow.hpp"
#include "daemon/cli/log_rows.hpp"
#include "daemon/cli/log_times.hpp"
#include "daemon/cli/output.hpp"
#include "daemon/cli/pruned_notice.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/state.hpp"

namespace dirsync::cli {
namespace {

std::optional<AuditFilter> filter_of(Arguments const& arguments) {
  auto const times = times_of(arguments);
  if (!times) return std::nullopt;
  AuditFilter filter;
  filter.since = times->since;
  filter.until = times->until;
  filter.target = arguments.target;
  filter.group = arguments.group;
  filter.user = arguments.user;
  filter.action = arguments.action;
  filter.outcome = arguments.outcome;
  if (arguments.run > 0) filter.run = RunId{arguments.run};
  filter.after_sequence = arguments.after;
  filter.limit = arguments.limit;
  return filter;
}

Result<void> show_rows(store::Store& store, AuditFilter const& filter, RowForm form) {
  std::vector<std::vector<std::string>> rows{table_head()};
  if (form == RowForm::csv) show_row_line(form, head_line(form));
  auto const read = store.audit(filter, [form, &rows](AuditRow const& row) {
    if (form == RowForm::table)
      rows.push_back(table_row(row));
    else
      show_row_line(form, row_line(form, row));
    return true;
  });
  if (read && form == RowForm::table) show(stdout, table(rows));
  return read;
}

}  // namespace

int show_log(Arguments const& arguments) {
  auto const filter = filter_of(arguments);
  if (!filter) return kUsage;
  if (arguments.follow && filter->until) {
    print_error(arguments, "usage", "--follow has no end, so --until cannot be given with it");
    return kUsage;
  }
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto state = open_state(*config, StateUse::examine);
  if (!state) return refuse_state(arguments, state.error());
  auto const told = tell_of_pruned(state->store, *filter);
  auto const shown = !told              ? told
                     : arguments.follow ? follow_log(*filter, row_form(arguments), *std::move(state))
                                        : show_rows(state->store, *filter, row_form(arguments));
  if (shown) return kDone;
  print_error(arguments, shown.error());
  return arguments.follow ? exit_of(shown.error()) : kInternal;
}

}  // namespace dirsync::cli
