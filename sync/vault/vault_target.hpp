#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>
#include <vector>

#include "sync/http/client.hpp"
#include "sync/http/curl_client.hpp"
#include "sync/ports/target.hpp"
#include "sync/vault/settings.hpp"

namespace dirsync::vault {

/// Groups of a CyberArk Vault through the PVWA REST API, from 12.0 on, and of Privilege Cloud. Owns its
/// clients. Thread: event loop.
class VaultTarget final : public Target {
 public:
  /// `identity`: client of the token URL's server, for AuthMethod::ispss only.
  VaultTarget(std::string name, Settings settings, std::unique_ptr<http::Client> pvwa,
              std::unique_ptr<http::Client> identity = nullptr);
  ~VaultTarget() override;

  TargetTraits traits() const override;
  boost::asio::awaitable<Result<Observed>> read() override;
  boost::asio::awaitable<Result<Observed>> read_some(SomeOfTarget wanted) override;
  boost::asio::awaitable<Result<std::optional<TargetGroup>>> read_group(std::string group_id,
                                                                        Observed const& users) override;
  boost::asio::awaitable<MappingAnswer> ask_mapping(std::string domain) override;
  boost::asio::awaitable<std::vector<Applied>> apply(std::vector<Change> batch) override;
  boost::asio::awaitable<void> close() override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Opens the HTTP clients as well. Errors: HttpErrc::bad_setup naming the setting.
Result<std::unique_ptr<Target>> open_vault(boost::asio::any_io_executor executor, std::string name,
                                           Settings settings, http::Surroundings surroundings = {});

}  // namespace dirsync::vault
