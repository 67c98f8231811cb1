// freeze, thaw and retry: by the service where it runs, else beside whoever holds the lock: what is frozen
// must stop a run that goes on.
#include "daemon/account.hpp"
#include "daemon/cli/by_service.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/wishes.hpp"

namespace dirsync::cli {
namespace {

template <class Ask>
int answered_here(Arguments const& arguments, config::Config const& config, Ask const& ask) {
  auto state = open_state(config, StateUse::write);
  if (!state) return refuse_state(arguments, state.error());
  return show_answer(arguments, ask(state->store, invoking_person()), Palette::plain());
}

}  // namespace

int freeze_changes(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  FreezeWish const wish{.target = arguments.target,
                        .removals_alone = arguments.removals_alone,
                        .reason = arguments.reason,
                        .until = arguments.until};
  if (auto const asked = freeze_by_service(arguments, *config, wish); asked.exit) return *asked.exit;
  return answered_here(arguments, *config, [&config, &wish](store::Store& store, std::string const& actor) {
    return freeze_answer(*config, store, wish, actor);
  });
}

int thaw_changes(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  if (auto const asked = thaw_by_service(arguments, *config); asked.exit) return *asked.exit;
  return answered_here(arguments, *config,
                       [&config, &arguments](store::Store& store, std::string const& actor) {
                         return thaw_answer(*config, store, arguments.target, actor);
                       });
}

int retry_set_aside(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  store::RetryWish const wish{arguments.target, arguments.group, arguments.user};
  if (auto const asked = retry_by_service(arguments, *config, wish); asked.exit) return *asked.exit;
  return answered_here(arguments, *config, [&config, &wish](store::Store& store, std::string const& actor) {
    return retry_answer(*config, store, wish, actor);
  });
}

}  // namespace dirsync::cli
