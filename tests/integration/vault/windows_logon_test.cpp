// Integrated authentication: IIS asks for NTLM or Negotiate before the logon call.
#include <gssapi/gssapi.h>
#include <openssl/evp.h>

#include <algorithm>
#include <functional>

#include "sync/vault/errors.hpp"
#include "tests/integration/vault/session_over_tls.hpp"
#include "tests/support/ldap/kdc.hpp"
#include "tests/support/net/wire_server.hpp"
#include "tests/support/process/with_environment.hpp"

namespace dirsync::vault {
namespace {

std::string base64(std::string_view bytes) {
  std::string encoded(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // EVP adds a NUL
  encoded.resize(static_cast<std::size_t>(
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                      reinterpret_cast<unsigned char const*>(bytes.data()), static_cast<int>(bytes.size()))));
  return encoded;
}
std::string from_base64(std::string_view encoded) {
  std::string bytes(encoded.size(), '\0');
  auto const size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                    reinterpret_cast<unsigned char const*>(encoded.data()),
                                    static_cast<int>(encoded.size()));
  // It counts the padding as bytes, which a token of any other length than three times n has.
  auto const padding = encoded.size() - (encoded.find_last_not_of('=') + 1);
  bytes.resize(static_cast<std::size_t>(std::max(size, 0)) - (size > 0 ? padding : 0));
  return bytes;
}
std::string as_utf16(std::string_view text) {
  std::string wide;
  for (char const c : text) wide += {c, '\0'};
  return wide;
}

/// MS-NLMP 2.2.1.2, CHALLENGE_MESSAGE: NTLM version 2, one pair of target information.
std::string ntlm_challenge() {
  auto const number = [](std::uint32_t value, int bytes) {
    std::string little;
    for (int at = 0; at < bytes; ++at) little += static_cast<char>(value >> (8 * at) & 0xFFU);
    return little;
  };
  constexpr std::uint32_t kUnicodeNtlmTargetInfo = 0x00800201, kHeader = 48;
  auto const domain = as_utf16("CORP");
  auto const pairs =
      number(2, 2) + number(static_cast<std::uint32_t>(domain.size()), 2) + domain + number(0, 4);
  auto const size = static_cast<std::uint32_t>(pairs.size());
  return std::string{"NTLMSSP\0", 8} + number(2, 4) + number(0, 4) + number(kHeader, 4) +
         number(kUnicodeNtlmTargetInfo, 4) + "8 random" + std::string(8, '\0') + number(size, 2) +
         number(size, 2) + number(kHeader, 4) + pairs;
}

/// IIS with integrated authentication before the logon call, and a small PVWA behind it.
class WindowsLogon : public SessionOverTls {
 protected:
  struct Seen {
    int connection = 0;
    bool logon = false;
    std::string authorization, body;
    std::string message() const {  // of NTLM
      return authorization.starts_with("NTLM ") ? from_base64(std::string_view{authorization}.substr(5)) : "";
    }
    std::string ticket() const {
      return authorization.starts_with("Negotiate ") ? from_base64(std::string_view{authorization}.substr(10))
                                                     : "";
    }
    bool is_ntlm(char kind) const { return message().starts_with(std::string{"NTLMSSP\0", 8} + kind); }
  };
  static std::string field(std::string const& head, std::string_view name) {
    auto const at = head.find("\r\n" + std::string{name} + ": ");
    if (at == std::string::npos) return {};
    auto const begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
  test::WireReply answer(test::WireRequest const& request) {
    seen_.push_back(
        {request.connection, request.has("/Logon "), field(request.head, "Authorization"), request.body});
    auto const& last = seen_.back();
    if (last.logon) {
      if (last.is_ntlm(1) && !only_negotiate_)
        return test::reply(401, "", "WWW-Authenticate: NTLM " + base64(ntlm_challenge()) + "\r\n");
      if (last.is_ntlm(3) && accepts_) return test::reply(200, "\"TOKEN\"");
      if (take_ticket_ && !last.ticket().empty())
        return test::reply(200, "\"TOKEN\"",
                           "WWW-Authenticate: Negotiate " + base64(take_ticket_(last.ticket())) + "\r\n");
      return test::reply(401, "<html>Unauthorized</html>",
                         only_negotiate_ ? "WWW-Authenticate: Negotiate\r\n"
                                         : "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n");
    }
    if (request.has("/Server ")) return test::reply(200, R"({"ExternalVersion":"14.4.0"})");
    if (request.has("/API/Users?")) return test::reply(200, kUsers);
    if (request.has("/API/UserGroups?")) return test::reply(200, kGroups);
    return test::reply(200, "{}");
  }
  void SetUp() override {
    server_ = std::make_unique<test::WireServer>([this](auto const& request) { return answer(request); },
                                                 &certificates_);
    auto with = settings({server_->url()});
    with.method = AuthMethod::windows;
    with.user = "CORP\\svc-dirsync";
    open(std::move(with));
  }
  auto count_ntlm(char kind) const {
    return std::ranges::count_if(seen_, [kind](Seen const& each) { return each.is_ntlm(kind); });
  }
  /// The password stands in nothing but bodies of the logon call.
  void expect_password_is_kept() const {
    for (auto const& each : seen_)
      for (auto const& words : {each.authorization, each.message()})
        for (auto const& password : {std::string{kPassword}, as_utf16(kPassword)})
          EXPECT_EQ(words.find(password), std::string::npos);
    EXPECT_FALSE(traced_.empty());
    EXPECT_EQ(traced_.find(kPassword), std::string::npos) << traced_;
  }

  static constexpr char kUsers[] = R"({"Users":[{"id":2,"username":"Administrator"}],"Total":1})";
  static constexpr char kGroups[] =
      R"({"value":[{"id":11,"groupType":"Vault","groupName":"Vault Admins","location":"\\System",
      "members":[{"username":"Administrator","id":2}]}],"count":1})";
  bool accepts_ = true, only_negotiate_ = false;
  std::function<std::string(std::string_view token)> take_ticket_;  // gives the server's answer to it
  std::vector<Seen> seen_;
  // Tickets of whoever runs the tests have no part in it.
  test::WithEnvironment const no_tickets_{{{"KRB5CCNAME", "FILE:/nonexistent"}}};
  std::unique_ptr<test::WireServer> server_;
};

