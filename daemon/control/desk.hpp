#pragma once
// What the control socket can be asked.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>

#include "daemon/account.hpp"
#include "daemon/asked_runs.hpp"
#include "daemon/cli/answer.hpp"
#include "daemon/config/config.hpp"
#include "daemon/control/answer_page.hpp"
#include "daemon/control/events.hpp"
#include "daemon/control/http.hpp"
#include "daemon/watch/feed_state.hpp"
#include "store/store.hpp"

namespace dirsync::control {

/// The API version of docs/service.md. Runs are the runner's; everything else is read and decided on a thread
/// of the desk's own, with a store of its own, as the commands do beside the service; names of accounts are
/// looked up on others. Thread: that of
/// `executor`, which is never held up.
class Desk {
 public:
  using MakeAnswer = std::function<cli::Answer(config::Config const&, store::Store&)>;
  using AskForRun = std::function<void(AskedRuns::Asked, AskedRuns::OnEnd)>;
  using NameOf = std::function<std::string(uid_t)>;
  /// Whom it asks and tells. `on_change`: somebody has changed what the store keeps. `on_retry`: somebody
  /// wants a run that tries again what failed, of one target or (empty) of all. `feeds`: of the directories.
  struct Listeners {
    AskForRun ask_for_run;
    std::function<void()> on_change;
    std::function<void(std::string const& target)> on_retry;
    std::function<watch::FeedStates()> feeds;
  };

  /// `events` must outlive it. `name_of`: of an account; called on several threads, and may take its time.
  Desk(boost::asio::any_io_executor executor, config::Config config, store::StateFolder folder,
       Listeners listeners, Events& events, NameOf name_of = name_of_account);
  /// Waits for what its threads have begun, and drops the rest.
  ~Desk();
  Desk(Desk const&) = delete;
  Desk& operator=(Desk const&) = delete;

  /// The one in force.
  void set_config(config::Config config);
  /// The desk must outlive it.
  boost::asio::awaitable<Page> answer(Request request);
  /// As whom the audit trail would name whoever asked: "uid:1000 (ann)". `request` must outlive it.
  boost::asio::awaitable<std::string> person_of(Request const& request);

 private:
  boost::asio::awaitable<Page> answer_run(Request const& request, cli::RunAsk ask);
  boost::asio::awaitable<Page> answer_plan(Request const& request);
  boost::asio::awaitable<Page> answer_sync(Request const& request);
  boost::asio::awaitable<Page> answer_wish(Request const& request);
  boost::asio::awaitable<cli::Answer> change_store(std::string actor, MakeAnswer make);
  boost::asio::awaitable<Page> look_up(Request const& request, MakeAnswer make);
  AnswerForm form_of(Request const& request) const;
  std::optional<Page> refuse_stranger(Request const& request, bool is_run) const;

  boost::asio::any_io_executor executor_;
  std::shared_ptr<config::Config const> config_;
  store::StateFolder folder_;
  Listeners listeners_;
  Events& events_;
  NameOf name_of_;
  Time const since_ = std::chrono::system_clock::now();         // of the service, as far as people care
  boost::asio::thread_pool worker_{1}, readers_{1}, names_{4};  // no decision waits for those who look
};

}  // namespace dirsync::control
