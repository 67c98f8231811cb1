#pragma once
// HTTP/1.1 for those who look: metrics, health and, read-only, the page.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/control/http.hpp"
#include "sync/model/error.hpp"

namespace dirsync::control {

class HttpAcceptor;

enum class ListenErrc { unusable = 1 };  // the address is no one's of this machine, or taken
boost::system::error_code make_error_code(ListenErrc code);
char const* category_name(ListenErrc);
char const* to_text(ListenErrc code);
Failure failure_of(ListenErrc code);

/// Answers GET and HEAD of `page`, which gives nothing for a path that is not there. Serves at most 32
/// connections at a time, requests of at most 32 KiB without a body, each within ten seconds; what is no
/// HTTP, or wants more, is answered 400, 405 or 431 and parted with. Ends with its destructor. Thread: that
/// of `executor`, on which `page` is called.
class HttpServer {
 public:
  using Pages = std::function<std::optional<Page>(std::string_view path)>;
  using Others = std::function<boost::asio::awaitable<Page>(Request)>;
  /// `endpoint`: "127.0.0.1:9464" or "[::1]:9464". `others`: asked for what `pages` does not give; may be
  /// empty. Errors: ListenErrc::unusable.
  static Result<std::unique_ptr<HttpServer>> listen(boost::asio::any_io_executor executor,
                                                    std::string const& endpoint, Pages pages,
                                                    Others others = {});
  ~HttpServer();

 private:
  explicit HttpServer(std::unique_ptr<HttpAcceptor> acceptor);
  std::unique_ptr<HttpAcceptor> acceptor_;
};

}  // namespace dirsync::control

template <>
struct boost::system::is_error_code_enum<dirsync::control::ListenErrc> : std::true_type {};
