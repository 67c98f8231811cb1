// approve and reject, and the plans that they decide on.
#include "daemon/account.hpp"
#include "daemon/cli/answer.hpp"
#include "daemon/cli/by_service.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/digest_argument.hpp"
#include "daemon/cli/short_text.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/witness.hpp"

namespace dirsync::cli {

Answer decision_answer(store::Store& store, std::string const& digest, bool approves,
                       std::string const& actor) {
  auto const meant = digest_meant_by(digest, store);
  if (!meant) return refusal(meant.error());
  auto const decided = store.decide_plan(*meant, approves, actor, std::chrono::system_clock::now());
  if (!decided) {
    auto const is_closed = decided.error().code == store::make_error_code(store::StoreErrc::plan_closed);
    return refusal(decided.error(), is_closed ? std::optional{kHeld} : std::nullopt);
  }
  tell_chain_head(store);
  auto const* const decision = approves ? "approved" : "rejected";
  auto const stored = store.find_plan(*meant);
  auto const is_read = stored && *stored && !(*stored)->directory.empty();
  auto const* const next = is_read
                               ? "; the next run takes it as the new level if what it reads goes on from it"
                               : "; the next run applies it if it is still the same";
  return {.document =
              boost::json::serialize(boost::json::object{{"digest", meant->value()}, {"decision", decision}}),
          .text = decision + (" " + short_digest(*meant)) + (approves ? next : "") + "\n"};
}

Answer stored_plan_answer(store::Store& store, std::string const& digest) {
  auto const meant = digest_meant_by(digest, store);
  if (!meant) return refusal(meant.error());
  auto const stored = store.find_plan(*meant);
  if (!stored) return refusal(stored.error());
  if (!*stored)
    return refusal(Error{make_error_code(store::StoreErrc::no_such_plan),
                         meant->value() + "; `dirsyncd status` lists what waits"});
  return {.document = (*stored)->document_json, .text = (*stored)->document_json + "\n"};
}

int decide(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  if (auto const by_service = decide_by_service(arguments, *config); by_service.exit) return *by_service.exit;
  auto state = open_state(*config, StateUse::write);
  if (!state) return refuse_state(arguments, state.error());
  auto const approves = arguments.command == Command::approve;
  auto const answer = decision_answer(state->store, arguments.digest, approves, invoking_person());
  return show_answer(arguments, answer, Palette::plain());
}

}  // namespace dirsync::cli
