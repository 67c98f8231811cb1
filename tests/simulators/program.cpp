#include "tests/simulators/program.hpp"

#include <charconv>
#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

namespace dirsync::sim {
namespace {
constexpr std::string_view kUsage =
    "usage: --cert FILE --key FILE [--state FILE] [--profile|--set-name NAME] [--port N] [--set "
    "KNOB=VALUE]...\n";

struct Arguments {
  ProgramOptions program;
  Server::Options server;
};

json::value read_state(std::string const& path) {
  std::ifstream file{path};
  if (!file) throw std::runtime_error{"cannot read " + path};
  std::string const text{std::istreambuf_iterator<char>{file}, {}};
  auto state = parse_json(text);
  if (!state) throw std::runtime_error{path + " is not JSON"};
  return *std::move(state);
}

Arguments parse_arguments(int argc, char const* const* argv) {
  Arguments arguments;
  for (int at = 1; at < argc; at += 2) {
    std::string_view const flag = argv[at];
    if (at + 1 >= argc) throw std::runtime_error{std::string{flag} + " needs a value"};
    std::string const value = argv[at + 1];
    if (flag == "--state") {
      arguments.program.state = read_state(value);
    } else if (flag == "--profile" || flag == "--set-name") {
      arguments.program.profile = value;
    } else if (flag == "--cert") {
      arguments.server.certificate_file = value;
    } else if (flag == "--key") {
      arguments.server.key_file = value;
    } else if (flag == "--port") {
      auto const end = value.data() + value.size();
      auto const [stop, error] = std::from_chars(value.data(), end, arguments.server.port);
      if (error != std::errc{} || stop != end) throw std::runtime_error{"not a port: " + value};
    } else if (flag == "--set") {
      auto const equals = value.find('=');
      if (equals == std::string::npos) throw std::runtime_error{"--set takes KNOB=VALUE"};
      arguments.program.knobs.emplace_back(value.substr(0, equals), value.substr(equals + 1));
    } else {
      throw std::runtime_error{"unknown option " + std::string{flag}};
    }
  }
  if (arguments.server.certificate_file.empty() || arguments.server.key_file.empty())
    throw std::runtime_error{"--cert and --key are needed"};
  return arguments;
}
}  // namespace

int run_program(int argc, char const* const* argv, MakeSimulator const& make) {
  sigset_t endings;
  sigemptyset(&endings);
  sigaddset(&endings, SIGTERM);
  sigaddset(&endings, SIGINT);
  pthread_sigmask(SIG_BLOCK, &endings, nullptr);
  try {
    auto const arguments = parse_arguments(argc, argv);
    auto const simulator = make(arguments.program);
    Server const server{arguments.server,
                        [&simulator](Request const& request) { return simulator->handle(request); }};
    std::cout << "listening https://127.0.0.1:" << server.port() << std::endl;
    int ending = 0;
    sigwait(&endings, &ending);
    return 0;
  } catch (std::exception const& error) {
    // One write: whoever reads only the first line must not end us with SIGPIPE.
    std::cerr << std::string{error.what()} + '\n' + std::string{kUsage};
    return 2;
  }
}

}  // namespace dirsync::sim
