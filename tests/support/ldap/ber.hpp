#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dirsync::test::ber {

// Tags of one byte, as LDAP uses them (RFC 4511, 5.1).
inline constexpr std::uint8_t kBoolean = 0x01, kInteger = 0x02, kOctets = 0x04, kEnumerated = 0x0a,
                              kSequence = 0x30, kSet = 0x31;

/// Size in bytes of the element at the start, header included; nothing while too few bytes are there to tell.
/// Throws std::runtime_error for a length of more than four bytes or an indefinite one.
std::optional<std::size_t> size_of_first(std::string_view bytes);

/// Tag, length, content.
std::string element(std::uint8_t tag, std::string_view content);
std::string octets(std::string_view content);
/// `number`: 0 and above.
std::string integer(std::int64_t number, std::uint8_t tag = kInteger);

struct Element {
  std::uint8_t tag = 0;
  std::string_view content;
  std::string_view whole;  // with tag and length
};

/// Steps through the elements in some bytes; these must outlive it. Throws std::runtime_error when they are
/// not what is asked for.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  bool done() const noexcept { return rest_.empty(); }
  Element next();
  std::string_view next(std::uint8_t tag);
  std::int64_t number(std::uint8_t tag = kInteger);
  /// What was not read yet.
  std::string_view rest() const noexcept { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace dirsync::test::ber