class GivenIntegratedAuthentication : public WindowsLogon {};

TEST_F(GivenIntegratedAuthentication, WhenNtlmIsOfferedThenOnlyTheLogonIsAuthenticatedByIt) {
  auto const all = read();
  ASSERT_TRUE(all) << text(all.error());
  ASSERT_GE(seen_.size(), 5U);
  ASSERT_TRUE(seen_[0].is_ntlm(1));
  EXPECT_EQ(seen_[0].body, "");
  ASSERT_TRUE(seen_[1].is_ntlm(3));
  EXPECT_EQ(seen_[1].connection, seen_[0].connection);
  EXPECT_NE(seen_[1].message().find(as_utf16("svc-dirsync")), std::string::npos);
  EXPECT_NE(seen_[1].body.find(R"("concurrentSession":true)"), std::string::npos);
  for (std::size_t at = 2; at < seen_.size(); ++at) {
    EXPECT_FALSE(seen_[at].logon);
    EXPECT_EQ(seen_[at].authorization, "TOKEN");
    EXPECT_NE(seen_[at].connection, seen_[0].connection) << "a connection that bears the user's identity";
  }
  expect_password_is_kept();
}
TEST_F(GivenIntegratedAuthentication, WhenThePasswordIsRefusedThenItIsNeverSentAgain) {
  accepts_ = false;
  for (int run = 0; run < 3; ++run) {
    auto const refused = read();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, VaultErrc::logon_refused);
    auto const words = text(refused.error());
    EXPECT_EQ(words.find(kPassword), std::string::npos);
    EXPECT_NE(words.find("NTLM"), std::string::npos) << words;
  }
  EXPECT_EQ(count_ntlm(3), 1);
  expect_password_is_kept();
}
TEST_F(GivenIntegratedAuthentication, WhenOnlyNegotiateIsOfferedAndThereIsNoTicketThenOneClearFailure) {
  only_negotiate_ = true;
  auto const refused = read();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, VaultErrc::logon_refused);
  EXPECT_NE(text(refused.error()).find("Kerberos ticket"), std::string::npos);
  auto const sent = seen_.size();
  EXPECT_FALSE(read());
  EXPECT_EQ(seen_.size(), sent);
  EXPECT_EQ(count_ntlm(3), 0);
  expect_password_is_kept();
}

