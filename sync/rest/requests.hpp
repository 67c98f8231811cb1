#pragma once
// Requests as both clients send them: what may be repeated, and how long one may take.
#include <chrono>
#include <string>

#include "sync/http/client.hpp"
#include "sync/rest/path.hpp"

namespace dirsync::rest {

inline constexpr char kJson[] = "application/json";
/// Deadlines of one attempt; the settings' own count where they are shorter.
inline constexpr std::chrono::seconds kWriteDeadline{60}, kLogOffDeadline{10};

/// The client repeats it after failures that pass.
http::Request read_request(Path const& path);

/// A write. It leaves through rest::Sending alone, which keeps in mind that it was sent.
class Write {
 public:
  /// `body`: JSON; empty: none.
  Write(http::Method method, Path const& path, std::string body);
  /// Its body holds a secret.
  Write confidential() &&;
  http::Request const& request() const noexcept { return request_; }

 private:
  http::Request request_;
};

/// A call that opens or keeps a session: never traced by length.
http::Request session_call(http::Method method, Path const& path, std::string body);

/// The end of the program does not wait long for a server that is gone.
http::Request log_off_request(http::Method method, Path const& path, std::string body);

}  // namespace dirsync::rest
