#include "daemon/notify/sender.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "daemon/cli/context.hpp"

namespace dirsync::notify {
namespace asio = boost::asio;

namespace {

/// Of several hooks of one host each has its own.
std::string address_of(config::Notify const& receiver) {
  auto const* const webhook = std::get_if<config::Webhook>(&receiver.way);
  return webhook != nullptr ? webhook->url : name_of(receiver);
}

}  // namespace

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

std::shared_ptr<Channel> Sender::open(config::Notify const& receiver) {
  auto const name = name_of(receiver);
  std::unique_ptr<Receiver> opened;
  if (auto const* const webhook = std::get_if<config::Webhook>(&receiver.way)) {
    auto client = open_webhook(executor_, *webhook);
    if (!client) {
      Monitor::Field const fields[] = {{"receiver", name}, {"err", client.error().code.message()}};
      monitor_.event(Monitor::Level::error, "notify_failed", fields);
      return nullptr;
    }
    opened = std::move(*client);
  } else {
    opened = open_mail(std::get<config::Mail>(receiver.way));
  }
  return std::make_shared<Channel>(executor_, name, receiver.events, std::move(opened), monitor_);
}

void Sender::set(std::vector<config::Notify> const& receivers) {
  auto const before = std::exchange(running_, {});
  for (auto const& receiver : receivers) {
    auto channel = open(receiver);
    if (!channel) continue;
    auto address = address_of(receiver);
    auto const same = std::ranges::find_if(
        before, [&address](auto const& old) { return !old->retired && old->address == address; });
    if (same != before.end()) {
      channel->take_over(*(*same)->channel);
      (*same)->retired = true;
    }
    running_.push_back(std::make_shared<Running>());
    running_.back()->channel = std::move(channel);
    running_.back()->address = std::move(address);
    start(running_.back());
  }
  for (auto const& old : before) {
    old->retired = true;
    old->cancel.emit(asio::cancellation_type::terminal);
  }
}

void Sender::tell(Situation const& now, Origin const& origin) {
  for (auto const& running : running_) {
    running->channel->tell(now, origin);
    start(running);
  }
}

void Sender::start(std::shared_ptr<Running> const& running) {
  if (running->busy || running->retired || !running->channel->has_waiting()) return;
  running->busy = true;
  ++busy_;
  auto on_end = [this, running](std::exception_ptr failure) { ended(running, failure); };
  asio::co_spawn(executor_, running->channel->deliver(),
                 asio::bind_cancellation_slot(running->cancel.slot(), std::move(on_end)));
}

void Sender::ended(std::shared_ptr<Running> const& running, std::exception_ptr const& failure) {
  running->busy = false;
  --busy_;
  if (failure && !cli::is_cancellation(failure)) std::rethrow_exception(failure);
  if (on_closed_ && busy_ == 0) return asio::post(executor_, std::exchange(on_closed_, nullptr));
  start(running);  // what was told after the last look
}

void Sender::close(std::function<void()> on_closed) {
  for (auto const& running : running_) {
    running->retired = true;
    running->cancel.emit(asio::cancellation_type::terminal);
  }
  if (busy_ == 0) return asio::post(executor_, std::move(on_closed));
  on_closed_ = std::move(on_closed);
}

}  // namespace dirsync::notify
