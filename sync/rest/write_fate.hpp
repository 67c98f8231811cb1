#pragma once
// What the result of a write says about whether it was done. No other place decides this.
#include <optional>

#include "sync/http/client.hpp"
#include "sync/model/error.hpp"

namespace dirsync::rest {

enum class WriteFate {
  arrived,  // the server says that it did it
  refused,  // certainly not done
  unknown,  // perhaps done: only a look tells
};
char const* to_text(WriteFate fate);

/// The fate of a write by its result, whatever that is. Errors of another category than HttpErrc come from
/// the session that the write needed: it was not sent. `told`: what the server's own error code says, where
/// the API gives that code a meaning; it counts more than the status, and nothing when there was no answer.
WriteFate write_fate(Result<http::Response> const& result, std::optional<WriteFate> told = {});
WriteFate write_fate(http::Response const& answer, std::optional<WriteFate> told = {});

/// The error of a session call as that of the write that needed the session: with `no_session` for its code
/// where its own would say that the write may have been done.
Error not_sent(Error error, boost::system::error_code no_session);

/// True when after that transport error no other write of this run can reach the server, or the run itself
/// was cancelled.
bool ends_writing(Error const& error);

}  // namespace dirsync::rest
