#pragma once
// A running service and its control socket, as somebody with an HTTP client meets them.
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "tests/system/world.hpp"

namespace dirsync::test {

/// A service that has made its first run; the next of its own is an hour away.
class GivenAServiceAtRest : public World {
 protected:
  GivenAServiceAtRest() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    configuration.more = "[schedule]\ninterval = \"1h\"\njitter = \"0s\"\nwatch = false\n";
  }
  void SetUp() override {
    World::SetUp();
    start_service();
    ASSERT_TRUE(says("event=run_finished")) << service_->err();
    ASSERT_TRUE(std::filesystem::is_socket(socket())) << service_->err();
  }
  std::filesystem::path socket() const { return folder_.path() / "state/control.sock"; }
  void start_service() { service_ = start({"run"}, {{"NOTIFY_SOCKET", ""}}); }
  bool says(std::string_view part) const {
    return eventually([this, part] { return service_->err().find(part) != std::string::npos; });
  }
  Finished stop_service() {
    service_->send_signal(SIGTERM);
    return service_->wait();
  }
  boost::asio::local::stream_protocol::socket connect() {
    boost::asio::local::stream_protocol::socket peer{io_};
    peer.connect({socket().string()});
    return peer;
  }
  static void say(boost::asio::local::stream_protocol::socket& peer, std::string const& text) {
    boost::system::error_code gone;
    boost::asio::write(peer, boost::asio::buffer(text), gone);
  }
  static std::string rest_of(boost::asio::local::stream_protocol::socket& peer) {
    std::string answer;
    boost::system::error_code ended;
    boost::asio::read(peer, boost::asio::dynamic_buffer(answer), ended);
    return answer;
  }
  std::string answer_to(std::string const& request) {
    auto peer = connect();
    say(peer, request);
    return rest_of(peer);
  }
  std::string get(std::string const& target, std::string const& headers = "") {
    return answer_to("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
  }
  static std::string posting(std::string const& target, std::string const& body) {
    return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
  }
  std::string post(std::string const& target, std::string const& body) {
    return answer_to(posting(target, body));
  }
  static std::string body_of(std::string const& answer) {
    auto const head = answer.find("\r\n\r\n");
    return head == std::string::npos ? std::string{} : answer.substr(head + 4);
  }
  std::string me() const {
    auto const* const entry = ::getpwuid(::getuid());
    return "uid:" + std::to_string(::getuid()) + (entry ? " (" + std::string{entry->pw_name} + ")" : "");
  }
  std::size_t runs() {
    return document(run({"runs", "--json", "--limit", "500"})).as_object().at("runs").as_array().size();
  }

  boost::asio::io_context io_;
  std::unique_ptr<Process> service_;
};

}  // namespace dirsync::test
