#include "tests/simulators/vault/reply.hpp"

namespace dirsync::sim::vault {

Reply answer(int status, json::value const& body, bool changed) {
  Reply reply{json_response(status, body), changed};
  reply.response.headers.emplace_back("Cache-Control", "no-cache");
  reply.response.headers.emplace_back("Pragma", "no-cache");
  return reply;
}

Reply no_content(bool changed) {
  Reply reply;
  reply.response.status = 204;
  reply.changed = changed;
  return reply;
}

Reply html(int status, std::string_view title) { return {html_response(status, title), false}; }

Reply refuse(int status, std::string_view code, std::string_view message) {
  return answer(status, json::object{{"ErrorCode", code}, {"ErrorMessage", message}});
}

Reply invalid(std::string_view detail, std::string_view detail_code) {
  return answer(
      400, json::object{
               {"ErrorCode", "PASWS167E"},
               {"ErrorMessage", "There are some invalid parameters"},
               {"Details", json::array{json::object{{"ErrorCode", detail_code}, {"ErrorMessage", detail}}}}});
}

Reply no_group(std::string_view id) {
  return refuse(404, "PASWS199E", "Group ID [" + std::string{id} + "] was not found.");
}

Reply no_user(std::string_view name) {
  return refuse(404, "ITATS003E", "User " + std::string{name} + " does not exist.");
}

}  // namespace dirsync::sim::vault
