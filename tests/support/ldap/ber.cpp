#include "tests/support/ldap/ber.hpp"

#include <stdexcept>

namespace dirsync::test::ber {
namespace {

struct Header {
  std::size_t header = 0, content = 0;  // bytes
};

std::uint8_t byte_at(std::string_view bytes, std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); }

std::optional<Header> header_of(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  auto const first = byte_at(bytes, 1);
  if (first < 0x80) return Header{2, first};
  auto const digits = static_cast<std::size_t>(first & 0x7f);
  if (digits == 0 || digits > 4) throw std::runtime_error("BER: a length that LDAP does not use");
  if (bytes.size() < 2 + digits) return std::nullopt;
  std::size_t content = 0;
  for (std::size_t at = 0; at < digits; ++at) content = content << 8 | byte_at(bytes, 2 + at);
  return Header{2 + digits, content};
}

}  // namespace

std::optional<std::size_t> size_of_first(std::string_view bytes) {
  auto const header = header_of(bytes);
  if (!header) return std::nullopt;
  return header->header + header->content;
}

std::string element(std::uint8_t tag, std::string_view content) {
  std::string bytes{static_cast<char>(tag)};
  if (content.size() < 0x80) {
    bytes.push_back(static_cast<char>(content.size()));
  } else {
    bytes.push_back(static_cast<char>(0x84));
    for (auto shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(content.size() >> shift));
  }
  return bytes.append(content);
}

std::string octets(std::string_view content) { return element(kOctets, content); }

std::string integer(std::int64_t number, std::uint8_t tag) {
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>(number & 0xff));
    number >>= 8;
  } while (number > 0);
  // The first bit is the sign.
  if ((byte_at(digits, 0) & 0x80) != 0) digits.insert(digits.begin(), '\0');
  return element(tag, digits);
}

Element Reader::next() {
  auto const header = header_of(rest_);
  if (!header || rest_.size() < header->header + header->content)
    throw std::runtime_error("BER: an element is cut short");
  Element const found{byte_at(rest_, 0), rest_.substr(header->header, header->content),
                      rest_.substr(0, header->header + header->content)};
  rest_.remove_prefix(found.whole.size());
  return found;
}

std::string_view Reader::next(std::uint8_t tag) {
  auto const found = next();
  if (found.tag != tag) throw std::runtime_error("BER: another element than was asked for");
  return found.content;
}

std::int64_t Reader::number(std::uint8_t tag) {
  std::int64_t number = 0;
  for (auto const digit : next(tag)) number = number << 8 | static_cast<std::uint8_t>(digit);
  return number;
}

}  // namespace dirsync::test::ber