/// The service's side of SPNEGO (RFC 4559), with the keys of its keytab.
class TicketTaker {
 public:
  /// The token that goes back. The client's name stands in client() when the ticket was good.
  std::string take(std::string_view token) {
    OM_uint32 minor = 0;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_name_t name = GSS_C_NO_NAME;
    gss_buffer_desc input{token.size(), const_cast<char*>(token.data())}, output{};
    auto const major =
        gss_accept_sec_context(&minor, &context, GSS_C_NO_CREDENTIAL, &input, GSS_C_NO_CHANNEL_BINDINGS,
                               &name, nullptr, &output, nullptr, nullptr, nullptr);
    std::string answer{static_cast<char const*>(output.value), output.length};
    if (major != GSS_S_COMPLETE) {
      refusal_ =
          "accepting the ticket: " + words(major, GSS_C_GSS_CODE) + "; " + words(minor, GSS_C_MECH_CODE);
    } else {
      gss_buffer_desc shown{};
      gss_display_name(&minor, name, &shown, nullptr);
      client_.assign(static_cast<char const*>(shown.value), shown.length);
      gss_release_buffer(&minor, &shown);
    }
    gss_release_buffer(&minor, &output);
    gss_release_name(&minor, &name);
    gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
    return answer;
  }
  std::string const& client() const { return client_; }
  std::string const& refusal() const { return refusal_; }  // why the last ticket was not taken

 private:
  static std::string words(OM_uint32 code, int kind) {
    OM_uint32 minor = 0, more = 0;
    gss_buffer_desc shown{};
    gss_display_status(&minor, code, kind, GSS_C_NO_OID, &more, &shown);
    std::string text{static_cast<char const*>(shown.value), shown.length};
    gss_release_buffer(&minor, &shown);
    return text;
  }

  std::string client_, refusal_;
};

TEST_F(GivenIntegratedAuthentication, WhenOnlyNegotiateIsOfferedThenTheTicketOfTheEnvironmentLogsOn) {
  test::Kdc kdc;
  auto const service = kdc.add_principal("HTTP/127.0.0.1");
  auto const keytab = kdc.add_principal("svc-dirsync");
  test::output_of({"kinit", "-k", "-t", keytab, "svc-dirsync"}, folder_->path(), kdc.client_environment());
  auto both_sides = kdc.client_environment();
  both_sides.insert({{"KRB5_KTNAME", service}, {"KRB5RCACHENAME", "none:"}});
  test::WithEnvironment const environment{both_sides};
  TicketTaker taker;
  take_ticket_ = [&taker](std::string_view token) { return taker.take(token); };
  only_negotiate_ = true;

  auto const all = read();
  ASSERT_TRUE(all) << text(all.error());
  EXPECT_EQ(taker.client(), "svc-dirsync@EXAMPLE.TEST") << taker.refusal();
  EXPECT_EQ(std::ranges::count_if(seen_, [](Seen const& each) { return !each.ticket().empty(); }), 1);
  EXPECT_EQ(count_ntlm(3), 0);
  for (auto const& each : seen_) EXPECT_TRUE(each.logon || each.authorization == "TOKEN");
  expect_password_is_kept();
}

}  // namespace
}  // namespace dirsync::vault
