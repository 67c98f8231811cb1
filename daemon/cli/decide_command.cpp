// approve and reject.
#include <boost/json.hpp>
#include <cstdio>

#include "daemon/cli/context.hpp"

namespace dirsync::cli {

int decide(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto store = open_store(arguments, *config, store::Options::Mode::read_write);
  if (!store) return kUsage;
  auto const approves = arguments.command == Command::approve;
  PlanDigest const digest{arguments.digest};
  auto const decided =
      store->decide_plan(digest, approves, invoking_person(), std::chrono::system_clock::now());
  if (!decided) {
    print_error(arguments, decided.error());
    return decided.error().code == store::make_error_code(store::StoreErrc::plan_closed) ? kHeld : kUsage;
  }
  auto const* const decision = approves ? "approved" : "rejected";
  auto const stored = store->find_plan(digest);
  auto const is_read = stored && *stored && !(*stored)->directory.empty();
  auto const* const next = is_read
                               ? "; the next run takes it as the new level if what it reads goes on from it"
                               : "; the next run applies it if it is still the same";
  if (arguments.json)
    std::puts(boost::json::serialize(boost::json::object{{"digest", digest.value()}, {"decision", decision}})
                  .c_str());
  else
    std::printf("%s %s%s\n", decision, digest.value().c_str(), approves ? next : "");
  return kDone;
}

}  // namespace dirsync::cli
