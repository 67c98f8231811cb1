#include "sync/console/write/password.hpp"

#include <openssl/rand.h>

#include <string>
#include <string_view>
#include <utility>

#include "sync/console/api/errors.hpp"

namespace dirsync::console {
namespace {
constexpr std::size_t kLength = 20;
constexpr std::string_view kClasses[] = {"0123456789", "abcdefghijklmnopqrstuvwxyz",
                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "@#$*!^"};
constexpr std::string_view kAll = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@#$*!^";

/// Every number below `end` is equally likely. Nothing: the system gives no random numbers.
std::optional<std::size_t> random_below(std::size_t end) {
  auto const usable = 256 - 256 % end;
  for (;;) {
    unsigned char byte = 0;
    if (RAND_bytes(&byte, 1) != 1) return {};
    if (byte < usable) return byte % end;
  }
}

/// Appends a character of `letters`.
bool add_one_of(std::string_view letters, std::string& text) {
  auto const at = random_below(letters.size());
  if (at) text.push_back(letters[*at]);
  return at.has_value();
}

bool shuffle(std::string& text) {
  for (auto left = text.size(); left > 1; --left) {
    auto const at = random_below(left);
    if (!at) return false;
    std::swap(text[left - 1], text[*at]);
  }
  return true;
}
}  // namespace

Result<Secret> random_password() {
  std::string text;
  text.reserve(kLength);
  bool good = true;
  for (auto const letters : kClasses) good = good && add_one_of(letters, text);
  while (good && text.size() < kLength) good = add_one_of(kAll, text);
  good = good && shuffle(text);
  Secret password{std::move(text)};
  if (!good)
    return Error{ConsoleErrc::bad_settings,
                 "the system gives no random numbers for a password; "
                 "run `dirsyncd` where OpenSSL has a source of them"};
  return password;
}

}  // namespace dirsync::console
