#include "daemon/doctor/machine_look.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "daemon/account.hpp"
#include "daemon/doctor/command_output.hpp"
#include "store/errors.hpp"
#include "store/mark.hpp"

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
            holder ? "held by process " + std::to_string(*holder) + ", which may write to targets"
                   : std::string{"nobody holds it"},
            "cat " + (folder.path() / store::kLockFile).string());
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
    for (auto const& [path, key, holds_key] :
         {std::tuple{&tls.ca_file, "tls.ca_file", false}, std::tuple{&tls.ca_dir, "tls.ca_dir", false},
          std::tuple{&tls.cert_file, "tls.cert_file", false},
          std::tuple{&tls.key_file, "tls.key_file", true}})
      if (!path->empty()) judge_named_file(facts_of(*path, key + (" of " + side)), holds_key, checks);
  };
  for (auto const& [name, directory] : config.directories) {
    look(directory.ldap.tls, "directory " + name);
    if (auto const& keytab = directory.ldap.bind.keytab; !keytab.empty())
      judge_named_file(facts_of(keytab, "bind.keytab of directory " + name), true, checks);
  }
  for (auto const& [name, target] : config.targets)
    std::visit([&look, &name](auto const& settings) { look(settings.http.tls, "target " + name); },
               target.settings);
}

void look_at_unit(CheckList& checks) {
  auto const output = output_of({"systemctl", "show", "dirsyncd.service", "--property",
                                 "LoadState,NoNewPrivileges,ProtectSystem,PrivateTmp,MemoryDenyWriteExecute,"
                                 "NeedDaemonReload"});
  if (!output) return checks.skip("unit-sandbox", "no service manager answers here");
  judge_unit(properties_in(*output), checks);
}

}  // namespace dirsync::doctor
