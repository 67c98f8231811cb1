#pragma once
#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace dirsync {

/// SHA-256 (FIPS 180-4), fed in pieces.
class Sha256 {
 public:
  Sha256();
  /// The bytes alone.
  Sha256& update(std::string_view bytes);
  /// The length as eight bytes, most significant first, then the bytes: no two lists of fields look the same.
  Sha256& field(std::string_view bytes);
  /// 64 lower case hexadecimal digits. Starts over: what is fed next belongs to a new digest.
  std::string hex();
  /// The same as bytes.
  std::array<char, 32> bytes();

 private:
  struct Free {
    void operator()(void* context) const noexcept;
  };
  std::unique_ptr<void, Free> context_;
};

}  // namespace dirsync
