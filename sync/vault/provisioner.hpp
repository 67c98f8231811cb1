#pragma once
#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/vault/settings.hpp"
#include "sync/vault/steps.hpp"

namespace dirsync::vault {

/// Adds people and groups whom the Vault does not know yet, through a directory mapping. The call carries a
/// bare name, so only a read afterwards tells whom the Vault took; others whom it may have taken are told as
/// strangers, and nobody is taken out here. Thread: event loop.
class Provisioner {
 public:
  /// All must outlive it.
  Provisioner(Settings const& settings, Session& session, Reader& reader)
      : settings_{settings}, session_{session}, reader_{reader} {}
  /// A new run: what this Vault refused before is tried again.
  void begin_run();
  boost::asio::awaitable<Applied> provision(rest::Sending& sending, Change change);

 private:
  using Found = boost::asio::awaitable<Result<std::optional<TargetUser>>>;
  boost::asio::awaitable<Applied> send(rest::Sending& sending, Change const& change,
                                       TargetGroup const& before);
  boost::asio::awaitable<Applied> check(Change const& change, TargetGroup const& before, bool sent);
  Found identify(Change const& change, OtherMember const& member);
  Found identify_group(OtherMember const& member);
  Found identify_user(OtherMember const& member);
  boost::asio::awaitable<std::string> why_no_directory(std::string domain);
  void count(std::string const& domain, ResultClass answer);

  Settings const& settings_;
  Session& session_;
  Reader& reader_;
  /// Refusals of one kind, one after the other.
  struct Refusals {
    ResultClass kind = ResultClass::ok;
    int count = 0;
  };
  std::map<std::string, Refusals> refusals_by_domain_;
  std::optional<std::vector<std::string>> directories_;  // of the Vault, where it tells
  bool directories_asked_ = false;                       // in this run
};

}  // namespace dirsync::vault
