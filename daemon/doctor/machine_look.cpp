#include "daemon/doctor/machine_look.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "daemon/account.hpp"
#include "daemon/config/trust_files.hpp"
#include "daemon/doctor/command_output.hpp"
#include "store/errors.hpp"
#include "store/mark.hpp"
#include "sync/model/quoted_word.hpp"

namespace dirsync::doctor {
namespace {

using store::StoreErrc;

void look_at_disk(store::StateFolder const& folder, CheckList& checks) {
  struct statvfs room {};
  if (::statvfs(folder.path_through_descriptor(".").c_str(), &room) != 0)
    return checks.skip("disk-space", "the file system does not tell");
  judge_disk(folder.path().string(), std::uint64_t{room.f_bavail} * room.f_frsize,
             std::uint64_t{room.f_blocks} * room.f_frsize, checks);
}

void look_at_lock(store::StateFolder const& folder, CheckList& checks) {
  auto const holder = store::InstanceLock::holder(folder);
  checks.ok("lock",
            holder ? "held by process " + std::to_string(holder->pid) + ", which may write to targets"
                   : std::string{"nobody holds it"},
            "cat " + quoted_word((folder.path() / store::kLockFile).string()));
}

void look_at_mark(store::StateFolder const& folder, store::Store& store, CheckList& checks) {
  if (auto const& why = store.went_back())
    return checks.fail("store-mark", *why, "see \"The mark\" in audit.md", "dirsyncd log verify");
  auto const mark = folder.find(store::kMarkFile);
  if (!mark) return checks.fail("store-mark", mark.error(), "see who made the file");
  auto const runs = store.runs(1);
  if (!*mark && runs && !runs->empty())
    return checks.warn("store-mark",
                       "there is no mark beside the store, which tells when an older copy is put "
                       "in its place",
                       "the next run writes one; find out who took it away");
  checks.ok("store-mark", *mark ? "the store is the one that its mark was written for"
                                : "no run has begun yet, so there is no mark");
}

void look_at_chain(store::Store& store, CheckList& checks) {
  auto const head = store.chain_head();
  if (!head)
    return checks.fail("audit-chain", head.error(), "run: dirsyncd log verify", "dirsyncd log verify");
  checks.ok("audit-chain",
            head->sequence == 0 ? std::string{"no audit row is written yet"}
                                : "ends at row " + std::to_string(head->sequence) + ", hash " + head->hash,
            "dirsyncd log verify");
}

void look_at_certificates(std::string const& path, std::string const& use, CheckList& checks) {
  auto file = facts_of(path, use);
  if (file.is_readable)
    if (auto const good = config::check_certificates(use, path); !good) file.unusable = good.error();
  judge_named_file(file, false, checks);
}

}  // namespace

FileFacts facts_of(std::string const& path, std::string use) {
  FileFacts facts{.path = path, .use = std::move(use)};
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return facts;
  facts.is_there = true;
  facts.is_readable = ::access(path.c_str(), R_OK) == 0;
  facts.owner = status.st_uid;
  facts.mode = status.st_mode & 07777U;
  return facts;
}

std::optional<store::StateFolder> enter_state_folder(std::string const& path, CheckList& checks) {
  auto folder = store::StateFolder::open(path);
  if (!folder) {
    auto const facts = facts_of(path);
    if (facts.is_there)
      checks.fail("state-folder", folder.error(), "correct service.state_dir");
    else
      judge_state_folder(facts, ::geteuid(), checks);
    return std::nullopt;
  }
  if (auto const gone_on = give_up_root_for(folder->owner(), folder->group()); !gone_on) {
    checks.fail("state-folder", gone_on.error(), "run dirsyncd as the owner of the state folder");
    return std::nullopt;
  }
  auto facts = facts_of(folder->path_through_descriptor("."));
  facts.path = path;
  judge_state_folder(facts, ::geteuid(), checks);
  return std::move(*folder);
}

std::optional<store::Store> look_at_state(store::StateFolder const& folder, CheckList& checks) {
  look_at_disk(folder, checks);
  look_at_lock(folder, checks);
  auto store =
      store::Store::open({.folder = folder, .mode = store::Options::Mode::read_only, .examine = true});
  if (!store) {
    if (store.error().code == StoreErrc::missing)
      checks.ok("store", "there is none yet: the first run makes it");
    else if (store.error().code == StoreErrc::busy)
      checks.warn("store", told_by(store.error()).what, "run again when the other process is done");
    else
      checks.fail("store", store.error(), "see audit.md; never delete it to make this go away");
    checks.skip("store-mark", "the store was not opened");
    checks.skip("audit-chain", "the store was not opened");
    return std::nullopt;
  }
  auto const size = store->size();
  checks.ok("store", "opens" + (size ? ", " + std::to_string(*size / 1024) + " KiB" : std::string{}),
            "dirsyncd runs");
  look_at_mark(folder, *store, checks);
  look_at_chain(*store, checks);
  return std::move(*store);
}

void look_at_named_files(config::Config const& config, CheckList& checks) {
  auto const look = [&checks](Tls const& tls, std::string const& side) {
    auto const of_side = " of " + side;
    if (!tls.ca_file.empty()) look_at_certificates(tls.ca_file, "tls.ca_file" + of_side, checks);
    if (!tls.ca_dir.empty()) judge_named_file(facts_of(tls.ca_dir, "tls.ca_dir" + of_side), false, checks);
    if (tls.cert_file.empty()) return;
    look_at_certificates(tls.cert_file, "tls.cert_file" + of_side, checks);
    auto const use = "tls.key_file" + of_side;
    auto key = facts_of(tls.key_file, use);
    if (key.is_readable && config::check_certificates(use, tls.cert_file))
      if (auto const good = config::check_key(use, tls); !good) key.unusable = good.error();
    judge_named_file(key, true, checks);
  };
  for (auto const& [name, directory] : config.directories) {
    look(directory.ldap.tls, "directory " + name);
    if (auto const& keytab = directory.ldap.bind.keytab; !keytab.empty())
      judge_named_file(facts_of(keytab, "bind.keytab of directory " + name), true, checks);
  }
  for (auto const& [name, target] : config.targets)
    std::visit([&look, &name](auto const& settings) { look(settings.http.tls, "target " + name); },
               target.settings);
  for (auto const& notify : config.service.notify)
    if (auto const* const webhook = std::get_if<config::Webhook>(&notify.way);
        webhook != nullptr && !webhook->ca_file.empty())
      look_at_certificates(webhook->ca_file, "ca_file of service.notify", checks);
}

void look_at_unit(CheckList& checks) {
  auto const output = output_of({"systemctl", "show", "dirsyncd.service", "--property",
                                 "LoadState,NoNewPrivileges,ProtectSystem,PrivateTmp,MemoryDenyWriteExecute,"
                                 "NeedDaemonReload"});
  if (!output) return checks.skip("unit-sandbox", "no service manager answers here");
  judge_unit(properties_in(*output), checks);
}

}  // namespace dirsync::doctor
