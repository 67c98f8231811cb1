#pragma once
// Header fields of a mail, each ending with a line end.
#include <string>
#include <string_view>
#include <vector>

namespace dirsync::notify {

/// Folded where a line would get longer than 78 bytes (RFC 5322 2.1.1), if there is a space. Text that is not
/// ASCII becomes encoded words (RFC 2047). `text`: one line of UTF-8. Pure; any thread.
std::string text_header(std::string_view name, std::string_view text);

/// The same with one address at least, each without spaces. One that is not ASCII stays as it is (RFC 6532):
/// an address must not be encoded.
std::string address_header(std::string_view name, std::vector<std::string> const& addresses);

}  // namespace dirsync::notify
