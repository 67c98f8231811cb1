#pragma once
// JSON of servers whose databases hold what is no Unicode: one value of one object must not make the whole
// list unreadable.
#include <string>
#include <string_view>

namespace dirsync::rest {

/// Stands in a text for what is no Unicode. No name of a user or a group has it.
inline constexpr char kMended = '\x7f';

/// Puts kMended where a JSON text has a byte that is no UTF-8 (RFC 3629), or an escape that is half of a
/// surrogate pair (RFC 8259, 8.2). All else stays as it is, errors of syntax among them.
class TextMender {
 public:
  /// What can be said of the text so far: `piece`, and what was held back of those before. Valid until the
  /// next call.
  std::string_view mend(std::string_view piece);
  /// What is still held back: the text ends within a character.
  std::string_view rest() const { return held_; }

 private:
  std::size_t mend_buffer();
  std::string buffer_, held_;
};

/// Whether the value of a field is not what the server has.
inline bool is_mended(std::string_view value) { return value.find(kMended) != std::string_view::npos; }

}  // namespace dirsync::rest
