#include "daemon/control/http.hpp"

#include <boost/json.hpp>

namespace dirsync::control {

std::string header(Request const& request, std::string const& name) {
  auto const found = request.headers.find(name);
  return found == request.headers.end() ? std::string{} : found->second;
}

Page error_page(int status, std::string_view code, std::string_view text) {
  boost::json::object const document{{"error", boost::json::object{{"code", code}, {"text", text}}}};
  return {
      .status = status, .content_type = "application/json", .body = boost::json::serialize(document) + "\n"};
}

}  // namespace dirsync::control
