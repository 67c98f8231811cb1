#include "sync/http/easy_handle.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sync/model/assert.hpp"
#include "sync/model/text.hpp"

namespace dirsync::http {
namespace {

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  DIRSYNC_ASSERT(curl_easy_setopt(easy, option, value) == CURLE_OK);
}

/// Whatever a server adds to the reasons of its refusal is not kept in memory.
constexpr std::size_t kLargestRefusal = 1U << 20;

long count_of(std::chrono::milliseconds time) { return static_cast<long>(time.count()); }

/// What to do about a certificate that was refused for `reason`, which libcurl and OpenSSL tell in words
/// alone.
char const* certificate_remedy(std::string_view reason) {
  auto const tells = [reason](std::string_view words) {
    return reason.find(words) != std::string_view::npos;
  };
  if (tells("has expired")) return "renew the certificate on the server, or correct this machine's clock";
  if (tells("not yet valid")) return "correct this machine's clock, or the server's certificate";
  if (tells("subject name"))
    return "write the host name that the server's certificate bears, or give the server another certificate";
  return "set tls.ca_file to the CA that signed the server's certificate";
}

}  // namespace

EasyHandle::EasyHandle(std::shared_ptr<Exchange> exchange, ClientSettings const& settings, CURLSH* share)
    : exchange_{std::move(exchange)}, largest_body_{settings.largest_body}, easy_{curl_easy_init()} {
  DIRSYNC_ASSERT(easy_ != nullptr);
  auto* const easy = easy_.get();
  set(easy, CURLOPT_PRIVATE, this);
  set(easy, CURLOPT_ERRORBUFFER, message_);
  set(easy, CURLOPT_SHARE, share);
  set(easy, CURLOPT_COOKIEFILE, "");  // cookies in memory, none from a file
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_URL, exchange_->url.c_str());
  set(easy, CURLOPT_PATH_AS_IS, 1L);
  set(easy, CURLOPT_PROTOCOLS_STR, settings.tls.plaintext ? "https,http" : "https");
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(easy, CURLOPT_USERAGENT, "dirsyncd/" DIRSYNC_VERSION);
  set(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, count_of(settings.timeouts.connect));
  set(easy, CURLOPT_TIMEOUT_MS, count_of(exchange_->total));
  set(easy, CURLOPT_BUFFERSIZE, 128L * 1024);
  set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  // Below the keep-alive time of common servers, so that a kept connection is seldom dead.
  set(easy, CURLOPT_MAXAGE_CONN, 55L);
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (!settings.proxy.empty()) set(easy, CURLOPT_PROXY, settings.proxy.c_str());
  set(easy, CURLOPT_HEADERFUNCTION, &EasyHandle::on_header);
  set(easy, CURLOPT_HEADERDATA, this);
  set(easy, CURLOPT_WRITEFUNCTION, &EasyHandle::on_body);
  set(easy, CURLOPT_WRITEDATA, this);
  set(easy, CURLOPT_PREREQFUNCTION, &EasyHandle::on_send);
  set(easy, CURLOPT_PREREQDATA, this);
  set_tls(settings.tls);
  set_request();
}

void EasyHandle::set_tls(Tls const& tls) {
  auto* const easy = easy_.get();
  set(easy, CURLOPT_CERTINFO, 1L);
  set(easy, CURLOPT_SSL_VERIFYPEER, tls.verify ? 1L : 0L);
  set(easy, CURLOPT_SSL_VERIFYHOST, tls.verify ? 2L : 0L);
  set(easy, CURLOPT_SSLVERSION,
      static_cast<long>(tls.min_version == "1.3" ? CURL_SSLVERSION_TLSv1_3 : CURL_SSLVERSION_TLSv1_2));
  if (!tls.ca_file.empty() || !tls.ca_dir.empty()) {
    // A CA of the configuration takes the place of the system's; null takes away the built-in default.
    set(easy, CURLOPT_CAINFO, tls.ca_file.empty() ? nullptr : tls.ca_file.c_str());
    set(easy, CURLOPT_CAPATH, tls.ca_dir.empty() ? nullptr : tls.ca_dir.c_str());
  }
  if (!tls.cert_file.empty()) {
    set(easy, CURLOPT_SSLCERT, tls.cert_file.c_str());
    set(easy, CURLOPT_SSLKEY, tls.key_file.c_str());
  }
}

