#pragma once
// The last check before a write: nothing that a read showed as protected is changed, whoever asks.
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "sync/ports/target.hpp"

namespace dirsync {

/// What a read showed of groups and users that must not be changed. After a read of some nothing passes but
/// additions of these users to these groups, and their removals.
class Guard {
 public:
  Guard(TargetTraits const& traits, Observed const& observed);
  /// Why the change must not be made, in words and with what to do; empty: it may be.
  std::string refusal(Change const& change) const;

 private:
  std::string refused_group(Change const& change) const;
  std::string refused_name(std::string const& name, std::string const& group_id) const;
  std::string refused_member(Change const& change) const;
  std::string refused_unread(Change const& change) const;
  std::string key(std::string const& name) const;

  struct Protected {
    std::string id, name, because;
  };
  /// Of a read of some: what it showed.
  struct Shown {
    std::unordered_set<std::string> groups, users;  // by id
  };
  bool folds_case_;
  std::optional<Shown> only_;                             // nothing: everything was read
  std::unordered_map<std::string, Protected> groups_;     // by id
  std::unordered_map<std::string, Protected> names_;      // of these groups, as the target compares them
  std::unordered_map<std::string, Protected> users_;      // by id
  std::unordered_map<std::string, std::string> foreign_;  // unknown members by id, with their names
};

/// A target behind a Guard of its last read, with which it agrees in everything else. A refused
/// change is `skipped` and never reaches the target; until there was a read, or once it is forgotten,
/// everything is. Thread: event loop.
class GuardedTarget final : public Target {
 public:
  explicit GuardedTarget(std::unique_ptr<Target> inner);
  TargetTraits traits() const override;
  boost::asio::awaitable<Result<Observed>> read() override;
  boost::asio::awaitable<Result<Observed>> read_some(SomeOfTarget wanted) override;
  boost::asio::awaitable<Result<std::optional<TargetGroup>>> read_group(std::string group_id,
                                                                        Observed const& users) override;
  boost::asio::awaitable<MappingAnswer> ask_mapping(std::string domain) override;
  boost::asio::awaitable<std::vector<Applied>> apply(std::vector<Change> batch) override;
  void forget_read() override;
  boost::asio::awaitable<void> close() override;

 private:
  std::string refusal(Change const& change) const;
  void guard_by(Result<Observed> const& observed);

  std::unique_ptr<Target> inner_;
  std::optional<Guard> guard_;
};

}  // namespace dirsync
