#include "daemon/control/http_server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <optional>

#include "daemon/control/http_acceptor.hpp"

namespace dirsync::control {
namespace asio = boost::asio;
using asio::ip::tcp;
namespace {

std::optional<tcp::endpoint> endpoint_of(std::string const& text) {
  auto const colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  boost::system::error_code failed;
  auto const address = asio::ip::make_address(host, failed);
  if (failed) return std::nullopt;
  return tcp::endpoint{address, static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1)))};
}

}  // namespace

boost::system::error_code make_error_code(ListenErrc code) { return code_of(code); }
char const* category_name(ListenErrc) { return "listen"; }
char const* to_text(ListenErrc) { return "the address cannot be listened on"; }
Failure failure_of(ListenErrc) { return Failure::transient; }

namespace {
Page page_of(int status, char const* text) { return {.status = status, .body = std::string{text} + "\n"}; }

asio::awaitable<Page> answer(HttpServer::Pages const& pages, HttpServer::Others const& others,
                             Request request) {
  if (request.method != "GET" && request.method != "HEAD") co_return page_of(405, "GET and HEAD alone.");
  if (auto page = pages(request.path)) co_return *std::move(page);
  if (others) co_return co_await others(std::move(request));
  co_return page_of(404, "There are /metrics, /healthz and /readyz.");
}
}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::listen(asio::any_io_executor executor,
                                                       std::string const& endpoint, Pages pages,
                                                       Others others) {
  auto const unusable = [&endpoint](std::string const& why) {
    return Error{ListenErrc::unusable, "service.http_listen " + endpoint + ": " + why +
                                           "; give it an address of this machine and a free port"};
  };
  auto const address = endpoint_of(endpoint);
  if (!address) return unusable("is no IP address with a port");
  tcp::acceptor acceptor{executor};
  boost::system::error_code failed;
  acceptor.open(address->protocol(), failed);
  if (!failed) acceptor.set_option(asio::socket_base::reuse_address{true}, failed);
  if (!failed) acceptor.bind(*address, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return unusable(failed.message());
  auto answerer = [pages = std::move(pages), others = std::move(others)](Request request) {
    return answer(pages, others, std::move(request));
  };
  auto http = std::make_unique<HttpAcceptor>(executor, acceptor.release(), HttpAcceptor::Limits{},
                                             std::move(answerer));
  return std::unique_ptr<HttpServer>{new HttpServer{std::move(http)}};
}

HttpServer::HttpServer(std::unique_ptr<HttpAcceptor> acceptor) : acceptor_(std::move(acceptor)) {}
HttpServer::~HttpServer() = default;

}  // namespace dirsync::control
