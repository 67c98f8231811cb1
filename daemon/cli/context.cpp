#include "daemon/cli/context.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/json.hpp>
#include <boost/system/system_error.hpp>

#include "daemon/cli/output.hpp"
#include "daemon/cli/presentation.hpp"
#include "daemon/cli/screen.hpp"
#include "store/errors.hpp"

namespace dirsync::cli {

bool is_cancellation(std::exception_ptr const& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (boost::system::system_error const& error) {
    return error.code() == boost::asio::error::operation_aborted;
  } catch (std::exception const&) {
    return false;
  }
}

int exit_of(Error const& error) { return error.code == Failure::transient ? kInternal : kUsage; }

std::optional<config::Config> load_config(Arguments const& arguments, config::Secrets secrets) {
  auto loaded = read_config(arguments, secrets);
  return loaded ? std::optional{std::move(*loaded)} : std::nullopt;
}

config::Loaded read_config(Arguments const& arguments, config::Secrets secrets) {
  config::ProcessEnvironment const environment;
  auto loaded = config::load(arguments.config, environment, secrets);
  if (loaded) return loaded;
  auto const& problems = loaded.error();
  for (auto const& problem : problems) show(stderr, "dirsyncd: " + config::text(problem) + "\n");
  if (arguments.json) {
    auto const& first = problems.front();
    boost::json::object error{{"code", first.code}, {"text", first.text}, {"file", first.file}};
    if (first.line > 0) {
      error["line"] = first.line;
      error["column"] = first.column;
    }
    if (!first.key.empty()) error["key"] = first.key;
    show_json(boost::json::object{{"error", std::move(error)}});
  }
  return loaded;
}

void print_error(Arguments const& arguments, std::string_view code, std::string_view text) {
  auto const words = with_command(std::string{text}, command_with(arguments.config));
  show(stderr, "dirsyncd: " + words + "\n");
  if (arguments.json) show_json(error_document(code, text));
}

std::string_view error_code_name(Error const& error) {
  using store::StoreErrc;
  if (error.code == store::make_error_code(StoreErrc::locked)) return "locked";
  if (error.code == store::make_error_code(StoreErrc::behind)) return "store-behind";
  if (error.code == store::make_error_code(StoreErrc::chain_broken)) return "chain-broken";
  return error.code.category().name();
}

void print_error(Arguments const& arguments, Error const& error) {
  print_error(arguments, error_code_name(error), text(error));
}

Log::Options log_options(Arguments const& arguments, config::Config const& config, bool one_shot) {
  Log::Options options;
  options.json = config.service.log.format == config::LogFormat::json;
  options.level = config.service.log.level;
  if (one_shot && options.level < Monitor::Level::warn) options.level = Monitor::Level::warn;
  if (auto const asked = std::ranges::find(kLogLevels, arguments.log_level); asked != kLogLevels.end())
    options.level = static_cast<LogLevel>(asked - kLogLevels.begin());
  return options;
}

}  // namespace dirsync::cli
