#include "daemon/notify/mail_header.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "sync/model/ascii.hpp"

namespace dirsync::notify {
namespace {

constexpr std::size_t kLongestLine = 78;  // bytes; one with an encoded word: 76
/// Of an encoded word, before it is encoded: 64 bytes after it, so that "Subject: " has room on the line.
constexpr std::size_t kLongestPart = 39;

/// `name`, then the pieces, each of which stays whole.
std::string folded(std::string_view name, std::vector<std::string> const& pieces) {
  auto header = std::string{name} + ":";
  auto length = header.size();
  auto is_first = true;
  for (auto const& piece : pieces) {
    if (!is_first && length + 1 + piece.size() > kLongestLine) {
      header += "\n";
      length = 0;
    }
    header += " " + piece;
    length += 1 + piece.size();
    is_first = false;
  }
  return header + "\n";
}

std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    auto const end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::string encoded_word(std::string_view part) {
  std::string coded(4 * ((part.size() + 2) / 3) + 1, '\0');  // EVP_EncodeBlock ends with a NUL
  auto const size =
      ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(coded.data()),
                        reinterpret_cast<unsigned char const*>(part.data()), static_cast<int>(part.size()));
  coded.resize(static_cast<std::size_t>(size));
  return "=?UTF-8?B?" + coded + "?=";
}

/// No character is parted. A reader leaves out the spaces between encoded words.
std::vector<std::string> encoded_words_of(std::string_view text) {
  constexpr auto goes_on = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; };
  std::vector<std::string> words;
  while (!text.empty()) {
    auto end = std::min(kLongestPart, text.size());
    while (end > 1 && end < text.size() && goes_on(text[end])) --end;
    words.push_back(encoded_word(text.substr(0, end)));
    text.remove_prefix(end);
  }
  return words;
}

}  // namespace

std::string text_header(std::string_view name, std::string_view text) {
  return folded(name, is_ascii(text) ? words_in(text) : encoded_words_of(text));
}

std::string address_header(std::string_view name, std::vector<std::string> const& addresses) {
  auto pieces = addresses;
  for (std::size_t at = 0; at + 1 < pieces.size(); ++at) pieces[at] += ",";
  return folded(name, pieces);
}

}  // namespace dirsync::notify
