#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "daemon/config/sections.hpp"

namespace dirsync::config {
namespace {

using namespace std::chrono_literals;

bool is_ip_address(std::string const& text) {
  std::array<unsigned char, 16> address{};
  return ::inet_pton(AF_INET, text.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
}

/// "127.0.0.1:9464", "[::1]:9464"
bool is_endpoint(std::string_view text) {
  auto const colon = text.rfind(':');
  if (colon == text.npos) return false;
  auto address = text.substr(0, colon);
  auto const bracketed = address.starts_with('[') && address.ends_with(']');
  if (bracketed) address = address.substr(1, address.size() - 2);
  if (!bracketed && address.find(':') != address.npos) return false;
  auto const port = text.substr(colon + 1);
  unsigned number = 0;
  auto const [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  return error == std::errc{} && end == port.data() + port.size() && number >= 1 && number <= 65535 &&
         is_ip_address(std::string{address});
}

std::string read_state_dir(Section& section) {
  auto const written = section.text("state_dir");
  auto state_dir = written;
  if (!state_dir) {
    state_dir = section.reading().environment().variable("STATE_DIRECTORY");
    // systemd lists several folders with colons; the first is the one of the unit's own name.
    if (state_dir) state_dir = state_dir->substr(0, state_dir->find(':'));
  }
  if (!state_dir || state_dir->empty()) {
    section.missing("state_dir",
                    "the folder for the store, such as \"/var/lib/dirsyncd\" ($STATE_DIRECTORY is not set)");
    return {};
  }
  if (!state_dir->starts_with('/')) {
    section.problem(ConfigErrc::malformed, "state_dir",
                    section.key_path("state_dir") + " must be an absolute path");
  }
  section.effective("state_dir", quoted(*state_dir));
  return *state_dir;
}

/// The runtime folder belongs to the packaged service alone; another instance keeps its socket beside its
/// store.
std::string default_control_socket(std::string const& state_dir) {
  if (state_dir == "/var/lib/dirsyncd") return "/run/dirsyncd/control.sock";
  return state_dir + (state_dir.ends_with('/') ? "" : "/") + "control.sock";
}

void read_control_socket(Section& section, Service& service) {
  constexpr std::string_view kKey = "control_socket";
  auto const* const node = section.find(kKey);
  auto const* const written = node != nullptr ? std::get_if<std::string>(&node->value) : nullptr;
  if (node != nullptr && written == nullptr) section.wrong_type(kKey, "a text in quotes");
  service.control_socket_given = written != nullptr;
  service.control_socket = written != nullptr ? *written : default_control_socket(service.state_dir);
  section.effective(kKey, quoted(service.control_socket));
  constexpr std::size_t kLongestSocketPath = 107;  // sun_path of unix(7), less the final NUL
  if (written == nullptr || written->empty()) return;
  if (!written->starts_with('/') || written->size() > kLongestSocketPath)
    section.problem(ConfigErrc::malformed, kKey,
                    section.key_path(kKey) + " must be an absolute path of at most 107 bytes");
}

/// Of an address that is_endpoint() takes: only programs of the same machine reach it.
bool is_loopback(std::string_view endpoint) {
  return endpoint.starts_with("127.") || endpoint.starts_with("[::1]:");
}

void read_http(Section& section, Service& service) {
  if (auto const listen = section.text("http_listen")) {
    service.http_listen = *listen;
    if (!is_endpoint(*listen)) {
      section.problem(
          ConfigErrc::malformed, "http_listen",
          section.key_path("http_listen") + " must be an IP address and a port, such as \"127.0.0.1:9464\"");
    }
  }
  // The page names people. What was opened to a network for its metrics does not tell of them by itself.
  service.http_page = section.flag("http_page", is_loopback(service.http_listen));
}

Log read_log(Section section) {
  std::array<std::pair<std::string_view, LogLevel>, kLogLevels.size()> levels;
  for (std::size_t at = 0; at < levels.size(); ++at) levels[at] = {kLogLevels[at], static_cast<LogLevel>(at)};
  constexpr std::array<std::pair<std::string_view, LogFormat>, 2> kFormats{
      {{"logfmt", LogFormat::logfmt}, {"json", LogFormat::json}}};
  Log log;
  log.level = section.choice<LogLevel>("level", log.level, levels);
  log.format = section.choice<LogFormat>("format", log.format, kFormats);
  return log;
}

void read_quiet(Section& section, Schedule& schedule) {
  constexpr auto kQuiet = 20ms, kLongest = 250ms;
  schedule.longest_quiet = section.duration("longest_quiet", kLongest, 1ms, 1min);
  schedule.quiet = section.duration(
      "quiet", std::min<std::chrono::milliseconds>(kQuiet, schedule.longest_quiet), 1ms, 10s);
  if (schedule.quiet > schedule.longest_quiet)
    section.problem(ConfigErrc::conflict, "quiet",
                    section.key_path("quiet") + " is longer than longest_quiet; make it shorter");
}

}  // namespace

Service read_service(Section section) {
  Service service;
  service.state_dir = read_state_dir(section);
  read_control_socket(section, service);
  read_http(section, service);
  service.log = read_log(section.section("log"));
  for (auto const& notify : section.repeated_sections("notify"))
    service.notify.push_back(read_notify(notify, service.notify.size() + 1));
  return service;
}

Schedule read_schedule(Section section) {
  Schedule schedule;
  schedule.interval = section.duration("interval", 5min, 1s, 168h);
  schedule.jitter = section.duration("jitter", 30s, 0s, 24h);
  schedule.watch = section.flag("watch", true);
  read_quiet(section, schedule);
  schedule.full_read_interval = section.duration("full_read_interval", 1h, 1s, 168h);
  if (section.find("revocation_target") != nullptr)
    schedule.revocation_target = section.duration("revocation_target", 1s, 1ms, 168h);
  return schedule;
}

}  // namespace dirsync::config
