#pragma once
#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/model/mapping_answer.hpp"
#include "sync/vault/newcomers.hpp"
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
  /// `batch`: additions to one group, which is read once before and once after them. One answer for each, in
  /// order.
  boost::asio::awaitable<std::vector<Applied>> provision(rest::Sending& sending, std::vector<Change> batch);
  /// As Target::ask_mapping(). The Vault's list of directories is for Vault Admins, and the service user need
  /// not be one.
  boost::asio::awaitable<MappingAnswer> ask_mapping(std::string domain);

 private:
  /// What a sending came to: settled, or to be looked up, where `said_so` the Vault said that it added
  /// somebody.
  struct Sent {
    std::optional<Applied> settled;
    bool said_so = false;
  };
  boost::asio::awaitable<std::optional<Applied>> refused(Change const& change);
  boost::asio::awaitable<Sent> send(rest::Sending& sending, Change const& change);
  boost::asio::awaitable<void> look_up(TargetGroup const& before, Newcomers& newcomers);
  using Found = boost::asio::awaitable<Result<std::optional<TargetUser>>>;
  Found identify(OtherMember const& member, bool may_be_group);
  Found identify_group(OtherMember const& member);
  Found identify_user(OtherMember const& member);
  std::optional<Applied> given_up(std::string const& domain);
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
  /// What the Vault says of its directories, once it was asked in this run; an error: it does not tell.
  std::optional<Result<std::vector<std::string>>> directories_;
};

}  // namespace dirsync::vault
