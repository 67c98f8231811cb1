#include "sync/http/base_url.hpp"

#include <curl/curl.h>

#include <memory>

#include "sync/http/client.hpp"

namespace dirsync::http {
namespace {

struct CurlFree {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
  void operator()(char* text) const noexcept { curl_free(text); }
};

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  std::unique_ptr<char, CurlFree> const owned{text};
  return text;
}

Error refused(std::string context) { return {HttpErrc::bad_setup, std::move(context)}; }

}  // namespace

Result<BaseUrl> parse_base_url(std::string const& url, Tls const& tls) {
  std::unique_ptr<CURLU, CurlFree> const parsed{curl_url()};
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return refused("url cannot be read; write it as https://host/path");
  if (!part(parsed.get(), CURLUPART_USER).empty() || !part(parsed.get(), CURLUPART_PASSWORD).empty())
    return refused("url must not hold a user or password; use auth");
  if (!part(parsed.get(), CURLUPART_QUERY).empty() || !part(parsed.get(), CURLUPART_FRAGMENT).empty())
    return refused("url must not hold a query or fragment: " + url);
  auto const scheme = part(parsed.get(), CURLUPART_SCHEME);
  if (scheme != "https" && !(scheme == "http" && tls.plaintext))
    return refused("url must begin with https:// (http:// only with tls = { plaintext = true }): " + url);
  BaseUrl base{url};
  while (base.text.ends_with('/')) base.text.pop_back();
  return base;
}

Result<void> check_tls(Tls const& tls) {
  if (tls.min_version != "1.2" && tls.min_version != "1.3")
    return refused("tls.min_version must be \"1.2\" or \"1.3\", not \"" + tls.min_version + "\"");
  if (tls.cert_file.empty() != tls.key_file.empty())
    return refused("tls.cert_file and tls.key_file need one another; set both");
  return {};
}

}  // namespace dirsync::http
