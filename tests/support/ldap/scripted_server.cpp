#include "tests/support/ldap/scripted_server.hpp"

#include <ldap.h>

#include <cstdio>
#include <memory>
#include <string_view>

namespace dirsync::test {
namespace {

struct FreeBer {
  void operator()(BerElement* ber) const noexcept { ber_free(ber, 1); }
  void operator()(Sockbuf* buffer) const noexcept { ber_sockbuf_free(buffer); }
};
using BerPtr = std::unique_ptr<BerElement, FreeBer>;
using SockbufPtr = std::unique_ptr<Sockbuf, FreeBer>;

std::string bytes_of(BerElement* ber) {
  berval bytes{};
  ber_flatten2(ber, &bytes, 0);
  return {bytes.bv_val, bytes.bv_len};
}

void send(int socket, BerElement* ber) {
  auto const bytes = bytes_of(ber);
  for (std::size_t sent = 0; sent < bytes.size();) {
    auto const now = ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (now <= 0) return;
    sent += static_cast<std::size_t>(now);
  }
}

void send_entry(int socket, int id, ScriptedLdap::Entry const& entry) {
  BerPtr const ber{ber_alloc_t(LBER_USE_DER)};
  ber_printf(ber.get(), "{it{o{", id, LDAP_RES_SEARCH_ENTRY, entry.dn.data(), entry.dn.size());
  for (auto const& [name, values] : entry.attributes) {
    ber_printf(ber.get(), "{s[", name.c_str());
    for (auto const& value : values) ber_printf(ber.get(), "o", value.data(), value.size());
    ber_printf(ber.get(), "]}");
  }
  ber_printf(ber.get(), "}}}");
  send(socket, ber.get());
}

/// RFC 2696, 2.
std::string paging_value(std::string const& cookie) {
  BerPtr const ber{ber_alloc_t(LBER_USE_DER)};
  ber_printf(ber.get(), "{io}", 0, cookie.data(), cookie.size());
  return bytes_of(ber.get());
}

void add_control(BerElement* ber, std::string const& oid, std::string const& value) {
  ber_printf(ber, "{so}", oid.c_str(), value.data(), value.size());
}

void send_result(int socket, int id, ber_tag_t type, ScriptedLdap::Answer const& answer) {
  BerPtr const ber{ber_alloc_t(LBER_USE_DER)};
  ber_printf(ber.get(), "{it{ess}", id, type, answer.result, "", answer.words.c_str());
  if (type == LDAP_RES_SEARCH_RESULT && (answer.paged || !answer.control.first.empty())) {
    ber_printf(ber.get(), "t{", LDAP_TAG_CONTROLS);
    if (answer.paged) add_control(ber.get(), LDAP_CONTROL_PAGEDRESULTS, paging_value(answer.cookie));
    if (auto const& [oid, value] = answer.control; !oid.empty()) add_control(ber.get(), oid, value);
    ber_printf(ber.get(), "}");
  }
  ber_printf(ber.get(), "}");
  send(socket, ber.get());
}

std::string escaped(berval const& value) {
  std::string text;
  for (std::string_view const bytes{value.bv_val, value.bv_len}; char const c : bytes) {
    char piece[4];
    auto const odd = c < ' ' || c > '~' || c == '*' || c == '(' || c == ')' || c == '\\';
    std::snprintf(piece, sizeof piece, odd ? "\\%02x" : "%c", static_cast<unsigned char>(c));
    text += piece;
  }
  return text;
}

std::string filter_text(BerElement* ber);

/// What lies in the current element, one after the other.
std::string elements(BerElement* ber, std::string (*read)(BerElement*)) {
  std::string text;
  char* last = nullptr;
  ber_len_t length = 0;
  for (auto tag = ber_first_element(ber, &length, &last); tag != LBER_DEFAULT;
       tag = ber_next_element(ber, &length, last))
    text += read(ber);
  return text;
}

std::string value_text(BerElement* ber) {
  berval value{};
  ber_scanf(ber, "m", &value);
  return escaped(value);
}

/// "a*b*c"; a star stands where the assertion is open.
std::string substrings_text(BerElement* ber) {
  std::string text;
  char* last = nullptr;
  ber_len_t length = 0;
  for (auto tag = ber_first_element(ber, &length, &last); tag != LBER_DEFAULT;
       tag = ber_next_element(ber, &length, last)) {
    if (text.empty() && tag != LDAP_SUBSTRING_INITIAL) text = "*";
    text += value_text(ber);
    if (tag != LDAP_SUBSTRING_FINAL) text += "*";
  }
  return text;
}

/// Rule, attribute and value of an extensible match, as "=rule=attribute=value".
std::string extended_text(BerElement* ber) { return "=" + value_text(ber); }

/// RFC 4511, 4.5.1.7, for the filters that clients send here.
std::string filter_text(BerElement* ber) {
  ber_len_t length = 0;
  auto const tag = ber_peek_tag(ber, &length);
  berval attribute{}, value{};
  switch (tag) {
    case LDAP_FILTER_AND:
      return "(&" + elements(ber, filter_text) + ")";
    case LDAP_FILTER_OR:
      return "(|" + elements(ber, filter_text) + ")";
    case LDAP_FILTER_NOT:
      ber_skip_tag(ber, &length);
      return "(!" + filter_text(ber) + ")";
    case LDAP_FILTER_PRESENT:
      return "(" + value_text(ber) + "=*)";
    case LDAP_FILTER_SUBSTRINGS:
      ber_scanf(ber, "{m", &attribute);
      return "(" + escaped(attribute) + "=" + substrings_text(ber) + ")";
    case LDAP_FILTER_EXT:
      return "(" + elements(ber, extended_text) + ")";
    default:
      ber_scanf(ber, "{mm}", &attribute, &value);
      return "(" + escaped(attribute) +
             (tag == LDAP_FILTER_GE   ? ">="
              : tag == LDAP_FILTER_LE ? "<="
                                      : "=") +
             escaped(value) + ")";
  }
}

/// The rest of a search request after the scope; false when it cannot be decoded.
bool read_search(BerElement* ber, ScriptedLdap::Search& search) {
  ber_int_t aliases = 0, sizes = 0, times = 0, types_only = 0;
  if (ber_scanf(ber, "eiib", &aliases, &sizes, &times, &types_only) == LBER_ERROR) return false;
  search.filter = filter_text(ber);
  char* last = nullptr;
  ber_len_t length = 0;
  for (auto tag = ber_first_element(ber, &length, &last); tag != LBER_DEFAULT;
       tag = ber_next_element(ber, &length, last))
    search.attributes.push_back(value_text(ber));
  return true;
}

}  // namespace

ScriptedLdap::ScriptedLdap(std::function<Answer(Search const&)> script)
    : script_(std::move(script)), thread_([this] { work(); }) {}

ScriptedLdap::~ScriptedLdap() {
  ends_ = true;
  LoopbackSocket::connected(listener_.port());  // wakes accept()
  thread_.join();
}

void ScriptedLdap::work() {
  while (true) {
    auto& socket = sockets_.emplace_back(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
    if (ends_) break;
    servers_.emplace_back([this, number = socket.number()] { serve(number); });
  }
  for (auto const& socket : sockets_) ::shutdown(socket.number(), SHUT_RDWR);
  servers_.clear();  // waits for them
}

ScriptedLdap::Answer ScriptedLdap::answer_to(Search& search) {
  std::lock_guard const alone{script_mutex_};
  search.nth = ++counts_[{search.base, search.scope}];
  return script_(search);
}

void ScriptedLdap::serve(int socket) {
  SockbufPtr const buffer{ber_sockbuf_alloc()};
  auto number = ::dup(socket);  // the buffer closes its own
  ber_sockbuf_ctrl(buffer.get(), LBER_SB_OPT_SET_FD, &number);
  ber_sockbuf_add_io(buffer.get(), &ber_sockbuf_io_tcp, LBER_SBIOD_LEVEL_PROVIDER, nullptr);
  while (true) {
    BerPtr const message{ber_alloc_t(LBER_USE_DER)};
    ber_len_t length = 0;
    auto tag = ber_get_next(buffer.get(), &length, message.get());
    while (tag == LBER_DEFAULT && errno == EWOULDBLOCK)
      tag = ber_get_next(buffer.get(), &length, message.get());
    ber_int_t id = 0;
    if (tag != LBER_SEQUENCE || ber_scanf(message.get(), "i", &id) == LBER_ERROR) return;
    auto const request = ber_peek_tag(message.get(), &length);
    if (request == LDAP_REQ_BIND) {
      send_result(socket, id, LDAP_RES_BIND, {});
    } else if (request == LDAP_REQ_SEARCH) {
      berval base{};
      ber_int_t scope = 0;
      if (ber_scanf(message.get(), "{me", &base, &scope) == LBER_ERROR) return;
      Search search{{base.bv_val, base.bv_len}, scope};
      if (!read_search(message.get(), search)) return;
      auto const answer = answer_to(search);
      for (auto const& entry : answer.entries) send_entry(socket, id, entry);
      send_result(socket, id, LDAP_RES_SEARCH_RESULT, answer);
    } else {
      return;
    }
  }
}

}  // namespace dirsync::test
