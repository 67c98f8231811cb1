#pragma once
// What a server repeats of what it was sent must not bring a secret into a message.
#include <string>
#include <string_view>
#include <vector>

#include "sync/http/client.hpp"

namespace dirsync::rest {

/// Puts "***" in the place of `secret` wherever `text` holds it: as it is, in JSON escapes however often
/// escaped, percent-encoded, or as HTML entities. An empty secret hides nothing.
void hide(std::string& text, std::string_view secret);

/// The same in all that may be quoted of an answer: body and header values. Every message about an answer is
/// made of one that went through here. Not for a success: its body is data, and is never quoted.
void hide_secrets(http::Response& response, std::vector<std::string_view> const& secrets);

}  // namespace dirsync::rest
