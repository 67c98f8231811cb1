#include "daemon/page/browser.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "sync/model/text.hpp"

namespace dirsync::page {
using control::header;
using control::Page;
using control::Request;
namespace {

constexpr std::size_t kMostShown = 100;  // bytes, of what others wrote

bool is_address(std::string const& host) {
  std::array<unsigned char, 16> address{};
  if (host.starts_with('[') && host.ends_with(']'))
    return ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), address.data()) == 1;
  return ::inet_pton(AF_INET, host.c_str(), address.data()) == 1;
}

/// "localhost" of "localhost:8464"; nothing where that is no host with a port, or without one.
std::optional<std::string> host_without_port(std::string const& text) {
  auto const colon = text.rfind(':');
  if (colon == text.npos || text.ends_with(']')) return text;
  auto const* const end = text.data() + text.size();
  unsigned port = 0;
  auto const [stop, failed] = std::from_chars(text.data() + colon + 1, end, port);
  if (failed != std::errc{} || stop != end || port > 65535) return std::nullopt;
  return text.substr(0, colon);
}

/// By such a name nobody else's page can be here: addresses mean what they say, and the others are not looked
/// up where somebody else could answer.
bool is_our_name(std::string const& written, std::string const& machine) {
  auto const host = host_without_port(written);
  if (!host) return false;
  return ascii_iequal(*host, "localhost") || is_address(*host) ||
         (!machine.empty() && ascii_iequal(*host, machine));
}

bool is_our_origin(std::string const& origin, std::string const& host) {
  return ascii_iequal(origin, "http://" + host) || ascii_iequal(origin, "https://" + host);
}

/// "http://a.example:8464" of "http://a.example:8464/path".
std::string origin_of(std::string const& url) {
  auto const host = url.find("://");
  return host == url.npos ? url : url.substr(0, url.find('/', host + 3));
}

/// Somebody follows a link to the page itself: it shows nothing that it would not show anyway.
bool is_visit(Request const& request) {
  auto const target = header(request, "sec-fetch-dest");
  return request.method == "GET" && request.path == "/" && header(request, "sec-fetch-mode") == "navigate" &&
         (target.empty() || target == "document");
}

Page refuse_site(std::string const& site) {
  return control::error_page(
      403, "foreign-site",
      "the request comes from " + printable(site, kMostShown) + ", which is not this page; nothing was done");
}

}  // namespace

bool is_of_browser(Request const& request) {
  for (auto const* const mark : {"origin", "referer", "sec-fetch-site", "sec-fetch-mode"})
    if (request.headers.contains(mark)) return true;
  return header(request, "user-agent").starts_with("Mozilla/");
}

std::optional<Page> refuse_foreign(Request const& request, std::string const& machine) {
  auto const host = header(request, "host");
  if (!host.empty() && !is_our_name(host, machine))
    return control::error_page(421, "foreign-name",
                               "this is dirsyncd, and not " + printable(host, kMostShown) +
                                   "; ask for it by localhost or by its IP address");
  if (request.headers.contains("origin"))
    if (auto const origin = header(request, "origin"); host.empty() || !is_our_origin(origin, host))
      return refuse_site(origin.empty() ? "a site without a name" : origin);
  // Older browsers tell nothing else of who asks.
  auto const referer = header(request, "referer");
  if (!referer.empty() && request.path != "/" && !is_our_origin(origin_of(referer), host))
    return refuse_site(origin_of(referer));
  auto const site = header(request, "sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none" && !is_visit(request))
    return refuse_site("another site");
  return std::nullopt;
}

Page guarded(Page page) {
  constexpr std::array<std::pair<char const*, char const*>, 6> kHeaders{
      {{"Content-Security-Policy",
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"},
       {"X-Content-Type-Options", "nosniff"},
       {"Referrer-Policy", "same-origin"},
       {"Cross-Origin-Resource-Policy", "same-origin"},
       {"Cross-Origin-Opener-Policy", "same-origin"},
       {"Cache-Control", "no-store"}}};
  for (auto const& [name, value] : kHeaders) page.headers.emplace_back(name, value);
  return page;
}

}  // namespace dirsync::page
