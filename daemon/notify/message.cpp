#include "daemon/notify/message.hpp"

#include <openssl/hmac.h>

#include <array>
#include <boost/json.hpp>

#include "daemon/cli/layout.hpp"
#include "daemon/notify/mail_header.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::notify {
namespace {

/// RFC 5322 allows a line 998 bytes; who hands on a longer one may send it back to nobody (Exim).
constexpr std::size_t kWidest = 200;  // columns

}  // namespace

std::string json_of(News const& news, Origin const& origin) {
  return boost::json::serialize(boost::json::object{{"event", to_text(news.event)},
                                                    {"subject", printable(news.subject)},
                                                    {"text", printable(news.text, 4000)},
                                                    {"host", origin.host},
                                                    {"run", origin.run.value()},
                                                    {"time", rfc3339(origin.time)}});
}

std::string signature_of(Secret const& secret, std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  auto const key = secret.reveal();
  ::HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<unsigned char const*>(body.data()), body.size(), digest.data(), &size);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "sha256=";
  for (unsigned at = 0; at < size; ++at) {
    text.push_back(kDigits[digest[at] >> 4U]);
    text.push_back(kDigits[digest[at] & 15U]);
  }
  return text;
}

std::string mail_of(std::span<News const> news, Origin const& origin, std::vector<std::string> const& to) {
  auto const subject = news.size() == 1 ? std::string{to_text(news.front().event)}
                                        : std::to_string(news.size()) + " things to look at";
  auto mail = address_header("To", to) +
              text_header("Subject", "dirsyncd on " + printable(origin.host) + ": " + subject) +
              "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
              "Content-Transfer-Encoding: 8bit\nAuto-Submitted: auto-generated\n\n";
  for (auto const& one : news) {
    auto const text = std::string{to_text(one.event)} + ": " + printable(one.text, 4000);
    mail += join(cli::broken_at(text, kWidest), "\n", std::identity{}) + "\n\n";
  }
  return mail + "Run " + std::to_string(origin.run.value()) + ", " + rfc3339(origin.time) + "\n";
}

}  // namespace dirsync::notify
