// Answers that come in pieces, late, or not to their end.
#include <chrono>
#include <thread>

#include "tests/integration/ldap/bends.hpp"
#include "tests/support/net/tcp_proxy.hpp"

namespace dirsync::ldap {
namespace {

using engine::Exit;

TEST_F(GivenAFault, WhenBytesComeInOtherPiecesThenNothingIsAmiss) {
  for (auto const& delivery : {test::Delivery{.most = 1},
                               {.most = 7},
                               {.most = 1460},
                               {.merged = true},
                               {.most = 100, .merged = true}}) {
    LdapProxy const proxy{slapd->port(), untouched, delivery};
    auto const report = run_from(proxy.uri());
    EXPECT_EQ(report.plan.verdict, Verdict::in_sync);
    expect_nothing_written();
  }
}

/// Every final result comes late.
LdapProxy::Edit slow(std::chrono::milliseconds pause) {
  return [pause](LdapRequest const& request, LdapMessage message) {
    if (where_of(request) == Where::rule && ends_an_answer(message)) std::this_thread::sleep_for(pause);
    return Messages{std::move(message)};
  };
}

TEST_F(GivenAFault, WhenAnswersAreLateThenTheyAreWaitedForWithinIdle) {
  EXPECT_EQ(run_with(slow(std::chrono::milliseconds{50})).plan.verdict, Verdict::in_sync);
  LdapProxy const proxy{slapd->port(), slow(std::chrono::milliseconds{600})};
  auto impatient = paged(proxy.uri());
  impatient.timeouts.idle = std::chrono::milliseconds{200};
  expect_unread(run_from(impatient), LdapErrc::timed_out,
                {"search for the groups of rule", "no answer within 200 ms"});
}

TEST_F(GivenAFault, WhenTheConnectionIsCutAnywhereThenCut) {
  connections = 1;
  std::vector<std::size_t> ends{0};  // of messages, in bytes from the start
  auto const note = [&ends](LdapRequest const&, LdapMessage message) {
    ends.push_back(ends.back() + message.bytes().size());
    return Messages{std::move(message)};
  };
  EXPECT_EQ(run_with(note).exit, Exit::done);
  ASSERT_GT(ends.size(), 50U);
  auto const all = ends.back();
  std::set<std::size_t> places;
  for (auto const end : ends)
    for (auto const place : {end - 1, end, end + 1})
      if (place < all) places.insert(place);
  for (std::size_t part = 0; part < 60; ++part) places.insert(all * part / 60);
  for (auto const place : places) {
    SCOPED_TRACE("cut after " + std::to_string(place) + " of " + std::to_string(all) + " bytes");
    LdapProxy const proxy{slapd->port(), untouched, {.cut_after = place}};
    expect_unread(run_from(proxy.uri()), LdapErrc::cut, {"directory corp"});
  }
}

TEST_F(GivenAFault, WhenATlsConnectionIsCutAnywhereThenNoSnapshot) {
  auto wholly_read = false;
  for (std::size_t after = 50; !wholly_read; after = after * 9 / 8) {
    SCOPED_TRACE("cut after " + std::to_string(after) + " bytes");
    ASSERT_LT(after, 1'000'000U);
    test::TcpProxy const proxy{slapd->tls_port(), test::TcpProxy::Fault::cut, after};
    auto const report = run_from("ldaps://127.0.0.1:" + std::to_string(proxy.port()));
    wholly_read = !proxy.faulted();
    if (wholly_read) {
      EXPECT_EQ(report.plan.verdict, Verdict::in_sync);
      continue;
    }
    // What ends a handshake is not always told.
    ASSERT_TRUE(read_error);
    EXPECT_TRUE(read_error->code == LdapErrc::cut || read_error->code == LdapErrc::tls_failed ||
                read_error->code == LdapErrc::timed_out)
        << text(*read_error);
    expect_unread(report, read_error->code, {"directory corp"});
  }
}

}  // namespace
}  // namespace dirsync::ldap
