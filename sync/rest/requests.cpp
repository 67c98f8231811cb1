#include "sync/rest/requests.hpp"

#include <utility>

namespace dirsync::rest {
namespace {
http::Request request_to(http::Method method, Path const& path) {
  http::Request request;
  request.method = method;
  request.path = path.text();
  request.route = path.route();
  return request;
}

http::Request with_body(http::Method method, Path const& path, std::string body) {
  auto request = request_to(method, path);
  if (!body.empty()) request.content_type = kJson;
  request.body = std::move(body);
  return request;
}
}  // namespace

http::Request read_request(Path const& path) {
  auto request = request_to(http::Method::get, path);
  request.repeat = http::Repeat::always;
  return request;
}

Write::Write(http::Method method, Path const& path, std::string body)
    : request_{with_body(method, path, std::move(body))} {
  request_.is_write = true;
  request_.repeat = http::Repeat::when_refused;
  request_.total = kWriteDeadline;
}

Write Write::confidential() && {
  request_.confidential = true;
  return std::move(*this);
}

http::Request session_call(http::Method method, Path const& path, std::string body) {
  auto request = with_body(method, path, std::move(body));
  request.confidential = true;
  request.total = kWriteDeadline;
  return request;
}

http::Request log_off_request(http::Method method, Path const& path, std::string body) {
  auto request = session_call(method, path, std::move(body));
  request.total = kLogOffDeadline;
  request.repeat = http::Repeat::never;
  return request;
}

}  // namespace dirsync::rest
