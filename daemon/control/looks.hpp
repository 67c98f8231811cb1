#pragma once
// What of the store somebody may look at, over HTTP.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/config/config.hpp"
#include "daemon/control/http.hpp"
#include "store/store.hpp"

namespace dirsync::control {

/// GET /v1/search, /v1/person, /v1/who, /v1/why, /v1/runs, /v1/run, /v1/log, /v1/days and /v1/health of
/// docs/service.md: from the store alone, opened to read, each answer of bounded size, and nothing that they
/// change. On threads of its own, so that no decision waits for a long look. Thread: that of `executor`,
/// which is never held up.
class Looks {
 public:
  /// When the certificate of each side ends, as far as runs have seen; called on the thread of the executor.
  using Certificates = std::function<std::map<std::string, Time>()>;

  Looks(boost::asio::any_io_executor executor, config::Config config, store::StateFolder folder,
        Certificates certificates);
  /// Waits for what its threads have begun, and drops the rest.
  ~Looks();
  Looks(Looks const&) = delete;
  Looks& operator=(Looks const&) = delete;

  /// The one in force.
  void set_config(config::Config config);
  static bool knows(std::string_view path);
  /// Of a path that it knows, whatever the method. It must outlive the answer.
  boost::asio::awaitable<Page> answer(Request request);

 private:
  boost::asio::any_io_executor executor_;
  std::shared_ptr<config::Config const> config_;
  store::StateFolder folder_;
  Certificates certificates_;
  boost::asio::thread_pool readers_{2};
};

}  // namespace dirsync::control
