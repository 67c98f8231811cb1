#pragma once
#include <memory>

#include "ldap/settings.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::ldap {

/// A directory that is read over LDAP, by threads of its own; results come back on the caller's executor.
/// Retries a whole read by Settings::retry when its error is transient. Looks at single entries follow each
/// other on a connection that is kept for some minutes. Cancelling an operation shuts its
/// connections at once. Destroy it when none is running. Thread: event loop. Errors: LdapErrc, SnapshotErrc.
class LdapDirectory final : public Directory {
 public:
  explicit LdapDirectory(Settings settings);
  ~LdapDirectory() override;
  boost::asio::awaitable<Result<Snapshot>> read(DirectoryQuery query) override;
  Certificate proven() const override;
  std::uint64_t entries_so_far() const override;
  boost::asio::awaitable<Result<std::vector<Presence>>> look_for(std::vector<EntryProbe> probes) override;
  boost::asio::awaitable<Result<Snapshot>> read_people(DirectoryQuery query,
                                                       std::vector<EntryId> ids) override;
  boost::asio::awaitable<Result<Snapshot>> read_groups(DirectoryQuery query,
                                                       std::vector<EntryId> ids) override;
  boost::asio::awaitable<Result<std::vector<EntryId>>> groups_naming(DirectoryQuery query,
                                                                     EntryNames names) override;
  boost::asio::awaitable<Result<std::optional<MemberChanges>>> member_changes(DirectoryQuery query,
                                                                              EntryId group,
                                                                              std::string last_dn,
                                                                              ChangeStamp since) override;

 private:
  struct Reading;
  std::unique_ptr<Reading> reading_;
};

}  // namespace dirsync::ldap
