#include "daemon/doctor/machine.hpp"

#include <array>
#include <cstdio>

#include "store/state_folder.hpp"
#include "sync/model/counted.hpp"
#include "sync/model/quoted_word.hpp"

namespace dirsync::doctor {
namespace {

constexpr mode_t kOthersWrite = 022, kOthersAnything = 077;

std::string in_units(std::uint64_t bytes) {
  constexpr std::uint64_t kMega = 1U << 20U, kGiga = 1U << 30U;
  if (bytes >= 10 * kGiga) return std::to_string(bytes / kGiga) + " GiB";
  return std::to_string(bytes / kMega) + " MiB";
}

std::string with_mode(FileFacts const& file) {
  return file.path + " (mode " + octal(file.mode) + ", " + store::account_text(file.owner) + ")";
}

std::string list_command(FileFacts const& file) { return "ls -ld " + quoted_word(file.path); }

bool is_trusted(uid_t owner, uid_t service_owner) { return owner == 0 || owner == service_owner; }

}  // namespace

std::string octal(mode_t mode) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777U));
  return text.data();
}

void judge_config_file(FileFacts const& file, FileFacts const& folder, uid_t service_owner,
                       CheckList& checks) {
  auto const* const id = "configuration-file";
  if (!is_trusted(file.owner, service_owner))
    return checks.fail(id,
                       with_mode(file) +
                           " belongs neither to root nor to the account that dirsyncd runs as: "
                           "its owner decides who gets into which group",
                       "run: chown root " + quoted_word(file.path), list_command(file));
  if ((file.mode & kOthersWrite) != 0)
    return checks.fail(id, with_mode(file) + " can be changed by group or others",
                       "run: chmod go-w " + quoted_word(file.path), list_command(file));
  auto const is_sticky = (folder.mode & 01000U) != 0;
  if (folder.is_there && !is_trusted(folder.owner, service_owner))
    return checks.warn(id,
                       "the folder " + with_mode(folder) + " is somebody else's, who may replace the file",
                       "run: chown root " + quoted_word(folder.path), list_command(folder));
  if (folder.is_there && (folder.mode & kOthersWrite) != 0 && !is_sticky)
    return checks.warn(id, "the folder " + with_mode(folder) + " lets group or others replace the file",
                       "run: chmod go-w " + quoted_word(folder.path), list_command(folder));
  checks.ok(id, with_mode(file) + " can be changed by nobody else", list_command(file));
}

void judge_configuration(config::Config const& config, CheckList& checks) {
  checks.ok("configuration",
            config.file + " is valid: " + counted(config.directories.size(), "directory", "directories") +
                ", " + counted(config.targets.size(), "target", "targets") + ", " +
                counted(config.rules.size(), "rule", "rules"));
  for (auto const& warning : config.warnings)
    checks.warn("configuration-warning", warning, "change the setting, or leave it where the risk is meant");
}

void judge_problems(std::string const& id, config::Problems const& problems, CheckList& checks) {
  for (auto const& problem : problems) {
    auto const text = config::text(problem);
    auto const end = text.rfind("; ");
    auto const tells = end != std::string::npos;
    checks.fail(id, tells ? text.substr(0, end) : text,
                tells ? text.substr(end + 2) : "correct it there; dirsyncd.toml(5) explains each key",
                "dirsyncd --config " + quoted_word(problem.file) + " config check");
  }
}

void judge_named_file(FileFacts const& file, bool holds_key, CheckList& checks) {
  auto const* const id = "files";
  if (!file.is_there || !file.is_readable)
    return checks.fail(id,
                       file.use + ": " + file.path +
                           (file.is_there ? " cannot be read by the account that dirsyncd runs as"
                                          : " is not there, or a folder above it may not be entered"),
                       file.is_there ? "let that account read it (chgrp dirsyncd, chmod g+r), not all others"
                                     : "put the file there, or correct the path",
                       list_command(file));
  if ((file.mode & kOthersWrite) != 0)
    return checks.fail(id, file.use + ": " + with_mode(file) + " can be changed by group or others",
                       "run: chmod go-w " + quoted_word(file.path), list_command(file));
  if (holds_key && (file.mode & 07U) != 0)
    return checks.fail(id, file.use + ": " + with_mode(file) + " holds a private key that everybody can read",
                       "run: chmod o= " + quoted_word(file.path) + ", and renew the key", list_command(file));
  if (file.unusable)
    return checks.fail(id, *file.unusable, "put the right file there",
                       "openssl x509 -noout -subject -enddate -in " + quoted_word(file.path));
  checks.ok(id, file.use + ": " + with_mode(file) + " can be read", list_command(file));
}

