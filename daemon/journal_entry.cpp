#include "daemon/journal_entry.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#include "store/descriptor.hpp"

namespace dirsync {
namespace {

/// Capitals, digits and '_'; at most 64 bytes.
std::string journal_name(std::string_view key) {
  std::string name = "DIRSYNCD_";
  for (auto const c : key.substr(0, 64 - name.size())) {
    auto const lower = c >= 'a' && c <= 'z', other = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name.push_back(lower ? static_cast<char>(c - 'a' + 'A') : other ? c : '_');
  }
  return name;
}

/// A value with a line break needs its length in front: 64 bits, little-endian.
void add(std::string& entry, std::string_view name, std::string_view value) {
  entry += name;
  if (value.find('\n') == value.npos) {
    entry += "=";
  } else {
    entry += "\n";
    for (int bits = 0; bits < 64; bits += 8)
      entry.push_back(static_cast<char>((std::uint64_t{value.size()} >> bits) & 0xffU));
  }
  entry += value;
  entry += "\n";
}

}  // namespace

int journal_priority(Monitor::Level level) {
  constexpr int kPriorities[] = {LOG_DEBUG, LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERR};
  return kPriorities[static_cast<int>(level)];
}

std::string journal_entry(Monitor::Level level, std::string_view event,
                          std::span<Monitor::Field const> fields, std::string_view message) {
  std::string entry;
  add(entry, "MESSAGE", message);
  add(entry, "PRIORITY", std::to_string(journal_priority(level)));
  add(entry, "SYSLOG_IDENTIFIER", "dirsyncd");
  add(entry, "DIRSYNCD_EVENT", event);
  for (auto const& [key, value] : fields)
    if (!value.empty()) add(entry, journal_name(key), value);
  return entry;
}

bool writes_to_journal() {
  auto const* const stream = std::getenv("JOURNAL_STREAM");
  struct stat file {};
  return stream != nullptr && ::fstat(STDERR_FILENO, &file) == 0 &&
         std::to_string(file.st_dev) + ":" + std::to_string(file.st_ino) == stream;
}

bool send_to_journal(std::string const& socket, std::string const& entry) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.size() >= sizeof address.sun_path) return false;
  socket.copy(address.sun_path, socket.size());
  store::Descriptor const sender{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  if (sender.number() < 0) return false;
  auto const sent = ::sendto(sender.number(), entry.data(), entry.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                             reinterpret_cast<sockaddr const*>(&address), sizeof address);
  return sent == static_cast<ssize_t>(entry.size());
}

}  // namespace dirsync
