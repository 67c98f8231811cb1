#pragma once
// Where requests come in: who may ask what is decided here, before anybody is asked.
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/control/http.hpp"
#include "daemon/page/tokens.hpp"

namespace dirsync::page {

/// In front of the desk of the control socket and of the looks at the store. Thread: one, an event loop.
class Front {
 public:
  using Answerer = std::function<boost::asio::awaitable<control::Page>(control::Request)>;
  using NameOfPerson = std::function<boost::asio::awaitable<std::string>(control::Request const&)>;
  /// Who answers. `desk`: /v1/status, /v1/plans, /v1/plan, /v1/events and whatever is posted. `looks`: what
  /// `is_look` says. They must outlive it.
  struct Behind {
    Answerer desk, looks;
    std::function<bool(std::string_view path)> is_look;
    NameOfPerson person_of;
  };

  /// `host`: of this machine, for people.
  Front(config::Config const& config, std::string host, Behind behind);

  /// The one in force.
  void set_config(config::Config const& config);
  /// Of the control socket. Commands are answered as by the desk. A browser gets the page and its looks, and
  /// decides (approve, reject) with the token that the first line of its /v1/events told it.
  boost::asio::awaitable<control::Page> on_socket(control::Request request);
  /// Of http_listen: to look, and nothing else.
  boost::asio::awaitable<control::Page> on_listener(control::Request request);

 private:
  /// What the page must know besides.
  struct About {
    std::vector<std::string> targets, directories, privileged;
    bool is_known_as_machine = false;
  };
  boost::asio::awaitable<control::Page> about(control::Request request, bool may_decide) const;
  boost::asio::awaitable<control::Page> events(control::Request request);
  boost::asio::awaitable<control::Page> ask(control::Request request);
  std::size_t count_watchers();
  std::optional<control::Page> refuse_post(control::Request const& request) const;

  std::string host_;
  Behind behind_;
  About about_;
  Tokens tokens_;
  std::vector<std::weak_ptr<control::EventFeed>> watchers_;  // of the listener
};

}  // namespace dirsync::page