void EasyHandle::set_request() {
  auto* const easy = easy_.get();
  auto const& request = *exchange_;
  auto const has_body =
      request.method == Method::post || request.method == Method::put || !request.body.empty();
  if (has_body) {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.c_str());
  }
  if (request.method == Method::put) set(easy, CURLOPT_CUSTOMREQUEST, "PUT");
  if (request.method == Method::del) set(easy, CURLOPT_CUSTOMREQUEST, "DELETE");
  auto append = [this](std::string const& line) {
    auto* const longer = curl_slist_append(fields_.get(), line.c_str());
    DIRSYNC_ASSERT(longer != nullptr);
    static_cast<void>(fields_.release());
    fields_.reset(longer);
  };
  for (auto const& field : request.headers) append(field.name + ": " + field.value);
  if (has_body) {
    // A name without a value keeps libcurl from adding its own.
    append(request.content_type.empty() ? "Content-Type:" : "Content-Type: " + request.content_type);
    append("Expect:");
  }
  if (fields_) set(easy, CURLOPT_HTTPHEADER, fields_.get());
  if (request.login) {
    // One of them: libcurl prefers Negotiate when it may choose, and without a ticket it then sends no login
    // at all.
    set(easy, CURLOPT_HTTPAUTH, static_cast<long>(request.with_ticket ? CURLAUTH_NEGOTIATE : CURLAUTH_NTLM));
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));  // both belong to a connection
    set(easy, CURLOPT_USERNAME, request.login->user.c_str());
    set(easy, CURLOPT_PASSWORD, std::string{request.login->password.reveal()}.c_str());
  }
}

std::size_t EasyHandle::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& response = static_cast<EasyHandle*>(self)->exchange_->response;
  std::string_view const line{data, size * count};
  if (line.starts_with("HTTP/")) {  // a new head: after 100 Continue, or after a round of authentication
    response.headers.clear();
  } else if (auto const colon = line.find(':'); colon != std::string_view::npos) {
    response.headers.push_back(
        {std::string{line.substr(0, colon)}, std::string{trimmed(line.substr(colon + 1))}});
  }
  return line.size();
}

std::size_t EasyHandle::on_body(char* data, std::size_t size, std::size_t count, void* self_pointer) {
  auto& self = *static_cast<EasyHandle*>(self_pointer);
  std::string_view const piece{data, size * count};
  self.last_piece_ = std::chrono::steady_clock::now();
  self.received_ += piece.size();
  if (self.received_ > self.largest_body_) {
    self.refusal_ = HttpErrc::too_large;
    return 0;
  }
  long status = 0;
  curl_easy_getinfo(self.get(), CURLINFO_RESPONSE_CODE, &status);
  auto& response = self.exchange_->response;
  if (response.sink && status >= 200 && status < 300) {
    if (!response.sink->write(piece)) {
      self.refusal_ = HttpErrc::body_refused;
      return 0;
    }
  } else {
    auto const left = kLargestRefusal - std::min(kLargestRefusal, response.body.size());
    response.body += piece.substr(0, status < 400 ? piece.size() : left);
  }
  return piece.size();
}

