#include "daemon/doctor/feed_check.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>

#include "daemon/cli/context.hpp"
#include "ldap/errors.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::doctor {
namespace asio = boost::asio;
namespace {

char const* how(FeedKind kind) {
  switch (kind) {
    case FeedKind::none:
      return "not at all";
    case FeedKind::syncrepl:
    case FeedKind::content_sync:
      return "the server tells them as they happen";
    case FeedKind::dirsync:
      return "the server is asked every few moments, and tells what changed since, deletions as well";
    case FeedKind::usn_poll:
      return "entries with a new uSNChanged are asked for every few moments";
    case FeedKind::timestamp_poll:
      return "entries with a new modifyTimestamp are asked for every few moments, which tells of no deletion";
  }
  return "";
}

/// For what the best way needs.
char const* remedy_for(ldap::Flavour flavour) {
  switch (flavour) {
    case ldap::Flavour::ds389:
      return "enable the plugins Content Synchronization and Retro Changelog, restart the server, and let "
             "the "
             "account use the control 1.3.6.1.4.1.4203.1.9.1.1 (an ACI of its entry below "
             "cn=features,cn=config)";
    case ldap::Flavour::active_directory:
      return "let all bases of the directory lie in one domain, and let the account read objectGUID of that "
             "domain's head; it needs no right to replicate";
    case ldap::Flavour::openldap:
    case ldap::Flavour::automatic:
      break;
  }
  return "load syncprov into the server (moduleload syncprov) and add it to the database (overlay syncprov), "
         "and let the account read entryUUID and entryCSN";
}

}  // namespace

Result<ldap::FeedChoice> look_at_feed(ldap::Settings const& settings) {
  asio::io_context io{1};
  ldap::LdapFeed feed{settings, {}};
  asio::cancellation_signal late;
  asio::steady_timer timer{io, settings.timeouts.total};
  std::exception_ptr failure;
  std::optional<Error> error;
  asio::co_spawn(
      io, feed.next(),
      asio::bind_cancellation_slot(
          late.slot(), [&failure, &error, &timer](std::exception_ptr thrown, Result<FeedNews> news) {
            failure = std::move(thrown);
            if (!failure && !news) error = news.error();
            timer.cancel();
          }));
  timer.async_wait([&late](boost::system::error_code ended) {
    if (!ended) late.emit(asio::cancellation_type::terminal);
  });
  io.run();
  if (failure && !cli::is_cancellation(failure)) std::rethrow_exception(failure);
  if (error && error->code != ldap::LdapErrc::cancelled) return *error;
  if (failure || error)
    return Error{make_error_code(boost::system::errc::timed_out),
                 "the server did not begin to tell its changes within timeouts.total"};
  return feed.choice();
}

void judge_feed(Result<ldap::FeedChoice> const& found, ldap::Flavour flavour, CheckList& checks) {
  if (!found)
    return checks.warn(
        "feed", "its changes cannot be followed, so only the schedule finds them: " + text(found.error()),
        remedy_for(flavour));
  auto const said =
      "its changes are followed by " + std::string{to_text(found->kind)} + ": " + how(found->kind);
  if (found->passed_over.empty()) return checks.ok("feed", said);
  auto const why = join(found->passed_over, "; ", [](std::string const& way) { return printable(way); });
  checks.warn("feed", said + ". A better way is not open: " + why, remedy_for(flavour));
}

}  // namespace dirsync::doctor
