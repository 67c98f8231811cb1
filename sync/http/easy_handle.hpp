#pragma once
// One libcurl easy handle and the exchange it serves. Included by sync/http/*.cpp only: shows libcurl.
#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <string_view>

#include "sync/http/transfers.hpp"

namespace dirsync::http {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using EasyPtr = std::unique_ptr<CURL, FreeWith<curl_easy_cleanup>>;
using MultiPtr = std::unique_ptr<CURLM, FreeWith<curl_multi_cleanup>>;
using SharePtr = std::unique_ptr<CURLSH, FreeWith<curl_share_cleanup>>;
using ListPtr = std::unique_ptr<curl_slist, FreeWith<curl_slist_free_all>>;

/// Thread: libcurl's, from the first to the last call.
class EasyHandle {
 public:
  EasyHandle(std::shared_ptr<Exchange> exchange, ClientSettings const& settings, CURLSH* share);
  EasyHandle(EasyHandle const&) = delete;
  EasyHandle& operator=(EasyHandle const&) = delete;

  CURL* get() const noexcept { return easy_.get(); }
  /// Writes the outcome into the exchange.
  void finish(CURLcode code);
  void cancel();
  /// True when the body began and then nothing came for so long.
  bool idle_since(std::chrono::steady_clock::time_point limit) const;
  void end_idle();

 private:
  void set_request();
  void set_tls(Tls const& tls);
  void keep_certificates();
  Error classify(CURLcode code) const;
  bool handshake_was_cut(std::string_view reason) const;
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static int on_send(void* self, char*, char*, int, int);

  std::shared_ptr<Exchange> exchange_;
  std::size_t largest_body_;
  std::size_t received_ = 0;
  std::chrono::steady_clock::time_point last_piece_;
  int sends_ = 0;
  HttpErrc refusal_{};  // why on_body stopped; none: it did not
  char message_[CURL_ERROR_SIZE] = {};
  ListPtr fields_;
  EasyPtr easy_;  // last: its end uses the rest
};

}  // namespace dirsync::http
