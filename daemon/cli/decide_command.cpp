// approve and reject.

#include "daemon/account.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/digest_argument.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/short_text.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/witness.hpp"

namespace dirsync::cli {

int decide(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto state = open_state(*config, StateUse::write);
  if (!state) return refuse_state(arguments, state.error());
  auto* const store = &state->store;
  auto const approves = arguments.command == Command::approve;
  auto const meant = digest_meant_by(arguments.digest, *store);
  if (!meant) {
    print_error(arguments, meant.error());
    return exit_of(meant.error());
  }
  auto const& digest = *meant;
  auto const decided =
      store->decide_plan(digest, approves, invoking_person(), std::chrono::system_clock::now());
  if (!decided) {
    print_error(arguments, decided.error());
    return decided.error().code == store::make_error_code(store::StoreErrc::plan_closed)
               ? kHeld
               : exit_of(decided.error());
  }
  tell_chain_head(*store);
  auto const* const decision = approves ? "approved" : "rejected";
  auto const stored = store->find_plan(digest);
  auto const is_read = stored && *stored && !(*stored)->directory.empty();
  auto const* const next = is_read
                               ? "; the next run takes it as the new level if what it reads goes on from it"
                               : "; the next run applies it if it is still the same";
  if (arguments.json)
    show_json(boost::json::object{{"digest", digest.value()}, {"decision", decision}});
  else
    show(stdout, decision + (" " + short_digest(digest)) + (approves ? next : "") + "\n");
  return kDone;
}

}  // namespace dirsync::cli
