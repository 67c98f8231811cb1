#pragma once
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "sync/ports/target.hpp"
#include "sync/vault/reader.hpp"
#include "sync/vault/session.hpp"

namespace dirsync::vault {

/// Sends changes one by one and finds out what became of each. Thread: event loop.
class Writer {
 public:
  Writer(Settings const& settings, Session& session, Reader& reader)
      : settings_{settings}, session_{session}, reader_{reader} {}

  void begin_run();
  boost::asio::awaitable<Applied> apply(Change change);

 private:
  /// What one answer says about the change.
  struct Verdict {
    enum class Kind { done, already, not_found, failed, unclear } kind = Kind::failed;
    std::string detail;
  };
  /// One change as a request and a way to see whether it is done.
  struct Step {
    http::Request request;
    Verb verb{};
    std::string what;  // for messages
    std::string group_id, group, principal;
  };
  struct RawAnswer {
    int status = 0;
    std::string body;
  };
  /// Whether the state is as the step wants it.
  enum class Look { as_wanted, not_so, no_group };

  boost::asio::awaitable<Applied> perform(Step step, RawAnswer* last = nullptr);
  boost::asio::awaitable<Result<Look>> look(Step const& step, std::string* group_id);
  boost::asio::awaitable<Applied> create(Change change);
  boost::asio::awaitable<Applied> add(Change change);
  boost::asio::awaitable<Applied> provision(Change change);
  boost::asio::awaitable<Applied> check_provisioned(Change const& change, TargetGroup const& before,
                                                    bool sent);
  boost::asio::awaitable<Result<std::optional<TargetUser>>> identify(Change const& change,
                                                                     OtherMember const& member);
  boost::asio::awaitable<Result<std::optional<TargetUser>>> identify_group(OtherMember const& member);
  boost::asio::awaitable<Result<std::optional<TargetUser>>> identify_user(OtherMember const& member);
  boost::asio::awaitable<Applied> take_back(Change const& change, TargetUser const& stranger);
  boost::asio::awaitable<Result<std::optional<TargetGroup>>> members_of(Change const& change);
  boost::asio::awaitable<Applied> remove(Change change);
  boost::asio::awaitable<Applied> erase(Change change);
  Verdict judge(Step const& step, http::Response const& response);
  Applied not_sent(Error error) const;

  Settings const& settings_;
  Session& session_;
  Reader& reader_;
  int forbidden_in_a_row_ = 0;
  int provisioning_refused_in_a_row_ = 0;
  std::set<http::Method> unusable_;  // verbs that this server answers with 405
};

}  // namespace dirsync::vault
