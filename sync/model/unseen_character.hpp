#pragma once
#include <string>
#include <string_view>

namespace dirsync {

/// The first character of `text` that nothing we make may have in its name, as "U+202E"; empty: there is
/// none, or the text is not UTF-8. Control characters, ends of lines and paragraphs, marks that turn the
/// direction of what follows, and spaces without a width: by them a name reads as another, or as none. The
/// joiners U+200C and U+200D are not among them: Persian and Indic words are written with them.
std::string unseen_character_in(std::string_view text);

}  // namespace dirsync
