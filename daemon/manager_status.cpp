#include "daemon/manager_status.hpp"

#include <systemd/sd-daemon.h>

#include <algorithm>

namespace dirsync {
namespace {

void tell(std::string const& status) { ::sd_notify(0, ("STATUS=" + status).c_str()); }

bool has(std::span<Monitor::Field const> fields, std::string_view key, std::string_view value) {
  return std::ranges::any_of(
      fields, [key, value](auto const& field) { return field.key == key && field.value == value; });
}

}  // namespace

void ManagerStatus::event(Level level, std::string_view name, std::span<Field const> fields) {
  log_.event(level, name, fields);
  if (name == "stage_finished" && has(fields, "stage", "read")) tell_ready();
}

void ManagerStatus::progress(std::string_view what, std::uint64_t done, std::uint64_t total) {
  log_.progress(what, done, total);
  auto const now = std::chrono::steady_clock::now();
  if (now - told_ < std::chrono::seconds{1}) return;
  told_ = now;
  auto status = "Now " + std::string{what};
  if (total > 0) status += ", " + std::to_string(done) + " of " + std::to_string(total);
  tell(last_.empty() ? status : status + ". Last: " + last_);
}

void ManagerStatus::tell_ready() {
  if (!is_ready_.exchange(true)) ::sd_notify(0, "READY=1");
}

void ManagerStatus::tell_ended(std::string summary, Time next) {
  last_ = std::move(summary);
  tell(last_ + "; next at " + rfc3339(next));
}

}  // namespace dirsync