int EasyHandle::on_send(void* self_pointer, char*, char*, int, int) {
  auto& self = *static_cast<EasyHandle*>(self_pointer);
  // When a kept connection ends before an answer, libcurl sends the request again on a new one. A write may
  // have been processed by then, so its second sending is stopped here. A login takes several rounds by
  // nature.
  auto const again = ++self.sends_ > 1;
  auto const allowed = !again || self.exchange_->may_be_sent_twice || self.exchange_->login;
  return allowed ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

/// libcurl has them only where this exchange made the connection.
void EasyHandle::keep_certificates() {
  constexpr std::string_view kPem = "Cert:";
  curl_certinfo* chain = nullptr;
  if (curl_easy_getinfo(get(), CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == nullptr) return;
  for (int at = 0; at < chain->num_of_certs; ++at)
    for (auto const* field = chain->certinfo[at]; field != nullptr; field = field->next) {
      std::string_view const line{field->data};
      if (!line.starts_with(kPem)) continue;
      if (auto certificate = parse_pem_certificate(line.substr(kPem.size())))
        exchange_->shown.push_back(std::move(*certificate));
    }
}

void EasyHandle::finish(CURLcode code) {
  auto& exchange = *exchange_;
  if (sends_ > 0) keep_certificates();  // nothing is sent where the handshake was not accepted
  if (code != CURLE_OK) {
    exchange.error = classify(code);
    return;
  }
  long status = 0;
  curl_easy_getinfo(get(), CURLINFO_RESPONSE_CODE, &status);
  exchange.response.status = static_cast<int>(status);
  long offered = 0;
  curl_easy_getinfo(get(), CURLINFO_HTTPAUTH_AVAIL, &offered);
  auto const ntlm = (static_cast<unsigned long>(offered) & CURLAUTH_NTLM) != 0;
  auto const negotiate = (static_cast<unsigned long>(offered) & CURLAUTH_NEGOTIATE) != 0;
  exchange.wants_ticket = exchange.login && status == 401 && negotiate && !ntlm;
}

void EasyHandle::cancel() { exchange_->error = Error{HttpErrc::cancelled, exchange_->where}; }

bool EasyHandle::idle_since(std::chrono::steady_clock::time_point limit) const {
  return received_ > 0 && last_piece_ < limit;
}

void EasyHandle::end_idle() {
  exchange_->error =
      Error{HttpErrc::timed_out, exchange_->where + ": the answer stopped after " +
                                     std::to_string(received_) + " bytes; check the server's load"};
}

/// True when the other side went away in the handshake without a word of TLS, as a server that stops does.
bool EasyHandle::handshake_was_cut(std::string_view reason) const {
  long number = 0;
  curl_easy_getinfo(get(), CURLINFO_OS_ERRNO, &number);
  // libcurl has no code for the end of the connection, only OpenSSL's words.
  constexpr std::string_view kEndOfConnection[] = {"unexpected eof", "SSL_ERROR_SYSCALL"};
  return number == ECONNRESET || number == EPIPE ||
         std::ranges::any_of(kEndOfConnection, [reason](std::string_view words) {
           return reason.find(words) != std::string_view::npos;
         });
}

Error EasyHandle::classify(CURLcode code) const {
  auto const& where = exchange_->where;
  auto const reason = printable(message_[0] != '\0' ? message_ : curl_easy_strerror(code));
  long proxy_status = 0;
  curl_easy_getinfo(get(), CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  // Sent on a kept connection that then died: whatever became of libcurl's attempt to open another one, the
  // server may have acted.
  auto const ours = code == CURLE_WRITE_ERROR || code == CURLE_ABORTED_BY_CALLBACK;
  if (sends_ > 0 && !ours) {
    if (code == CURLE_OPERATION_TIMEDOUT) return {HttpErrc::timed_out, where + ": " + reason};
    return {HttpErrc::cut, where + ": " + reason + "; check the server's log and any proxy in between"};
  }
  switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      return {HttpErrc::proxy_failed, where + ": " + reason + "; check proxy, https_proxy and no_proxy"};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return {HttpErrc::tls_failed, where + ": " + reason + "; " + certificate_remedy(reason)};
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
      return {HttpErrc::tls_failed,
              where + ": " + reason + "; check tls.ca_file, tls.cert_file and tls.key_file"};
    case CURLE_SSL_CONNECT_ERROR:
      if (handshake_was_cut(reason))
        return {HttpErrc::connect_failed,
                where + ": " + reason + "; check that the server runs, and that it speaks TLS there"};
      return {HttpErrc::tls_failed,
              where + ": " + reason + "; check that the server speaks TLS there, and tls.min_version"};
    case CURLE_WRITE_ERROR:
      if (refusal_ == HttpErrc::too_large)
        return {refusal_, where + ": more than " + std::to_string(largest_body_) + " bytes"};
      if (refusal_ == HttpErrc::body_refused)
        return {refusal_, where + ": the body is not what was asked for"};
      break;
    case CURLE_ABORTED_BY_CALLBACK:
      return {HttpErrc::cut, where + ": the kept connection ended before the answer; check the server's log"};
    default:
      break;
  }
  if (sends_ > 0)
    return {HttpErrc::cut, where + ": " + reason + "; check the server's log and any proxy in between"};
  constexpr long kBadGateway = 502, kGatewayTimeout = 504;  // the proxy works but did not reach the server
  if (proxy_status >= 300 && (proxy_status < kBadGateway || proxy_status > kGatewayTimeout))
    return {HttpErrc::proxy_failed, where + ": " + reason + "; check proxy, https_proxy and no_proxy"};
  return {HttpErrc::connect_failed, where + ": " + reason + "; check name, port, firewall and server"};
}

}  // namespace dirsync::http
