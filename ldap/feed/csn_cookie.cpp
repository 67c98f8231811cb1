#include "ldap/feed/csn_cookie.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace dirsync::ldap {
namespace {

constexpr std::string_view kNumbers = "csn=", kReplica = "rid=";

std::string_view take_until(std::string_view& rest, char separator) {
  auto const at = rest.find(separator);
  auto const part = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return part;
}

struct CsnCookie {
  std::string replica;                        // "rid=000"; may be empty
  std::map<std::string, std::string> newest;  // by server
};

/// The third of the four parts.
std::string server_of(std::string_view number) {
  take_until(number, '#');
  take_until(number, '#');
  return std::string{take_until(number, '#')};
}

CsnCookie parse(std::string_view cookie) {
  CsnCookie parsed;
  while (!cookie.empty()) {
    auto part = take_until(cookie, ',');
    if (part.starts_with(kReplica)) parsed.replica = part;
    if (!part.starts_with(kNumbers)) continue;
    part.remove_prefix(kNumbers.size());
    while (!part.empty()) {
      auto const number = take_until(part, ';');
      if (number.empty()) continue;
      auto& newest = parsed.newest[server_of(number)];
      // Of one form, so that the later one is the greater one.
      newest = std::max(newest, std::string{number});
    }
  }
  return parsed;
}

std::string to_text(CsnCookie const& cookie) {
  auto text = cookie.replica;
  if (!text.empty()) text += ',';
  text += kNumbers;
  auto first = true;
  for (auto const& [server, number] : cookie.newest) {
    if (!std::exchange(first, false)) text += ';';
    text += number;
  }
  return text;
}

}  // namespace

std::string merged_cookie(std::string_view known, std::string_view update) {
  auto newer = parse(update);
  if (newer.newest.empty()) return std::string{update};
  for (auto const& [server, number] : parse(known).newest) {
    auto& newest = newer.newest[server];
    newest = std::max(newest, number);
  }
  return to_text(newer);
}

bool speaks_of_same_servers(std::string_view before, std::string_view now) {
  auto const newer = parse(now);
  return std::ranges::all_of(parse(before).newest,
                             [&newer](auto const& known) { return newer.newest.contains(known.first); });
}

}  // namespace dirsync::ldap
