// log export and log key.
#include "daemon/cli/context.hpp"
#include "daemon/cli/extract/formats.hpp"
#include "daemon/cli/extract/new_file.hpp"
#include "daemon/cli/extract/proof_file.hpp"
#include "daemon/cli/log_times.hpp"
#include "daemon/cli/pruned_notice.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/state.hpp"
#include "store/audit_key.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

/// Options of `log` that the command line takes after `log export` too, and that would make another extract
/// than was asked for.
bool has_more_filters(Arguments const& arguments) {
  return !arguments.target.empty() || !arguments.group.empty() || !arguments.user.empty() ||
         !arguments.action.empty() || !arguments.outcome.empty() || arguments.run != 0 || arguments.limit ||
         arguments.after != 0 || arguments.follow;
}

Result<store::Extract> write_rows(store::Store& store, store::ExtractBounds const& bounds,
                                  ExtractFormat format, NewFile& file) {
  if (auto const begun = file.append(head_of(format)); !begun) return begun.error();
  return store.extract(bounds,
                       [&file, format](AuditRow const& row) { return file.append(line_of(format, row)); });
}

int fail(Arguments const& arguments, Error const& error) {
  print_error(arguments, error);
  return exit_of(error);
}
}  // namespace

int export_log(Arguments const& arguments) {
  auto const& out = arguments.extract.out;
  auto const format = extract_format(arguments.extract.format);
  if (!format || has_more_filters(arguments)) {
    print_error(arguments, "usage", "log export takes rows by their time alone: --since and --until");
    return kUsage;
  }
  auto const times = times_of(arguments);
  if (!times) return kUsage;
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  // Before root is given up for the state folder's owner: the files are for whoever asks.
  auto file = NewFile::create(out);
  if (!file) return fail(arguments, file.error());
  auto proof = NewFile::create(out + ".proof");
  if (!proof) return fail(arguments, proof.error());
  auto state = open_state(*config, StateUse::examine);
  if (!state) return refuse_state(arguments, state.error());
  auto const extract = write_rows(state->store, {times->since, times->until}, *format, *file);
  if (!extract) return fail(arguments, extract.error());
  if (auto const done =
          proof->append(proof_text(*format, extract->rows, extract->nodes, extract->checkpoint));
      !done)
    return fail(arguments, done.error());
  for (auto* const written : {&*file, &*proof})
    if (auto const done = written->flush(); !done) return fail(arguments, done.error());
  file->keep();
  proof->keep();
  AuditFilter filter;
  filter.since = times->since;
  if (auto const told = tell_of_pruned(state->store, filter); !told) return fail(arguments, told.error());
  if (arguments.json)
    show_json({{"rows", extract->rows}, {"file", as_utf8(out)}, {"proof", as_utf8(out + ".proof")}});
  else
    show(stdout, std::to_string(extract->rows) + " rows in " + out + ", their proof in " + out + ".proof\n");
  return kDone;
}

int show_log_key(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto state = open_state(*config, StateUse::examine);
  if (!state) return refuse_state(arguments, state.error());
  auto const key = state->store.public_key();
  if (!key) return fail(arguments, key.error());
  if (!*key)
    return fail(arguments, Error{store::StoreErrc::missing,
                                 (state->folder.path() / store::kAuditKeyFile).string() +
                                     ": is not there yet. Let the service run once, which makes it"});
  if (arguments.json)
    show_json({{"public_key", (*key)->pem()},
               {"origin", store::origin_of(**key)},
               {"verifier_key", store::verifier_key(**key)}});
  else
    show(stdout, (*key)->pem());
  return kDone;
}

}  // namespace dirsync::cli
