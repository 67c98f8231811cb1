// The simulated console as a process of its own.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>

#include "tests/simulators/console_sim.hpp"

namespace {

using dirsync::Result;
using dirsync::sim::ConsoleSim;

Result<std::unique_ptr<ConsoleSim>> open_sim(std::string const& state_file, ConsoleSim::Options options) {
  namespace json = boost::json;
  if (state_file.empty()) return ConsoleSim::open(json::object{}, std::move(options));
  auto const invalid = make_error_code(boost::system::errc::invalid_argument);
  std::ifstream file{state_file};
  if (!file) return dirsync::Error{invalid, "cannot read " + state_file};
  std::string const text{std::istreambuf_iterator<char>{file}, {}};
  auto const state = dirsync::sim::parse_json(text);
  if (!state) return dirsync::Error{invalid, state_file + " is not JSON"};
  return ConsoleSim::open(*state, std::move(options));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Simulated Pulse IoT Center console; see tests/simulators/README-console.md"};
  std::string state_file;
  ConsoleSim::Options options;
  std::vector<std::string> knobs;
  dirsync::sim::Server::Options server;
  app.add_option("--state", state_file, "State file; without one: the seed");
  app.add_option("--set-name", options.set_name, "doc-2.0.2 or infer-2021");
  app.add_option("--set", knobs, "knob=value, may be repeated");
  app.add_option("--port", server.port, "0 takes any free port");
  app.add_option("--cert", server.certificate_file, "PEM")->required();
  app.add_option("--key", server.key_file, "PEM")->required();
  CLI11_PARSE(app, argc, argv);
  for (auto const& knob : knobs) {
    auto const equals = knob.find('=');
    if (equals == std::string::npos) {
      std::cerr << "console_sim: " << knob << " is not knob=value\n";
      return 2;
    }
    options.knobs.emplace_back(knob.substr(0, equals), knob.substr(equals + 1));
  }
  auto sim = open_sim(state_file, std::move(options));
  if (!sim) {
    std::cerr << "console_sim: " << sim.error().context << '\n';
    return 2;
  }

  // Blocked before the server's threads start, so that only sigwait sees them.
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  try {
    auto const handler = [&sim](dirsync::sim::Request const& request) { return (*sim)->handle(request); };
    dirsync::sim::Server const running{server, handler};
    std::cout << "listening https://127.0.0.1:" << running.port() << std::endl;
    int signal = 0;
    sigwait(&stop, &signal);
  } catch (std::exception const& error) {
    std::cerr << "console_sim: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
