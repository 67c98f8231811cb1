#pragma once
#include <string>
#include <string_view>

namespace dirsync {

/// `text` with "..." in place of `name`, so that texts that say the same of several are equal. A name within
/// a longer word stays, and so does the text where the name is empty. Pure; any thread.
std::string about_anyone(std::string text, std::string_view name);

}  // namespace dirsync
