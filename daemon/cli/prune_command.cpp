// log prune and log acknowledge: what is done to the audit trail by hand.
#include "daemon/account.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/when.hpp"
#include "daemon/cli/wishes.hpp"
#include "daemon/witness.hpp"
#include "store/proof/checkpoint.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

void show_pruned(Arguments const& arguments, store::PrunedRows const& pruned, store::PublicKey const& key) {
  auto const note = store::note_of(pruned.checkpoint, key);
  if (arguments.json)
    return show_json(boost::json::object{{"pruned", true}, {"rows", pruned.rows()}, {"checkpoint", note}});
  show(stdout, "Rows 1 to " + std::to_string(pruned.rows()) +
                   " are no longer in the audit trail. What vouches for them, also kept in the store:\n\n" +
                   note);
}

}  // namespace

int prune_log(Arguments const& arguments) {
  std::optional<Time> before;
  if (!read_when(arguments, "--before", arguments.extract.before, before)) return kUsage;
  if (!before) {
    print_error(arguments, "usage", "--before takes a time; rows since then stay");
    return kUsage;
  }
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto state = open_state(*config, StateUse::hold, invoking_person());
  if (!state) return refuse_state(arguments, state.error());
  auto const pruned = state->store.prune(*before, invoking_person());
  if (!pruned) return refuse_state(arguments, pruned.error());
  if (!*pruned) {
    if (arguments.json)
      show_json(boost::json::object{{"pruned", false}});
    else
      show(stdout, "No row of the audit trail is older than that: nothing was pruned\n");
    return kDone;
  }
  tell_chain_head(state->store);
  auto const key = state->store.public_key();
  if (!key) return refuse_state(arguments, key.error());
  show_pruned(arguments, **pruned, **key);
  return kDone;
}

int acknowledge_log(Arguments const& arguments) {
  auto const& reason = arguments.extract.reason;
  if (trimmed(reason).empty()) {
    print_error(arguments, "usage",
                "--reason takes a text: why the store is to be gone on from although its trail was changed");
    return kUsage;
  }
  if (auto const flaw = flaw_of_reason(reason)) {
    print_error(arguments, "usage", "--reason: " + *flaw);
    return kUsage;
  }
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto state = open_state(*config, StateUse::mend, invoking_person());
  if (!state) return refuse_state(arguments, state.error());
  auto const fault = state->store.acknowledge(invoking_person(), reason);
  if (!fault) return refuse_state(arguments, fault.error());
  if (!*fault) {
    if (arguments.json)
      show_json(boost::json::object{{"acknowledged", false}});
    else
      show(stdout, "The audit chain holds: there is nothing to acknowledge\n");
    return kDone;
  }
  tell_chain_head(state->store);
  if (arguments.json)
    show_json(boost::json::object{{"acknowledged", true},
                                  {"first_bad", (*fault)->sequence},
                                  {"kind", store::to_text((*fault)->kind)},
                                  {"text", (*fault)->text}});
  else
    show(stdout, "Acknowledged, with a row of the audit trail: " + (*fault)->text +
                     ".\nRuns go on; `dirsyncd log verify` goes on to tell of it\n");
  return kDone;
}

}  // namespace dirsync::cli
