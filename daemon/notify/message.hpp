#pragma once
// News as they travel.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/notify/news.hpp"
#include "sync/model/secret.hpp"
#include "sync/model/time.hpp"

namespace dirsync::notify {

struct Origin {
  std::string host;
  RunId run;
  Time time;
};

/// {"event", "subject", "text", "host", "run", "time"}, one line.
std::string json_of(News const& news, Origin const& origin);

/// "sha256=" and 64 hexadecimal digits: HMAC-SHA-256 (RFC 2104) of the body, for X-Dirsyncd-Signature.
std::string signature_of(Secret const& secret, std::string_view body);

/// A message (RFC 5322) with all of them, for `sendmail -t -i`. `to`: addresses without line breaks.
std::string mail_of(std::span<News const> news, Origin const& origin, std::vector<std::string> const& to);

}  // namespace dirsync::notify