void judge_state_folder(FileFacts const& folder, uid_t service_owner, CheckList& checks) {
  auto const* const id = "state-folder";
  if (!folder.is_there)
    return checks.warn(id, folder.path + " is not there yet",
                       "nothing, if dirsyncd has never run: its first run makes it; else bring it back",
                       list_command(folder));
  if ((folder.mode & kOthersWrite) != 0)
    return checks.fail(id,
                       with_mode(folder) +
                           " can be changed by group or others: they could put back what "
                           "dirsyncd remembers",
                       "run: chmod 0700 " + quoted_word(folder.path), list_command(folder));
  if (folder.owner != service_owner && service_owner != 0)
    return checks.fail(id, with_mode(folder) + " does not belong to the account that dirsyncd runs as",
                       "run: chown -R " + std::to_string(service_owner) + " " + quoted_word(folder.path),
                       list_command(folder));
  if ((folder.mode & kOthersAnything) != 0)
    return checks.warn(id, with_mode(folder) + " can be read by others: it holds names of people and groups",
                       "run: chmod 0700 " + quoted_word(folder.path), list_command(folder));
  checks.ok(id, with_mode(folder), list_command(folder));
}

void judge_disk(std::string const& folder, std::uint64_t available, std::uint64_t whole, CheckList& checks) {
  constexpr std::uint64_t kTooLittle = 64U << 20U, kLittle = 512U << 20U;  // bytes
  auto const text =
      in_units(available) + " of " + in_units(whole) + " are free on the file system of " + folder;
  auto const show = "df -h " + quoted_word(folder);
  if (available < kTooLittle)
    return checks.fail("disk-space", text + ": the store may find no room, and then nothing is sent",
                       "make room there, or move service.state_dir", show);
  if (available < kLittle)
    return checks.warn("disk-space", text, "make room there before the store finds none", show);
  checks.ok("disk-space", text, show);
}

void judge_clock(std::string const& who, std::chrono::milliseconds ahead, bool needs_tickets,
                 CheckList& checks) {
  using std::chrono::seconds;
  auto const distance = std::chrono::round<seconds>(std::chrono::abs(ahead));
  auto const text = "this machine's clock is " + std::to_string(distance.count()) + " s " +
                    (ahead.count() < 0 ? "behind" : "ahead of") + " that of " + who;
  auto const* const remedy = "synchronise both clocks, by chrony or systemd-timesyncd";
  auto const* const show = "timedatectl timesync-status; date -u";
  if (distance > std::chrono::minutes{5} && needs_tickets)
    return checks.fail("clock", text + ": Kerberos refuses a ticket when clocks differ by five minutes",
                       remedy, show);
  if (distance > std::chrono::minutes{1})
    return checks.warn("clock", text + ": times of the audit trail and of accounts that expire are off",
                       remedy, show);
  checks.ok("clock", text, show);
}

void judge_unit(std::map<std::string, std::string> const& properties, CheckList& checks) {
  auto const* const id = "unit-sandbox";
  auto const* const show = "systemd-analyze security dirsyncd.service";
  auto const value = [&properties](char const* key) {
    auto const found = properties.find(key);
    return found == properties.end() ? std::string{} : found->second;
  };
  if (value("LoadState") != "loaded") return checks.skip(id, "no unit dirsyncd.service is installed here");
  std::string loosened;
  auto const want = [&loosened, &value](char const* key, std::string_view wanted) {
    if (value(key) == wanted) return;
    loosened += (loosened.empty() ? "" : ", ") + std::string{key} + "=" + value(key);
  };
  want("NoNewPrivileges", "yes");
  want("ProtectSystem", "strict");
  want("PrivateTmp", "yes");
  want("MemoryDenyWriteExecute", "yes");
  if (value("NeedDaemonReload") == "yes")
    return checks.warn(id, "the unit's files changed since systemd read them",
                       "run: systemctl daemon-reload, and restart dirsyncd",
                       "systemctl cat dirsyncd.service");
  if (!loosened.empty())
    return checks.warn(id, "a drop-in loosens the unit's sandbox: " + loosened,
                       "see which file does it, and take out what is not needed",
                       "systemctl cat dirsyncd.service");
  checks.ok(id, "dirsyncd.service runs in its sandbox", show);
}

}  // namespace dirsync::doctor
