#pragma once
#include <string>
#include <string_view>

namespace dirsync::cli {

/// Text for the content of an HTML element, not for an attribute. Characters that cannot be seen, or that
/// turn round how others are read, are shown by their number ("U+202E"), as are line ends and tabs; bytes
/// that are not UTF-8 by theirs ("0xFF"). Thread: any.
std::string html_text(std::string_view text);

}  // namespace dirsync::cli
