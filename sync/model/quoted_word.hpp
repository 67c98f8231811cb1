#pragma once
#include <string>
#include <string_view>

namespace dirsync {

/// `text` as one word of a POSIX shell's command line: in single quotes where it needs them. For every
/// command line that is shown to a person.
std::string quoted_word(std::string_view text);

}  // namespace dirsync
