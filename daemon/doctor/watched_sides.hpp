#pragma once
// Sides that note how their reads ended, and to which nothing can be written.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/doctor/unresolved.hpp"
#include "sync/engine/setup.hpp"
#include "sync/ports/directory.hpp"
#include "sync/ports/target.hpp"

namespace dirsync::doctor {

/// Of a whole read.
struct DirectoryRead {
  std::optional<Error> error;  // nothing, and no figures either: it was not asked
  std::uint64_t people = 0, groups = 0, values = 0;
  std::map<Cause, CauseFinding> unresolved;
  std::vector<std::string> damaged;  // three at most
  std::uint64_t damages = 0;
};

struct TargetRead {
  std::optional<Error> error;
  std::string product;
  std::uint64_t users = 0, groups = 0;
  std::vector<CertificateClause> clauses;
};

/// `inner`: null for one that is left out; its read is an error.
class WatchedDirectory final : public Directory {
 public:
  WatchedDirectory(Directory* inner, SearchedBases bases) : inner_(inner), bases_(std::move(bases)) {}
  boost::asio::awaitable<Result<Snapshot>> read(DirectoryQuery query) override;
  Certificate proven() const override;
  boost::asio::awaitable<Result<std::vector<Presence>>> look_for(std::vector<EntryProbe> probes) override;
  /// Nothing before a read, and for one that is left out.
  std::optional<DirectoryRead> const& seen() const { return seen_; }

 private:
  Directory* inner_;
  SearchedBases bases_;
  std::optional<DirectoryRead> seen_;
};

class WatchedTarget final : public Target {
 public:
  /// `inner`: not null. `left_out`: it is not read.
  WatchedTarget(Target* inner, bool left_out) : inner_(inner), left_out_(left_out) {}
  TargetTraits traits() const override { return inner_->traits(); }
  boost::asio::awaitable<Result<Observed>> read() override;
  boost::asio::awaitable<Result<std::optional<TargetGroup>>> read_group(std::string group_id,
                                                                        Observed const& users) override;
  boost::asio::awaitable<MappingAnswer> ask_mapping(std::string domain) override;
  /// Sends nothing.
  boost::asio::awaitable<std::vector<Applied>> apply(std::vector<Change> batch) override;
  boost::asio::awaitable<void> close() override;
  std::optional<TargetRead> const& seen() const { return seen_; }

 private:
  Target* inner_;
  bool left_out_;
  std::optional<TargetRead> seen_;
};

}  // namespace dirsync::doctor
