#pragma once
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "ldap/directory.hpp"
#include "ldap/errors.hpp"
#include "tests/support/ldap/ldif.hpp"
#include "tests/support/ldap/slapd.hpp"

namespace dirsync::ldap {

constexpr char kStaff[] = "staff";  // the rule that selects every group
constexpr char kPeople[] = "ou=people,dc=example,dc=com", kGroups[] = "ou=groups,dc=example,dc=com";

/// A Snapshot has no default, so co_spawn cannot hand it over itself.
template <class T>
boost::asio::awaitable<void> keep_result(boost::asio::awaitable<T> work, std::optional<T>& result) {
  result.emplace(co_await std::move(work));
}

/// Tests that read a real slapd.
struct LdapFixture : testing::Test {
  std::optional<test::Slapd> slapd;
  boost::asio::io_context io;

  static std::string member(std::string const& dn) { return "member: " + dn; }

  /// One person, one group with that person.
  static std::string small_ldif() {
    return test::ldif_tree() + test::ldif_person("ann", 1) +
           test::ldif_group("staff", 100, {member(test::person_dn("ann"))});
  }

  Settings settings() const {
    auto settings = settings_for(slapd->uri());
    settings.tls.ca_file = slapd->ca_file();
    return settings;
  }

  static Settings settings_for(std::string const& uri) {
    Settings settings;
    settings.name = "corp";
    settings.uris = {uri};
    settings.base = "dc=example,dc=com";
    settings.users = {kPeople, "(objectClass=inetOrgPerson)"};
    settings.groups = {kGroups, ""};
    settings.timeouts = {std::chrono::milliseconds{3'000}, std::chrono::milliseconds{3'000},
                         std::chrono::milliseconds{10'000}};
    settings.retry = {1, std::chrono::milliseconds{1}, std::chrono::milliseconds{1}};
    return settings;
  }

  static DirectoryQuery query() {
    DirectoryQuery query;
    query.rules.push_back({kStaff, GroupQuery::Matching{"(cn=*)"}});
    query.person_attributes = {"mail"};
    query.group_attributes = {"cn"};
    return query;
  }

  template <class T>
  T run(boost::asio::awaitable<T> work) {
    std::optional<T> result;
    boost::asio::co_spawn(io, keep_result(std::move(work), result), boost::asio::detached);
    io.restart();
    io.run();
    return std::move(result).value();
  }

  Result<Snapshot> read(Settings const& settings, DirectoryQuery const& query = LdapFixture::query()) {
    LdapDirectory directory{settings};
    return run(directory.read(query));
  }

  /// The result of a read that is cancelled once `it_waits`.
  Result<Snapshot> read_and_cancel(Settings const& settings, std::function<bool()> const& it_waits) {
    LdapDirectory directory{settings};
    boost::asio::cancellation_signal stop;
    std::optional<Result<Snapshot>> result;
    boost::asio::co_spawn(io, keep_result(directory.read(query()), result),
                          boost::asio::bind_cancellation_slot(stop.slot(), boost::asio::detached));
    while (!it_waits()) {
      io.poll();
      std::this_thread::yield();
    }
    stop.emit(boost::asio::cancellation_type::terminal);
    io.run();
    return std::move(result).value();
  }

  /// The error of a read that must fail with `code` and name every one of `words`.
  void expect_failure(Settings const& settings, LdapErrc code, std::vector<std::string> const& words) {
    auto const snapshot = read(settings);
    ASSERT_FALSE(snapshot);
    EXPECT_EQ(snapshot.error().code, code) << text(snapshot.error());
    for (auto const& word : words)
      EXPECT_NE(snapshot.error().context.find(word), std::string::npos)
          << word << " in " << text(snapshot.error());
  }
};

}  // namespace dirsync::ldap
