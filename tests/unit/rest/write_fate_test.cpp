#include "sync/rest/write_fate.hpp"

#include <gtest/gtest.h>

#include <array>
#include <ostream>

namespace dirsync::rest {

void PrintTo(WriteFate fate, std::ostream* out) { *out << to_text(fate); }

namespace {
using http::HttpErrc;
using enum WriteFate;

struct OfError {
  HttpErrc code;
  WriteFate fate;
};
constexpr std::array kErrors = {OfError{HttpErrc::connect_failed, refused},
                                OfError{HttpErrc::tls_failed, refused},
                                OfError{HttpErrc::proxy_failed, refused},
                                OfError{HttpErrc::timed_out, unknown},
                                OfError{HttpErrc::cut, unknown},
                                OfError{HttpErrc::too_large, unknown},
                                OfError{HttpErrc::bad_redirect, unknown},
                                OfError{HttpErrc::retry_after_too_long, refused},
                                OfError{HttpErrc::cancelled, unknown},
                                OfError{HttpErrc::bad_setup, refused},
                                OfError{HttpErrc::body_refused, unknown},
                                OfError{HttpErrc::bad_path, refused}};

Result<http::Response> failed(boost::system::error_code code) { return Error{code, "PUT https://a.example"}; }
Result<http::Response> answered(int status) {
  http::Response response;
  response.status = status;
  return response;
}

class GivenASentWrite : public testing::Test {};

TEST_F(GivenASentWrite, WhenTheTransportFailsThenEachErrorHasItsFate) {
  for (auto const& [code, fate] : kErrors) EXPECT_EQ(write_fate(failed(code)), fate) << to_text(code);
}

TEST_F(GivenASentWrite, WhenAnErrorIsAddedThenItIsInTheTable) {
  auto const last = static_cast<int>(HttpErrc::bad_path);
  EXPECT_EQ(kErrors.size(), static_cast<std::size_t>(last));
  EXPECT_STREQ(to_text(static_cast<HttpErrc>(last + 1)), "unknown");
}

TEST_F(GivenASentWrite, WhenAnyStatusAnswersThenOnlyARefusalThatIsCertainCounts) {
  for (int status = 100; status < 600; ++status) {
    auto const expected = status >= 200 && status < 300                      ? arrived
                          : status == 408                                    ? unknown
                          : (status >= 400 && status < 500) || status == 501 ? refused
                                                                             : unknown;
    EXPECT_EQ(write_fate(answered(status)), expected) << status;
  }
  for (auto const status : {0, 600, 999, -1}) EXPECT_EQ(write_fate(answered(status)), unknown) << status;
}

TEST_F(GivenASentWrite, WhenTheServersOwnCodeTellsThenItCountsMoreThanTheStatus) {
  EXPECT_EQ(write_fate(answered(500), refused), refused);
  EXPECT_EQ(write_fate(answered(400), unknown), unknown);
  EXPECT_EQ(write_fate(failed(HttpErrc::cut), refused), unknown);
}

TEST_F(GivenASentWrite, WhenTheSessionCouldNotBeOpenedThenItWasNotSent) {
  auto const no_session = make_error_code(boost::system::errc::permission_denied);
  EXPECT_EQ(write_fate(failed(no_session)), refused);
  for (auto const& [code, fate] : kErrors) {
    auto const error = not_sent({code, "POST https://a.example/logon"}, no_session);
    EXPECT_EQ(write_fate(error), refused) << to_text(code);
    EXPECT_EQ(error.code == no_session, fate == unknown) << to_text(code);
  }
}

TEST_F(GivenASentWrite, WhenTheServerIsOutOfReachThenNoOtherWriteIsTried) {
  using enum HttpErrc;
  for (auto const code :
       {connect_failed, tls_failed, proxy_failed, bad_setup, retry_after_too_long, cancelled})
    EXPECT_TRUE(ends_writing({code, ""})) << to_text(code);
  for (auto const code : {timed_out, cut, too_large, bad_redirect, body_refused, bad_path})
    EXPECT_FALSE(ends_writing({code, ""})) << to_text(code);
}

}  // namespace
}  // namespace dirsync::rest
