#pragma once
#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sync/ports/target.hpp"
#include "sync/vault/reader.hpp"
#include "sync/vault/result_class.hpp"
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
    ResultClass cause = ResultClass::ok;
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

  /// What a sending came to: settled, or in need of a look.
  struct Sent {
    std::optional<Applied> settled;
    Verdict verdict;
  };

  boost::asio::awaitable<Applied> perform(Step step, RawAnswer* last = nullptr);
  boost::asio::awaitable<Sent> send_once(Step const& step, RawAnswer* last);
  boost::asio::awaitable<std::optional<Applied>> settle_by_look(Step const& step, Verdict const& verdict);
  boost::asio::awaitable<Result<Look>> look(Step const& step, std::string* group_id);
  boost::asio::awaitable<Applied> create(Change change);
  boost::asio::awaitable<Applied> add(Change change);
  boost::asio::awaitable<Applied> provision(Change change);
  boost::asio::awaitable<Applied> send_provisioning(Change const& change, TargetGroup const& before);
  boost::asio::awaitable<Applied> check_provisioned(Change const& change, TargetGroup const& before,
                                                    bool sent);
  boost::asio::awaitable<Result<std::optional<TargetUser>>> identify(Change const& change,
                                                                     OtherMember const& member);
  boost::asio::awaitable<Result<std::optional<TargetUser>>> identify_group(OtherMember const& member);
  boost::asio::awaitable<Result<std::optional<TargetUser>>> identify_user(OtherMember const& member);
  boost::asio::awaitable<Applied> take_back(Change const& change, TargetUser const& stranger);
  boost::asio::awaitable<Result<std::optional<TargetGroup>>> members_of(Change const& change);
  boost::asio::awaitable<Applied> remove(Change change);
  boost::asio::awaitable<Applied> rename(Change change);
  boost::asio::awaitable<Applied> erase(Change change);
  static Verdict judge(Step const& step, http::Response const& response);
  boost::asio::awaitable<std::string> why_no_directory(std::string domain);
  void count_provisioning(std::string const& domain, ResultClass answer);
  Applied not_sent(Error error) const;

  Settings const& settings_;
  Session& session_;
  Reader& reader_;
  /// Refusals of one kind, one after the other.
  struct Refusals {
    ResultClass kind = ResultClass::ok;
    int count = 0;
  };
  int forbidden_in_a_row_ = 0;
  std::map<std::string, Refusals> refusals_by_domain_;   // of people to provision
  std::optional<std::vector<std::string>> directories_;  // of the Vault, where it tells
  bool directories_asked_ = false;                       // in this run
  std::set<http::Method> unusable_;                      // verbs that this server answers with 405
};

}  // namespace dirsync::vault
