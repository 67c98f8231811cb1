// page: how somebody comes to the page of the service.
#include <boost/json.hpp>

#include "daemon/cli/answer.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/notify/sender.hpp"
#include "sync/model/quoted_word.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

constexpr char kForwardedPort[] = "8464";

/// Where the page can only be looked at; empty: nowhere.
std::string address_to_look_at(config::Service const& service) {
  return service.http_page && !service.http_listen.empty() ? "http://" + service.http_listen + "/" : "";
}

Answer page_answer(config::Service const& service) {
  if (service.control_socket.empty())
    return refusal(
        kUsage, "usage",
        "the page with decisions is on the control socket, and service.control_socket is \"\"; give "
        "it a path");
  auto const ssh = "ssh -N -L " + quoted_word(kForwardedPort + (":" + service.control_socket)) + " " +
                   quoted_word(notify::host_name());
  auto const url = std::string{"http://localhost:"} + kForwardedPort + "/";
  auto const look = address_to_look_at(service);
  json::object const document{{"ssh", ssh},
                              {"url", url},
                              {"socket", service.control_socket},
                              {"look", look.empty() ? json::value{} : json::value(look)}};
  auto text = "On your own machine, as an account of this one that may use " +
              printable(service.control_socket) + " (its group):\n\n  " + printable(ssh, std::string::npos) +
              "\n\nand while that goes on, open\n\n  " + url +
              "\n\nthere. You are who you logged on as; there is no password besides.\n";
  if (!look.empty()) text += "On this machine, to look at and nothing else: " + printable(look) + "\n";
  return {.document = json::serialize(document), .text = std::move(text)};
}

}  // namespace

int show_page(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  return show_answer(arguments, page_answer(config->service), Palette::plain());
}

}  // namespace dirsync::cli
