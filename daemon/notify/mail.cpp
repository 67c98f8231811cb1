#include "daemon/notify/program.hpp"
#include "daemon/notify/receiver.hpp"
#include "sync/model/join.hpp"

namespace dirsync::notify {
namespace asio = boost::asio;
namespace {

constexpr std::chrono::seconds kMailDeadline{30};

class MailReceiver final : public Receiver {
 public:
  explicit MailReceiver(config::Mail mail) : mail_(std::move(mail)) {}

  std::size_t most_at_a_time() const override { return Queue::kMost; }

  asio::awaitable<Result<void>> give(std::vector<Waiting> news) override {
    std::vector<News> all;
    for (auto& one : news) all.push_back(std::move(one.news));
    auto message = mail_of(all, news.back().origin, mail_.to);
    std::vector<std::string> words{mail_.sendmail, "-t", "-i"};
    co_return co_await run_program(std::move(words), std::move(message), kMailDeadline);
  }

 private:
  config::Mail mail_;
};

}  // namespace

std::unique_ptr<Receiver> open_mail(config::Mail mail) {
  return std::make_unique<MailReceiver>(std::move(mail));
}

std::string name_of(config::Notify const& notify) {
  if (auto const* const webhook = std::get_if<config::Webhook>(&notify.way)) return config::host_of(*webhook);
  auto const& mail = std::get<config::Mail>(notify.way);
  return mail.sendmail + " to " + join(mail.to, ", ", std::identity{});
}

}  // namespace dirsync::notify
