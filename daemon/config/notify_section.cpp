#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "daemon/config/sections.hpp"
#include "sync/model/text.hpp"

namespace dirsync::config {
namespace {

std::string checked_path(Section& section, std::string_view key, std::string path) {
  if (!path.empty() && !path.starts_with('/'))
    section.problem(ConfigErrc::malformed, key, section.key_path(key) + " must be an absolute path");
  return path;
}

/// The URL is never shown: its path or query may be what lets somebody post there.
std::string read_webhook_url(Section& section) {
  auto const url = section.text("url");
  if (!url) return {};
  auto const parsed = boost::urls::parse_uri(*url);
  auto const fits = parsed && (parsed->scheme() == "https" || parsed->scheme() == "http") &&
                    !parsed->host().empty() && !parsed->has_userinfo() && !parsed->has_fragment();
  if (!fits) {
    section.effective("url", quoted(""));
    section.problem(ConfigErrc::malformed, "url",
                    section.key_path("url") +
                        " is not a URL, such as \"https://hooks.example.com/dirsyncd\", without user and "
                        "fragment");
    return {};
  }
  auto const host = host_of({.url = *url, .secret = {}, .ca_file = {}});
  section.effective("url", quoted(host));
  if (parsed->scheme() == "http")
    section.reading().warn(section.key_path("url") + ": names of people and groups go to " + printable(host) +
                           " without TLS; write https://");
  return *url;
}

Webhook read_webhook(Section& section) {
  Webhook webhook;
  webhook.url = read_webhook_url(section);
  webhook.secret = read_secret(section, "secret");
  webhook.ca_file = checked_path(section, "ca_file", section.text("ca_file").value_or(""));
  return webhook;
}

/// What a header line and a list of addresses can take as it is.
bool is_address(std::string const& text) {
  return printable(text, 254) == text && !text.starts_with('-') &&
         text.find_first_of(" ,;:<>()[]\\\"") == text.npos;
}

Mail read_mail(Section& section) {
  Mail mail;
  mail.sendmail = checked_path(section, "sendmail", section.text("sendmail").value_or(""));
  if (!section.has("to")) section.missing("to", "whom to write to, such as [\"operators@example.com\"]");
  auto const to = section.texts("to");
  if (to && to->empty())
    section.problem(ConfigErrc::malformed, "to", section.key_path("to") + " is empty; name at least one");
  mail.to = to.value_or(std::vector<std::string>{});
  for (auto const& address : mail.to)
    if (!is_address(address))
      section.problem(ConfigErrc::malformed, "to",
                      section.key_path("to") + " holds " + quoted(printable(address)) +
                          ", which is no plain address, such as \"operators@example.com\"");
  return mail;
}

/// Also of the way that is not in use, so that a key of the other way is no unknown key.
void refuse_keys_of_the_other_way(Section& section, std::string_view way,
                                  std::initializer_list<std::string_view> keys) {
  for (auto const key : keys) {
    section.find(key);
    if (section.has(key))
      section.problem(
          ConfigErrc::conflict, key,
          section.key_path(key) + " has no effect together with " + std::string{way} + "; leave it out");
  }
}

}  // namespace

std::string host_of(Webhook const& webhook) {
  auto const authority = webhook.url.find("://") + 3;
  return webhook.url.substr(0, webhook.url.find_first_of("/?#", authority));
}

Notify read_notify(Section section, std::size_t number) {
  section.name_path("service.notify." + std::to_string(number));
  Notify notify;
  auto const by_mail = section.has("sendmail");
  if (by_mail && section.has("url")) {
    section.problem(ConfigErrc::conflict, "sendmail",
                    section.shown() + " has url and sendmail; give each a table of its own");
    section.give_up();
    return notify;
  }
  if (!by_mail && !section.has("url"))
    section.missing("url",
                    "where to post to, such as \"https://hooks.example.com/dirsyncd\" "
                    "(or sendmail = \"/usr/sbin/sendmail\")");
  if (by_mail) {
    notify.way = read_mail(section);
    refuse_keys_of_the_other_way(section, "sendmail", {"url", "secret", "ca_file"});
  } else {
    notify.way = read_webhook(section);
    refuse_keys_of_the_other_way(section, "url", {"sendmail", "to"});
  }
  notify.events = section.choices("events", kNotifyEvents, kNotifyEvents);
  if (notify.events.empty())
    section.problem(ConfigErrc::malformed, "events",
                    section.key_path("events") + " is empty; leave it out for all events");
  return notify;
}

}  // namespace dirsync::config
