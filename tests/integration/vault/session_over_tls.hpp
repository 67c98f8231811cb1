#pragma once
// What the tests of the Vault's sessions share.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "sync/vault/vault_target.hpp"
#include "tests/support/net/certificates.hpp"
#include "tests/support/request_event.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::vault {

/// A target over TLS, and what was traced of its calls.
class SessionOverTls : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempFolder>();
    certificates_ = test::make_certificates(folder_->path());
  }
  static void TearDownTestSuite() { folder_.reset(); }

  Settings settings(std::vector<std::string> const& servers) const {
    Settings made;
    made.http.target = "vault";
    for (auto const& server : servers) made.http.urls.push_back(server + "/PasswordVault");
    made.http.tls.ca_file = certificates_.ca_file;
    made.http.pace = {4, 0};
    made.http.retry = {4, std::chrono::milliseconds{1}, std::chrono::seconds{5}};
    made.user = "svc-dirsync";
    made.password = Secret{kPassword};
    return made;
  }
  void open(Settings with) {
    http::Surroundings surroundings;
    surroundings.on_request = [this](http::RequestEvent const& event) {
      traced_ += test::in_words(event) + "\n";
    };
    auto opened = open_vault(io_.get_executor(), "vault", std::move(with), std::move(surroundings));
    ASSERT_TRUE(opened) << text(opened.error());
    target_ = *std::move(opened);
  }
  Result<Observed> read() { return test::run(io_, target_->read()); }
  void close() {
    boost::asio::co_spawn(io_, target_->close(), boost::asio::detached);
    io_.restart();
    io_.run();
  }

  static constexpr char kPassword[] = "Sync.Pass.1";
  static inline std::unique_ptr<TempFolder> folder_;
  static inline test::CertificateFiles certificates_;
  boost::asio::io_context io_;
  std::string traced_;
  std::unique_ptr<Target> target_;
};

}  // namespace dirsync::vault
