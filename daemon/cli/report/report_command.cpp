// report.
#include <boost/json.hpp>
#include <functional>

#include "daemon/cli/context.hpp"
#include "daemon/cli/extract/new_file.hpp"
#include "daemon/cli/report/review_formats.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/when.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
using WriteText = std::function<Result<void>(std::string const& text)>;

struct Written {
  std::size_t groups = 0, members = 0;
};

/// All from one state of the store.
Result<Written> write_review(store::Store& store, std::optional<Time> at, ReviewFormat format,
                             WriteText const& write) {
  Written written;
  auto const writer = writer_of(format);
  auto const done = store.in_one_state([&store, &written, at, &writer, &write]() -> Result<void> {
    auto const review = review_of(store, at, std::chrono::system_clock::now());
    if (!review) return review.error();
    auto const approvals = Approvals::of(store);
    if (!approvals) return approvals.error();
    if (auto const begun = write(writer->head(*review)); !begun) return begun;
    for (auto const& group : review->groups) {
      auto const members = members_of(store, group, at, *approvals);
      if (!members) return members.error();
      ++written.groups;
      written.members += members->size();
      if (auto const added = write(writer->group(*review, group, *members)); !added) return added;
    }
    return write(writer->end(*review));
  });
  if (!done) return done.error();
  return written;
}

int fail_report(Arguments const& arguments, Error const& error) {
  print_error(arguments, error);
  return exit_of(error);
}

int report_to_file(Arguments const& arguments, config::Config const& config, std::optional<Time> at,
                   ReviewFormat format) {
  // Before root is given up for the state folder's owner: the file is for whoever asks.
  auto file = NewFile::create(arguments.report.out);
  if (!file) return fail_report(arguments, file.error());
  auto state = open_state(config, StateUse::examine);
  if (!state) return refuse_state(arguments, state.error());
  auto const written =
      write_review(state->store, at, format, [&file](std::string const& text) { return file->append(text); });
  if (!written) return fail_report(arguments, written.error());
  if (format == ReviewFormat::json)
    if (auto const ended = file->append("\n"); !ended) return fail_report(arguments, ended.error());
  if (auto const done = file->flush(); !done) return fail_report(arguments, done.error());
  file->keep();
  if (arguments.json)
    show_json({{"file", as_utf8(arguments.report.out)},
               {"groups", written->groups},
               {"members", written->members}});
  else
    show(stdout, std::to_string(written->groups) + " groups with " + std::to_string(written->members) +
                     " memberships in " + printable(arguments.report.out) + "\n");
  return kDone;
}

int report_to_screen(Arguments const& arguments, config::Config const& config, std::optional<Time> at,
                     ReviewFormat format) {
  auto state = open_state(config, StateUse::examine);
  if (!state) return refuse_state(arguments, state.error());
  // Shown as a whole: what cannot be read to its end is not shown in part.
  std::string all;
  auto const written = write_review(state->store, at, format, [&all](std::string const& text) {
    all += text;
    return Result<void>{};
  });
  if (!written) return refuse_state(arguments, written.error());
  if (format == ReviewFormat::json)
    show_json_text(all);
  else
    show(stdout, all);
  return kDone;
}

}  // namespace

int show_report(Arguments const& arguments) {
  auto const& asked = arguments.report;
  auto const is_json_alone = arguments.json && asked.out.empty();
  auto const format = review_format(!asked.format.empty() ? asked.format : is_json_alone ? "json" : "html");
  if (!format || (is_json_alone && *format != ReviewFormat::json)) {
    print_error(arguments, "usage", "with --json a report in another format needs --out FILE");
    return kUsage;
  }
  std::optional<Time> at;
  if (!read_when(arguments, "--at", arguments.at, at)) return kUsage;
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  return asked.out.empty() ? report_to_screen(arguments, *config, at, *format)
                           : report_to_file(arguments, *config, at, *format);
}

}  // namespace dirsync::cli
