#include "daemon/cli/context.hpp"

#include <pwd.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <boost/json.hpp>
#include <boost/system/system_error.hpp>
#include <cstdio>
#include <filesystem>

#include "daemon/cli/output.hpp"

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

std::optional<config::Config> load_config(Arguments const& arguments, config::Secrets secrets) {
  config::ProcessEnvironment const environment;
  auto loaded = config::load(arguments.config, environment, secrets);
  if (loaded) return std::move(*loaded);
  auto const& problems = loaded.error();
  for (auto const& problem : problems) std::fprintf(stderr, "dirsyncd: %s\n", config::text(problem).c_str());
  if (arguments.json) {
    auto const& first = problems.front();
    boost::json::object error{{"code", first.code}, {"text", first.text}, {"file", first.file}};
    if (first.line > 0) {
      error["line"] = first.line;
      error["column"] = first.column;
    }
    if (!first.key.empty()) error["key"] = first.key;
    std::puts(boost::json::serialize(boost::json::object{{"error", std::move(error)}}).c_str());
  }
  return std::nullopt;
}

std::optional<store::Store> open_store(Arguments const& arguments, config::Config const& config,
                                       store::Options::Mode mode) {
  std::filesystem::path const folder = config.service.state_dir;
  if (mode == store::Options::Mode::read_write) {
    std::error_code ignored;  // the store says what is wrong with the folder
    if (std::filesystem::create_directories(folder, ignored))
      std::filesystem::permissions(folder, std::filesystem::perms::owner_all, ignored);
  }
  auto opened = store::Store::open({.state_dir = folder, .mode = mode});
  if (opened) return std::move(*opened);
  print_error(arguments, opened.error());
  return std::nullopt;
}

void print_error(Arguments const& arguments, std::string_view code, std::string_view text) {
  std::fprintf(stderr, "dirsyncd: %.*s\n", static_cast<int>(text.size()), text.data());
  if (arguments.json) std::fputs(error_json(code, text).c_str(), stdout);
}

void print_error(Arguments const& arguments, Error const& error) {
  auto const locked = error.code == store::make_error_code(store::StoreErrc::locked);
  print_error(arguments, locked ? "locked" : error.code.category().name(), text(error));
}

Log::Options log_options(Arguments const& arguments, config::Config const& config, bool one_shot) {
  Log::Options options;
  options.json = config.service.log.format == config::LogFormat::json;
  options.level = static_cast<Monitor::Level>(config.service.log.level);
  if (one_shot && options.level < Monitor::Level::warn) options.level = Monitor::Level::warn;
  constexpr std::string_view kLevels[] = {"trace", "debug", "info", "warn", "error"};
  for (int level = 0; level < 5; ++level)
    if (arguments.log_level == kLevels[level]) options.level = static_cast<Monitor::Level>(level);
  return options;
}

std::string invoking_person() {
  auto const uid = ::getuid();
  auto const* const person = ::getpwuid(uid);
  return "uid:" + std::to_string(uid) + (person != nullptr ? " (" + std::string{person->pw_name} + ")" : "");
}

}  // namespace dirsync::cli
