#include "daemon/witness.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <ctime>

#include "daemon/log.hpp"
#include "store/descriptor.hpp"

namespace dirsync {
namespace {

/// "Nov  8 17:04:05", as syslog(3) writes it: local time, RFC 3164, 4.1.2.
std::string syslog_time() {
  auto const now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  constexpr char const* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char text[32];
  std::snprintf(text, sizeof text, "%s %2d %02d:%02d:%02d", kMonths[local.tm_mon], local.tm_mday,
                local.tm_hour, local.tm_min, local.tm_sec);
  return text;
}

void send_to(std::string const& system_log, std::string const& line) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (system_log.size() >= sizeof address.sun_path) return;
  system_log.copy(address.sun_path, system_log.size());
  store::Descriptor const socket{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  if (socket.number() < 0) return;
  // Not syslog(3): it keeps one connection for the process and waits when the log is slow.
  ::sendto(socket.number(), line.data(), line.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
           reinterpret_cast<sockaddr const*>(&address), sizeof address);
}

}  // namespace

std::vector<Monitor::Field> tell_chain_head(store::Store& store, std::string const& system_log) {
  auto const head = store.chain_head();
  if (!head) return {};
  std::vector<Monitor::Field> fields{{"chain_seq", std::to_string(head->sequence)},
                                     {"chain_head", head->hash}};
  constexpr int kPriority = LOG_AUTHPRIV | LOG_INFO;
  send_to(system_log, "<" + std::to_string(kPriority) + ">" + syslog_time() + " dirsyncd[" +
                          std::to_string(::getpid()) + "]: " + logfmt("chain_head", fields));
  return fields;
}

}  // namespace dirsync
