#pragma once
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sync/console/api/profile.hpp"
#include "sync/console/read/last_read.hpp"
#include "sync/console/read/reader.hpp"
#include "sync/console/session/session.hpp"
#include "sync/console/settings.hpp"
#include "sync/console/write/group_writer.hpp"
#include "sync/console/write/user_creator.hpp"
#include "sync/console/write/user_writer.hpp"
#include "sync/http/client.hpp"
#include "sync/ports/clock.hpp"
#include "sync/ports/target.hpp"

namespace dirsync::console {

/// A VMware Pulse IoT Center or SmartHub INFER console: one organization of it. Membership is read by group
/// and written by user. Thread: event loop.
class ConsoleTarget final : public Target {
 public:
  /// `clock` must outlive the target. Errors: ConsoleErrc::bad_settings naming the key.
  static Result<std::unique_ptr<ConsoleTarget>> open(Settings settings, std::unique_ptr<http::Client> client,
                                                     Clock const& clock);
  ConsoleTarget(ConsoleTarget const&) = delete;
  ConsoleTarget& operator=(ConsoleTarget const&) = delete;

  TargetTraits traits() const override;
  boost::asio::awaitable<Result<Observed>> read() override;
  boost::asio::awaitable<Result<std::optional<TargetGroup>>> read_group(std::string group_id,
                                                                        Observed const& users) override;
  boost::asio::awaitable<MappingAnswer> ask_mapping(std::string domain) override;
  boost::asio::awaitable<std::vector<Applied>> apply(std::vector<Change> batch) override;
  void forget_read() override;
  boost::asio::awaitable<void> close() override;

  /// Opens the session if there is none and finds the organization, as read() does first.
  boost::asio::awaitable<Result<void>> enter();
  /// For calls that a person asks for, once enter() succeeded. The target must outlive it.
  WriteContext context() {
    return {.session = session_,
            .reader = reader_,
            .profile = profile_,
            .settings = settings_,
            .last_read = last_read_};
  }

 private:
  ConsoleTarget(Settings settings, Profile profile, std::unique_ptr<http::Client> client, Clock const& clock);
  boost::asio::awaitable<Result<std::string>> find_organization();
  boost::asio::awaitable<Result<std::string>> own_organization();
  boost::asio::awaitable<Result<Lists>> read_lists();
  Certificate certificate_of(Lists const& lists) const;
  boost::asio::awaitable<std::vector<Applied>> write(rest::Sending& sending, std::vector<Change> batch);
  boost::asio::awaitable<Applied> write_group(rest::Sending& sending, Change change);

  Settings settings_;
  Profile profile_;
  std::unique_ptr<http::Client> client_;
  Session session_;
  Reader reader_;
  LastRead last_read_;
  UserWriter users_;
  UserCreator new_users_;
  GroupWriter groups_;
};

}  // namespace dirsync::console
