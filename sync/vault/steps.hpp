#pragma once
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "sync/model/applied.hpp"
#include "sync/rest/sending.hpp"
#include "sync/vault/reader.hpp"
#include "sync/vault/result_class.hpp"
#include "sync/vault/session.hpp"

namespace dirsync::vault {

/// One change as a request and a way to see whether it is done.
struct Step {
  rest::Write request;
  Verb verb{};
  std::string what;  // for messages
  std::string group_id, group, principal;
};

/// What one answer says about a change.
struct Judgement {
  enum class Kind {
    done,
    already,
    perhaps_so,  // refused, and perhaps because it is so
    failed,
    unclear,  // perhaps done
  } kind = Kind::failed;
  std::string detail;
  ResultClass cause = ResultClass::ok;
};
/// `what`: the change in words.
Judgement judge(Verb verb, std::string_view what, http::Response const& response);

/// The outcome of a change that was not sent, or not done for a reason that is not its own: with target_down
/// where nothing else will be done either.
Applied not_done(Error error);

/// Sends steps one by one and finds out what became of each. Thread: event loop.
class Steps {
 public:
  /// Both must outlive it.
  Steps(Session& session, Reader& reader) : session_{session}, reader_{reader} {}

  /// A new run: what this server refused before is tried again.
  void begin_run();
  struct RawAnswer {
    int status = 0;
    std::string body;
  };
  /// Sends; where the fate is unclear looks first, and sends once more only when the look shows that nothing
  /// was done. `last`: where to leave the answer to a request that failed.
  boost::asio::awaitable<Applied> perform(rest::Sending& sending, Step step, RawAnswer* last = nullptr);

  struct Look {
    enum class State { as_wanted, not_so, no_group } state = State::not_so;
    std::string group_id;  // of a group that was to be created
    bool marked = false;   // it bears our mark
  };
  /// Whether the state is as the step wants it.
  boost::asio::awaitable<Result<Look>> look(Step const& step);

 private:
  /// What a sending came to: settled, or in need of a look.
  struct Sent {
    std::optional<Applied> settled;
    Judgement judgement;
  };
  boost::asio::awaitable<Sent> send_once(rest::Sending& sending, Step const& step, RawAnswer* last);
  boost::asio::awaitable<std::optional<Applied>> settle_by_look(Step const& step, Judgement const& judgement);

  Session& session_;
  Reader& reader_;
  int forbidden_in_a_row_ = 0;
  std::set<http::Method> unusable_;  // verbs that this server answers with 405
};

/// Members as the group lists them: nobody is known here, so all of them are "others".
bool has_member(TargetGroup const& group, std::string_view name);

}  // namespace dirsync::vault
