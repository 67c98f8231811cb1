#include "sync/model/secret.hpp"

#include <string.h>

#include <utility>

namespace dirsync {

void wipe(std::string& text) noexcept {
  ::explicit_bzero(text.data(), text.size());
  text.clear();
}

Secret::Secret(std::string value) : value_(std::move(value)) {}
// A moved-from short string would keep its bytes; copy and wipe instead of moving.
Secret::Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { wipe(other.value_); }
Secret& Secret::operator=(Secret other) noexcept {
  value_.swap(other.value_);
  return *this;
}
Secret::~Secret() { wipe(value_); }

}  // namespace dirsync
